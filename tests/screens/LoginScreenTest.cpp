// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>

#include "Console.h"

#include <QLabel>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::test;

class LoginScreenTest : public QObject {
    Q_OBJECT

private slots:
    void logsInAndShowsTheFirstScreen()
    {
        FakeServer fake(20);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside(); }));
        QCOMPARE(console.find<QLabel>("pageTitle")->text(), u"Devices"_s);
        QCOMPARE(console.settings.value("userName").toString(), u"ada"_s);
        QVERIFY(console.settings.value("server").toString().contains("127.0.0.1"_L1));
    }

    void neverStoresThePassword()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.isInside(); }));
        console.settings.sync();
        QFile file(console.settings.fileName());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("correct"));
        QVERIFY(console.find<QLineEdit>("password")->text().isEmpty());
    }

    void saysNextToTheFieldThatThePasswordIsWrong()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        Console console;
        console.logIn(fake, u"wrong"_s);
        QVERIFY(eventually([&] { return console.find<QLabel>("passwordError")->isVisible(); }));
        QVERIFY(!console.isInside());
        QVERIFY(console.find<QLabel>("passwordError")->text().contains("not right"_L1));
        QCOMPARE(console.find<QLineEdit>("server")->text(), fake.url().toString(QUrl::RemovePath)); // nothing typed is lost
        console.picture("login-wrong");
    }

    void saysHowLongToWaitAfterTooManyAttempts()
    {
        FakeServer fake(3);
        QVERIFY(fake.listen());
        fake.failNext(u"login"_s, u"tooManyAttempts"_s);
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.find("loginBanner")->isVisible(); }));
        QVERIFY(console.find("loginBanner")->accessibleName().contains("42"_L1));
    }

    void saysThatTheServerCannotBeReached()
    {
        FakeServer fake(1);
        QVERIFY(fake.listen());
        fake.stop();
        Console console;
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.find<QLabel>("serverError")->isVisible(); }));
        QVERIFY(console.find<QLabel>("serverError")->text().contains("cannot be reached"_L1));
    }

    void asksForWhatIsMissing()
    {
        Console console;
        console.click("logIn");
        QVERIFY(console.find<QLabel>("serverError")->isVisible());
        QVERIFY(console.find<QLabel>("nameError")->isVisible());
        QVERIFY(console.find<QLabel>("passwordError")->isVisible());
        QVERIFY(!console.find<QLabel>("plainWarning")->isVisible());
    }

    void warnsThatAPlainConnectionCanBeRead()
    {
        Console console;
        console.type("server", u"http://printers.example.com"_s);
        QVERIFY(console.find<QLabel>("plainWarning")->isVisible());
        console.type("server", u"printers.example.com"_s);
        QVERIFY(!console.find<QLabel>("plainWarning")->isVisible());
    }

    void showsAnUnknownCertificateOnceAndTrustsIt()
    {
        const http::CertificatePair pair = makeCertificate();
        const QString fingerprint = console::shownFingerprint(http::fingerprintSha256(pair.certificatePem).value(), true);
        FakeServer fake(5);
        QVERIFY(fake.listen(pair.certificatePem, pair.keyPem.reveal()));
        {
            Console console;
            console.logIn(fake);
            QVERIFY(eventually([&] { return console.find("certificatePanel")->isVisible(); }));
            QVERIFY(!console.isInside());
            QCOMPARE(fake.calls(u"login"_s), 0); // the password has not left
            QCOMPARE(console.find<QLabel>("newFingerprint")->text(), fingerprint);
            QVERIFY(!console.find("forgetCertificate")->isVisible());
            console.picture("login-certificate");
            console.click("trustCertificate");
            QVERIFY(eventually([&] { return console.isInside(); }));
            console.window.close();

            QSettings again(console.settings.fileName(), QSettings::IniFormat);
            console::CertificateStore store(again);
            console::ServerConnection second(store);
            QVERIFY(wait(second.open(fake.url())).has_value()); // not asked again
        }
    }

    void refusesAChangedCertificateAndShowsBothFingerprints()
    {
        const http::CertificatePair pair = makeCertificate();
        FakeServer fake(5);
        QVERIFY(fake.listen(pair.certificatePem, pair.keyPem.reveal()));
        Console console;
        const QByteArray old = QByteArray(32, '\x5a');
        console.certificates.trust(fake.url(), old);
        console.logIn(fake);
        QVERIFY(eventually([&] { return console.find("certificatePanel")->isVisible(); }));
        QCOMPARE(fake.calls(u"login"_s), 0);
        QVERIFY(!console.find("trustCertificate")->isVisible());
        QCOMPARE(console.find<QLabel>("oldFingerprint")->text(), console::shownFingerprint(old, true));
        QCOMPARE(console.find<QLabel>("newFingerprint")->text(), console::shownFingerprint(http::fingerprintSha256(pair.certificatePem).value(), true));
        console.picture("login-changed");

        // Forgetting leads to the question of a first contact, not inside.
        console.click("forgetCertificate");
        QVERIFY(eventually([&] { return console.find("trustCertificate")->isVisible(); }));
        QVERIFY(!console.isInside());
    }
};

PLATEN_TEST(LoginScreenTest)
#include "LoginScreenTest.moc"
