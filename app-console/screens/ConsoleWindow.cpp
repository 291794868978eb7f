// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConsoleWindow.h"

#include "Catalogue.h"

#include <console/frame/Frame.h>
#include <console/screens/login/LoginScreen.h>
#include <console/session/ServerConnection.h>
#include <console/session/Settings.h>
#include <widgets/Icons.h>

#include <QCloseEvent>
#include <QJsonArray>
#include <QScreen>
#include <QSettings>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace platen::console {

ConsoleWindow::ConsoleWindow(ServerConnection& server, CertificateStore& certificates, widgets::Theme& theme, QSettings& settings)
    : m_server(server)
    , m_theme(theme)
    , m_settings(settings)
    , m_pages(new QStackedWidget)
    , m_login(new LoginScreen(server, certificates, settings))
{
    setWindowTitle(u"Platen"_s);
    setWindowIcon(widgets::icon(u"mark"_s));
    setCentralWidget(m_pages);
    setMinimumSize(880, 560);
    m_pages->addWidget(m_login);
    if (!restoreGeometry(settings.value(settings::window).toByteArray()))
        resize(QSize(1440, 900).boundedTo(screen()->availableSize()));
    connect(&server, &ServerConnection::loggedIn, this, &ConsoleWindow::enter);
    connect(&server, &ServerConnection::sessionEnded, this, &ConsoleWindow::leave);
}

// Also after every reconnection: then the screens are there and only read anew.
void ConsoleWindow::enter()
{
    if (!m_frame) {
        m_frame = new Frame({m_server, m_settings}, m_theme, catalogue());
        m_pages->addWidget(m_frame);
        m_pages->setCurrentWidget(m_frame);
        connect(m_frame, &Frame::logoutRequested, this, [this] { QCoro::connect(m_server.logout(), this, [](const Status&) {}); });
        emit frameShown();
    }
    QCoro::connect(m_server.call(u"subscribe"_s, {{u"topics"_s, QJsonArray{u"devices"_s, u"agents"_s}}}), this, [](const Result<QJsonObject>&) {});
    for (const QString& id : m_frame->screenIds())
        m_frame->screen(id)->refresh();
}

void ConsoleWindow::leave(ErrorCode why)
{
    m_pages->setCurrentWidget(m_login);
    if (m_frame) {
        m_frame->deleteLater();
        m_frame = nullptr;
    }
    m_login->sayWhy(why);
}

void ConsoleWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setValue(settings::window, saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace platen::console
