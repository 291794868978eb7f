// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Error.h>
#include <console/session/CertificateStore.h>
#include <widgets/Theme.h>

#include <QMainWindow>

class QSettings;
class QStackedWidget;

namespace platen::console {

class Frame;
class LoginScreen;
class ServerConnection;

/// The console's window: the login, and the frame with its screens while somebody is logged in.
class ConsoleWindow final : public QMainWindow {
    Q_OBJECT

public:
    ConsoleWindow(ServerConnection& server, CertificateStore& certificates, widgets::Theme& theme, QSettings& settings);

    LoginScreen* login() const { return m_login; }
    Frame* frame() const { return m_frame; } ///< null while nobody is logged in

signals:
    void frameShown();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void enter();
    void leave(ErrorCode why);

    ServerConnection& m_server;
    widgets::Theme& m_theme;
    QSettings& m_settings;
    QStackedWidget* m_pages;
    LoginScreen* m_login;
    Frame* m_frame = nullptr;
};

} // namespace platen::console
