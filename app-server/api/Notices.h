// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"
#include "Rows.h"

#include <server/access/Sessions.h>
#include <server/sessions/Presence.h>

namespace platen::api {

/// Which permission a topic needs.
model::Permission permissionFor(Topic topic);

/// Makes the parameters of notifications, for a session that may see them at that moment. Lives as long as the program.
class Notices {
public:
    Notices(access::Sessions& sessions, store::DeviceQueries& devices, store::AgentQueries& agents,
        const sessions::Presence& presence, const Clock& clock);

    /// Of devices.changed: {"rows": […]}, or {"reload": true} when a device is no longer there. Fails with NotAuthenticated or
    /// PermissionDenied when the session has ended or lost the right, or with StorageFailed.
    QCoro::Task<Result<QJsonObject>> devices(QByteArray tokenHash, QList<qint64> ids);

    /// Of devices.changed: {"reload": true}.
    QCoro::Task<Result<QJsonObject>> reload(QByteArray tokenHash);

    /// Of agents.changed, and the result of agents.list: {"agents": […]}.
    QCoro::Task<Result<QJsonObject>> agents(QByteArray tokenHash);

    /// The same for a caller whose right has been checked.
    QCoro::Task<Result<QJsonObject>> agentList();

private:
    QCoro::Task<Status> check(QByteArray tokenHash, Topic topic);

    access::Sessions& m_sessions;
    store::DeviceQueries& m_devices;
    store::AgentQueries& m_agents;
    const sessions::Presence& m_presence;
    const Clock& m_clock;
};

} // namespace platen::api
