// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/HttpPoster.h>
#include <crypto/Crypto.h>
#include <http/Certificate.h>
#include <http/Edge.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using test::wait;

class HttpPosterTest : public QObject {
    Q_OBJECT

    http::CertificatePair m_pair;
    QByteArray m_spki;
    http::Edge m_edge;
    quint16 m_plainPort = 0;
    int m_asked = 0;

    QUrl tlsUrl(const QString& path) const { return QUrl(u"https://127.0.0.1:%1%2"_s.arg(m_edge.port()).arg(path)); }
    QUrl plainUrl(const QString& path) const { return QUrl(u"http://127.0.0.1:%1%2"_s.arg(m_plainPort).arg(path)); }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.http=false"_s);
        QVERIFY(crypto::start().has_value());
        m_pair = http::selfSigned({u"127.0.0.1"_s}).value();
        m_spki = http::spkiSha256(m_pair.certificatePem).value();
        const auto answer = [this](const QByteArray& path, const http::Response& response) {
            m_edge.route("POST", path, [this, response](const http::Request&, const http::Reply& reply) {
                ++m_asked;
                reply(response);
            });
        };
        m_edge.route("POST", "/echo", [this](const http::Request& request, const http::Reply& reply) {
            ++m_asked;
            reply({200, request.header("content-type"), request.body, {}});
        });
        answer("/refused", {403, "application/cbor", "no", {}});
        answer("/moved", {307, {}, {}, {{"Location", "/echo"}}});
        answer("/large", {200, {}, QByteArray(100'000, 'x'), {}});
        http::Edge::Settings settings;
        QVERIFY(m_edge.listen(settings).has_value());
        m_plainPort = m_edge.port();
        settings.certificatePem = m_pair.certificatePem;
        settings.keyPem = m_pair.keyPem;
        QVERIFY(m_edge.listen(settings).has_value());
    }

    void init() { m_asked = 0; }

    void getsAnAnswerAndSeesTheCertificate()
    {
        HttpPoster poster(TlsTrust::firstContact());
        for (int i = 0; i < 2; ++i) { // the second on the same connection
            const auto answer = wait(poster.post(tlsUrl(u"/echo"_s), "application/cbor", "hello"));
            QVERIFY(answer.has_value());
            QCOMPARE(answer->status, 200);
            QCOMPARE(answer->contentType, "application/cbor"_ba);
            QCOMPARE(answer->body, "hello"_ba);
            QCOMPARE(answer->certificate->spkiSha256, m_spki);
            QVERIFY(!answer->certificate->isPubliclyTrusted);
        }
    }

    void handsOnARefusal()
    {
        HttpPoster poster(TlsTrust::pinned(m_spki));
        const auto answer = wait(poster.post(tlsUrl(u"/refused"_s), "application/cbor", "hello"));
        QCOMPARE(answer->status, 403);
        QCOMPARE(answer->body, "no"_ba);
    }

    void followsNoRedirect()
    {
        HttpPoster poster(TlsTrust().withPlain(true));
        const auto answer = wait(poster.post(plainUrl(u"/moved"_s), "application/cbor", "hello"));
        QCOMPARE(answer->status, 307);
        QCOMPARE(m_asked, 1);
        QVERIFY(!answer->certificate);
    }

    void refusesALargeAnswer()
    {
        HttpPoster::Limits limits;
        limits.answerBytes = 99'999;
        HttpPoster poster(TlsTrust().withPlain(true), limits);
        QCOMPARE(wait(poster.post(plainUrl(u"/large"_s), "a/b", "x")).error().code, ErrorCode::LimitExceeded);
        limits.answerBytes = 100'000;
        HttpPoster other(TlsTrust().withPlain(true), limits);
        QCOMPARE(wait(other.post(plainUrl(u"/large"_s), "a/b", "x"))->body.size(), 100'000);
    }

    void refusesCertificatesBeforeItSpeaks()
    {
        HttpPoster publicOnly{TlsTrust()};
        QCOMPARE(wait(publicOnly.post(tlsUrl(u"/echo"_s), "a/b", "x")).error().code, ErrorCode::CertificateRefused);
        HttpPoster pinned(TlsTrust::pinned(QByteArray(32, 'o')));
        const auto changed = wait(pinned.post(tlsUrl(u"/echo"_s), "a/b", "x"));
        QCOMPARE(changed.error().code, ErrorCode::CertificateRefused);
        QVERIFY(changed.error().detail.contains(fingerprintText(m_spki)));
        QCOMPARE(m_asked, 0);
    }

    void usesPlainOnlyWhenAllowed()
    {
        HttpPoster poster{TlsTrust()};
        QCOMPARE(wait(poster.post(plainUrl(u"/echo"_s), "a/b", "x")).error().code, ErrorCode::PermissionDenied);
        QCOMPARE(m_asked, 0);
    }

    void givesUpOnOneThatDoesNotAnswer()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        HttpPoster::Limits limits;
        limits.time = 100ms;
        HttpPoster poster(TlsTrust().withPlain(true), limits);
        const QUrl url(u"http://127.0.0.1:%1/"_s.arg(silent.serverPort()));
        QCOMPARE(wait(poster.post(url, "a/b", "x")).error().code, ErrorCode::Timeout);
        silent.close();
        HttpPoster other(TlsTrust().withPlain(true));
        QCOMPARE(wait(other.post(url, "a/b", "x")).error().code, ErrorCode::NetworkFailed);
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::HttpPosterTest)
#include "HttpPosterTest.moc"
