// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <console/frame/Frame.h>
#include <console/screens/ConsoleWindow.h>
#include <console/screens/login/LoginScreen.h>
#include <console/session/ServerConnection.h>
#include <http/Certificate.h>
#include <testkit/FakeServer.h>
#include <testkit/Wait.h>
#include <widgets/Theme.h>

#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

namespace platen::test {

/// The whole console as a person has it, with settings of its own; widgets are reached by their names.
class Console {
public:
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("console.ini")), QSettings::IniFormat};
    console::CertificateStore certificates{settings};
    widgets::Theme theme{*qApp, widgets::Theme::Choice::Light};
    console::ServerConnection server{certificates};
    console::ConsoleWindow window{server, certificates, theme, settings};

    Console()
    {
        window.resize(1440, 900);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window does not become active");
    }

    template <typename W = QWidget>
    W* find(const char* name) const
    {
        W* widget = window.findChild<W*>(QLatin1StringView(name).toString());
        if (!widget)
            qFatal("there is no widget %s", name);
        return widget;
    }

    void type(const char* field, const QString& text) const
    {
        auto* edit = find<QLineEdit>(field);
        edit->clear();
        QTest::keyClicks(edit, text);
    }

    void click(const char* button) const { QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton); }

    void logIn(const FakeServer& fake, const QString& password = QStringLiteral("correct horse")) const
    {
        type("server", fake.url().toString(QUrl::RemovePath));
        type("name", QStringLiteral("ada"));
        type("password", password);
        QTest::keyClick(find<QLineEdit>("password"), Qt::Key_Return);
    }

    bool isInside() const { return window.frame() != nullptr; }

    /// Saves a picture when PLATEN_PICTURES names a folder: how the manual gets its states.
    void picture(const char* name)
    {
        if (const QString to = qEnvironmentVariable("PLATEN_PICTURES"); !to.isEmpty()) {
            QTest::qWait(300);
            window.grab().save(to + u'/' + QLatin1StringView(name) + QStringLiteral(".png"));
        }
    }
};

/// A server's certificate made for this test.
inline http::CertificatePair makeCertificate() { return http::selfSigned({QStringLiteral("127.0.0.1")}).value(); }

} // namespace platen::test
