// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QToolButton>

namespace platen::console {

class ServerConnection;

/// Says how the line to the server is: connected (by which transport on hover), reconnecting with a countdown, or offline. A
/// click tries again at once.
class ConnectionPill final : public QToolButton {
    Q_OBJECT

public:
    explicit ConnectionPill(ServerConnection& server, QWidget* parent = nullptr);

private:
    void update();

    ServerConnection& m_server;
    QTimer m_second;
};

} // namespace platen::console
