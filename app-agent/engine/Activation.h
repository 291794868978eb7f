// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DataFolder.h"
#include "Enrolment.h"
#include "Settings.h"

#include <base/Clock.h>
#include <channel/HttpPoster.h>
#include <crypto/Activation.h>
#include <crypto/Pin.h>
#include <protocol/Messages.h>

#include <QCoro/QCoroTask>

namespace platen::agent {

/// One activation (PROTOCOL.md §2): from a PIN to a key file that run() can use. One run for each PIN typed, never repeated by itself.
/// Whatever fails leaves the folder as it was, and the PIN usable unless it was wrong. That the first greeting got no answer is no
/// failure: the server may have heard it and used up the PIN, so the key stays and the agent greets again when it runs.
class Activation {
public:
    struct Order {
        QUrl server;
        crypto::Pin pin;
        QString name; ///< what the site calls this agent; may be empty
    };

    /// `settings` say whether plain HTTP is allowed and which proxy leads out. Must outlive its task; so must `clock`.
    Activation(DataFolder folder, const Settings& settings, const Clock& clock = Clock::system());

    /// M1 to M5. The errors are sentences for the one who typed the PIN.
    QCoro::Task<Result<Enrolment>> run(Order order);

private:
    struct Exchange;

    QCoro::Task<Status> exchange(std::shared_ptr<Exchange> exchange);
    QCoro::Task<Result<channel::HttpPoster::Answer>> confirm(std::shared_ptr<Exchange> exchange, QByteArray m3);
    Status judgeCertificate(const Exchange& exchange, const protocol::ActivationBox& box, Enrolment& enrolment) const;
    QCoro::Task<Status> greet(Enrolment enrolment);

    DataFolder m_folder;
    bool m_allowPlainHttp;
    channel::Proxy m_proxy;
    const Clock& m_clock;
};

} // namespace platen::agent
