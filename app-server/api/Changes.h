// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <server/ingest/Events.h>
#include <server/sessions/Presence.h>
#include <server/store/AgentQueries.h>

#include <QSet>
#include <QTimer>

namespace platen::api {

/// What consoles are told of: the events of ingest, and those that no event tells of, because time alone makes an agent
/// silent and its devices offline. Main thread, lives as long as the program.
class Changes : public QObject {
    Q_OBJECT

public:
    Changes(const ingest::Events& events, store::AgentQueries& agents, const sessions::Presence& presence,
        const Clock& clock);

signals:
    void deviceChanged(qint64 id);
    void allDevicesChanged(); ///< too many to name: an agent fell silent or came back
    void agentsChanged();

private:
    void lookForSilence();

    store::AgentQueries& m_agents;
    const sessions::Presence& m_presence;
    const Clock& m_clock;
    QTimer m_timer;
    QTimer m_soon; ///< after an agent changed
    QSet<QByteArray> m_silent;
};

} // namespace platen::api
