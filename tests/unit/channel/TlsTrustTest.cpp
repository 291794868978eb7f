// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/TlsTrust.h>
#include <crypto/Crypto.h>
#include <http/Certificate.h>
#include <testkit/Program.h>

#include <QSslEllipticCurve>
#include <QTest>

using namespace Qt::StringLiterals;

namespace platen::channel {

class TlsTrustTest : public QObject {
    Q_OBJECT

    QSslCertificate m_certificate;
    QByteArray m_spki;
    const QList<QSslError> m_complaints{QSslError(QSslError::SelfSignedCertificate)};

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start().has_value());
        const auto pair = http::selfSigned({u"127.0.0.1"_s}).value();
        m_certificate = QSslCertificate(pair.certificatePem);
        m_spki = http::spkiSha256(pair.certificatePem).value();
    }

    void seesTheKeyAsTheServerNamesIt()
    {
        const PeerCertificate seen = PeerCertificate::from(m_certificate, false);
        QCOMPARE(seen.spkiSha256, m_spki);
        QCOMPARE(seen.fingerprint, m_certificate.digest(QCryptographicHash::Sha256));
        QCOMPARE(seen.subject, u"127.0.0.1"_s);
    }

    void believesAuthorities()
    {
        QVERIFY(TlsTrust::publicAuthorities().judge(m_certificate, {}).has_value());
        const Status status = TlsTrust::publicAuthorities().judge(m_certificate, m_complaints);
        QCOMPARE(status.error().code, ErrorCode::CertificateRefused);
        QVERIFY(status.error().detail.contains(fingerprintText(m_certificate.digest(QCryptographicHash::Sha256))));
    }

    void believesAPinAndNothingElse()
    {
        QVERIFY(TlsTrust::pinned(m_spki).judge(m_certificate, m_complaints).has_value());

        const QByteArray old(32, 'x');
        const Status changed = TlsTrust::pinned(old).judge(m_certificate, {});
        QCOMPARE(changed.error().code, ErrorCode::CertificateRefused);
        QVERIFY(changed.error().detail.contains(fingerprintText(old)));
        QVERIFY(changed.error().detail.contains(fingerprintText(m_spki)));

        QVERIFY(!TlsTrust::pinned({}).judge(m_certificate, {}).has_value());
        QVERIFY(!TlsTrust::pinned(m_spki.left(16)).judge(m_certificate, {}).has_value());
        QVERIFY(!TlsTrust::pinned(m_spki).judge(QSslCertificate(), {}).has_value());
    }

    void believesAnyoneAtFirstContact()
    {
        QVERIFY(TlsTrust::firstContact().judge(m_certificate, m_complaints).has_value());
        QVERIFY(!TlsTrust::firstContact().judge(QSslCertificate(), {}).has_value());
    }

    void sparesThePostQuantumExchangeWhenTold()
    {
        QVERIFY(TlsTrust::pinned(m_spki).configuration().ellipticCurves().isEmpty()); // the library's choice
        const auto curves = TlsTrust::pinned(m_spki).sparing().configuration().ellipticCurves();
        QCOMPARE(curves.size(), 2);
        for (const QSslEllipticCurve& curve : curves)
            QVERIFY(curve.isValid());
    }

    void judgesAddresses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("tlsOnly"); ///< the error's name, or nothing
        QTest::addColumn<QString>("plainToo");
        const QString fine, denied = u"permissionDenied"_s, invalid = u"invalidInput"_s;
        QTest::newRow("https") << u"https://a:8443"_s << fine << fine;
        QTest::newRow("wss") << u"wss://a:8443/a/v2/socket"_s << fine << fine;
        QTest::newRow("http") << u"http://a"_s << denied << fine;
        QTest::newRow("ws") << u"ws://a"_s << denied << fine;
        QTest::newRow("no host") << u"https://"_s << invalid << invalid;
        QTest::newRow("no scheme") << u"printers.example"_s << invalid << invalid;
        QTest::newRow("another scheme") << u"ftp://a"_s << invalid << invalid;
        QTest::newRow("nothing") << QString() << invalid << invalid;
        QTest::newRow("with a password") << u"https://me:secret@a"_s << invalid << invalid;
    }

    void judgesAddresses()
    {
        QFETCH(QString, url);
        QFETCH(QString, tlsOnly);
        QFETCH(QString, plainToo);
        const auto name = [](const Status& status) { return status ? QString() : nameOf(status.error().code); };
        const Status strict = TlsTrust().allows(QUrl(url));
        QCOMPARE(name(strict), tlsOnly);
        QCOMPARE(name(TlsTrust().withPlain(true).allows(QUrl(url))), plainToo);
        if (!strict)
            QVERIFY2(!strict.error().detail.contains("secret"_L1), "a password in a log");
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::TlsTrustTest)
#include "TlsTrustTest.moc"
