// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Changes.h"

#include "Log.h"

#include <server/store/DeviceQueries.h>

using namespace std::chrono_literals;

namespace platen::api {

Changes::Changes(
    const ingest::Events& events, store::AgentQueries& agents, const sessions::Presence& presence, const Clock& clock)
    : m_agents(agents)
    , m_presence(presence)
    , m_clock(clock)
{
    connect(&events, &ingest::Events::deviceChanged, this, &Changes::deviceChanged);
    connect(&events, &ingest::Events::agentChanged, this, [this] {
        emit agentsChanged();
        if (!m_soon.isActive()) // thousands may come back at once
            m_soon.start(1s);
    });
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &Changes::lookForSilence);
    m_timer.setInterval(60s);
    connect(&m_timer, &QTimer::timeout, this, &Changes::lookForSilence);
    m_timer.start();
}

void Changes::lookForSilence()
{
    QCoro::connect(m_agents.silentSince(m_clock.now() - store::agentSilentAfter), this,
        [this](const Result<QSet<QByteArray>>& found) {
            if (!found) {
                qCWarning(lcApi) << "cannot tell which agents are silent:" << found.error();
                return;
            }
            QSet<QByteArray> silent = *found;
            for (const QByteArray& connected : m_presence.connected())
                silent.remove(connected);
            if (silent == m_silent)
                return;
            m_silent = silent;
            emit allDevicesChanged();
            emit agentsChanged();
        });
}

} // namespace platen::api
