// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DataFolder.h"
#include "Enrolment.h"
#include "Settings.h"

#include <base/Clock.h>

#include <QCoro/QCoroTask>

namespace platen::agent {

/// The end of an agent at its own site: the server destroys the key (channel/Leave.h), then the site does. What was learnt of the
/// printers goes as well, so that the folder can be activated again; settings stay. The agent must not run.
class Deactivation {
public:
    /// What the server said.
    enum class Farewell {
        Destroyed, ///< it proved that it destroyed the key
        Unknown, ///< it takes nothing from this agent: deactivated there, expired, or not known; not proven
    };

    Deactivation(DataFolder folder, const Settings& settings, const Clock& clock = Clock::system());

    /// Envelopes in the spool, which nobody can read any more once the key is gone.
    qsizetype unsent() const;

    /// Tells the server. Fails with what HttpPoster says, or NetworkFailed; nothing is changed here in any case.
    QCoro::Task<Result<Farewell>> tell(Enrolment enrolment);

    /// Destroys the key, first, then state and spool. Fails with StorageFailed; may be called again.
    Status forget();

private:
    DataFolder m_folder;
    QUrl m_serverUrl;
    bool m_allowPlainHttp;
    channel::Proxy m_proxy;
    const Clock& m_clock;
};

} // namespace platen::agent
