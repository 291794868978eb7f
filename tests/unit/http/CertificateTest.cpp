// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <http/Certificate.h>
#include <testkit/Program.h>

#include <QSslCertificate>
#include <QSslKey>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace std::chrono_literals;

namespace platen {

class CertificateTest : public QObject {
    Q_OBJECT

    const Result<http::CertificatePair> m_pair = http::selfSigned({u"printers.example"_s, u"10.0.0.5"_s, u"fd00::5"_s});
    QSslCertificate m_certificate;

private slots:
    void initTestCase()
    {
        QVERIFY(m_pair.has_value());
        m_certificate = QSslCertificate(m_pair->certificatePem);
        QVERIFY(!m_certificate.isNull());
    }

    void isForItsNames()
    {
        const auto names = m_certificate.subjectAlternativeNames();
        QCOMPARE(names.values(QSsl::DnsEntry), QStringList{u"printers.example"_s});
        QStringList addresses = names.values(QSsl::IpAddressEntry);
        addresses.sort();
        QCOMPARE(addresses, (QStringList{u"10.0.0.5"_s, u"fd00::5"_s}));
        QCOMPARE(m_certificate.subjectInfo(QSslCertificate::CommonName), QStringList{u"printers.example"_s});
    }

    void livesForTenYears()
    {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QVERIFY(m_certificate.effectiveDate() < now);
        QCOMPARE(m_certificate.effectiveDate().secsTo(m_certificate.expiryDate()) / 86'400, 3650); // begins an hour back: maybe yesterday
    }

    void hasAKeyOnP256()
    {
        const QSslKey key(m_pair->keyPem.reveal(), QSsl::Ec);
        QCOMPARE(key.length(), 256);
        QCOMPARE(m_certificate.publicKey().algorithm(), QSsl::Ec);
    }

    void namesItsKeyAsClientsDo()
    {
        const QByteArray spki = QCryptographicHash::hash(m_certificate.publicKey().toDer(), QCryptographicHash::Sha256);
        QCOMPARE(http::spkiSha256(m_pair->certificatePem).value(), spki);
        QCOMPARE(http::fingerprintSha256(m_pair->certificatePem).value(), m_certificate.digest(QCryptographicHash::Sha256));
    }

    void isNeverTheSameTwice()
    {
        const auto other = http::selfSigned({u"printers.example"_s});
        QVERIFY(http::spkiSha256(other->certificatePem).value() != http::spkiSha256(m_pair->certificatePem).value());
        QVERIFY(QSslCertificate(other->certificatePem).serialNumber() != m_certificate.serialNumber());
    }

    void isNotMadeForNonsense_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("empty") << QStringList{QString()};
        QTest::newRow("a configuration injected") << QStringList{u"a,IP:1.2.3.4"_s};
        QTest::newRow("a line break") << QStringList{u"a\nb"_s};
        QTest::newRow("not Latin") << QStringList{u"büro.example"_s};
    }

    void isNotMadeForNonsense()
    {
        QFETCH(QStringList, names);
        QCOMPARE(http::selfSigned(names).error().code, ErrorCode::InvalidInput);
    }

    void isAcceptedWithItsKey()
    {
        QVERIFY(http::checkPair(m_pair->certificatePem, m_pair->keyPem).has_value());
    }

    void isRefusedInClearWords_data()
    {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QString>("sentence");
        const QByteArray certificate = m_pair->certificatePem;
        const QByteArray key = m_pair->keyPem.reveal();
        QByteArray damaged = certificate;
        damaged.replace(damaged.size() / 2, 8, "????????");
        QTest::newRow("no certificate") << QByteArray("hello") << key << u"certificate cannot be read"_s;
        QTest::newRow("a damaged certificate") << damaged << key << u"certificate cannot be read"_s;
        QTest::newRow("no key") << certificate << QByteArray() << u"key cannot be read"_s;
        QTest::newRow("a public key") << certificate << m_certificate.publicKey().toPem() << u"key cannot be read"_s;
        QTest::newRow("another key") << certificate << Secret(http::selfSigned({u"a"_s})->keyPem).reveal() << u"does not belong"_s;
    }

    void isRefusedInClearWords()
    {
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, key);
        QFETCH(QString, sentence);
        const Status status = http::checkPair(certificate, Secret(key));
        QCOMPARE(status.error().code, ErrorCode::CertificateRefused);
        QVERIFY2(status.error().detail.contains(sentence), qPrintable(status.error().detail));
    }

    void isValidInItsTimeOnly()
    {
        const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        QVERIFY(http::checkValidity(m_pair->certificatePem, now).has_value());
        QVERIFY(http::checkValidity(m_pair->certificatePem, now - 2h).error().detail.contains("not valid yet"_L1));
        QVERIFY(http::checkValidity(m_pair->certificatePem, now + std::chrono::days(3660)).error().detail.contains("expired"_L1));
    }
};

} // namespace platen

PLATEN_TEST(platen::CertificateTest)
#include "CertificateTest.moc"
