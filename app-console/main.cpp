// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <console/screens/ConsoleWindow.h>
#include <console/screens/login/LoginScreen.h>
#include <console/session/ServerConnection.h>
#include <console/session/Settings.h>
#include <console/start/Languages.h>
#include <console/start/Picture.h>
#include <console/start/StartOptions.h>

#include <QApplication>
#include <QSettings>
#include <QTemporaryFile>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::console;
using widgets::Theme;

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setOrganizationName(u"Platen"_s);
    QApplication::setApplicationName(u"Console"_s);
    QApplication::setApplicationVersion(QStringLiteral(PLATEN_VERSION));
    QApplication::setDesktopFileName(u"platen-console"_s);
    const Result<StartOptions> options = StartOptions::parse(QApplication::arguments());
    if (!options) {
        std::fprintf(stderr, "platen-console: %s\n", qUtf8Printable(options.error().detail));
        return 1;
    }
    speakUsersLanguage(application);

    QTemporaryFile nothingRemembered; // a picture shows the console as it comes
    nothingRemembered.open();
    QSettings own;
    QSettings fresh(nothingRemembered.fileName(), QSettings::IniFormat);
    QSettings& settings = options->picture.isEmpty() ? own : fresh;

    const QString remembered = settings.value(settings::theme).toString();
    const Theme::Choice theme = remembered == "dark"_L1 ? Theme::Choice::Dark : remembered == "light"_L1 ? Theme::Choice::Light : Theme::Choice::System;
    Theme look(application, options->theme.value_or(theme));

    CertificateStore certificates(settings);
    if (!options->fingerprint.isEmpty())
        certificates.trust(options->server, options->fingerprint);
    ServerConnection server(certificates);
    ConsoleWindow window(server, certificates, look, settings);
    if (!options->serverTyped.isEmpty())
        window.login()->setServer(options->serverTyped);
    if (!options->user.isEmpty())
        window.login()->setName(options->user);
    if (!options->picture.isEmpty())
        new Picture(window, server, *options); // belongs to the window
    window.show();
    if (!options->token.isEmpty() && !(options->screen == "login"_L1 && !options->picture.isEmpty()))
        window.login()->goOn(options->token);
    return QApplication::exec();
}
