// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Edge.h"

namespace platen::http {

/// Who answers which path. Filled on the Edge's thread before the network's threads start, only read after.
class Routes {
public:
    struct Route {
        QByteArray method; ///< empty: a WebSocket
        QByteArray path;
        Edge::Handler handler;
        Edge::SocketHandler socketHandler;
        bool isPatient = false; ///< its answers come when there is news; they are no sign that the application is behind
    };

    struct Match {
        int route = -1; ///< index, or −1
        int status = 0; ///< when −1: 404, 405, or 426 for a plain request where a WebSocket lives
    };

    void add(Route route);
    Match find(QByteArrayView method, QByteArrayView path, bool upgrade) const;
    const Route& at(int index) const { return m_routes.at(index); }

private:
    QList<Route> m_routes;
};

} // namespace platen::http
