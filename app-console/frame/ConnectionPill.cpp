// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionPill.h"

#include <console/session/ServerAddress.h>
#include <console/session/ServerConnection.h>
#include <widgets/Icons.h>
#include <widgets/RelativeTime.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

using widgets::Ink;

ConnectionPill::ConnectionPill(ServerConnection& server, QWidget* parent)
    : QToolButton(parent)
    , m_server(server)
{
    setObjectName(u"connectionPill"_s);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIconSize({14, 14});
    m_second.setInterval(1s);
    connect(&m_second, &QTimer::timeout, this, &ConnectionPill::update);
    connect(&server, &ServerConnection::stateChanged, this, &ConnectionPill::update);
    connect(this, &QToolButton::clicked, &server, &ServerConnection::retryNow);
    update();
}

void ConnectionPill::update()
{
    const QString since = widgets::exactTime(m_server.lostAt());
    switch (m_server.state()) {
    case ServerConnection::State::LoggedIn:
        setIcon(widgets::icon(u"state-ready"_s, Ink::Ok));
        setText(u' ' + tr("Connected"));
        setToolTip(tr("Connected to %1 (%2)").arg(shownAddress(m_server.server()), m_server.transport()));
        break;
    case ServerConnection::State::Open:
    case ServerConnection::State::Connecting:
        setIcon(widgets::icon(u"state-warmup"_s, Ink::Attention));
        setText(u' ' + tr("Connecting …"));
        setToolTip(tr("Connecting to %1").arg(shownAddress(m_server.server())));
        break;
    case ServerConnection::State::Waiting:
        setIcon(widgets::icon(u"state-attention"_s, Ink::Attention));
        setText(u' ' + tr("Reconnecting in %1 s").arg(m_server.retryIn().count()));
        setToolTip(tr("Offline since %1. Click to try now.").arg(since));
        break;
    case ServerConnection::State::Closed:
        setIcon(widgets::icon(u"state-offline"_s, Ink::Offline));
        setText(u' ' + tr("Offline"));
        setToolTip({});
        break;
    }
    setAccessibleName(text().trimmed());
    if (m_server.state() == ServerConnection::State::Waiting)
        m_second.start();
    else
        m_second.stop();
}

} // namespace platen::console
