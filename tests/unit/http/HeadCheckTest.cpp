// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <http/HeadCheck.h>
#include <testkit/Program.h>

#include <QTest>

namespace platen::http {

class HeadCheckTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheEndOfAHeadHoweverItArrives()
    {
        const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        const std::string all = head + "body\n\n";
        for (size_t step = 1; step <= all.size(); ++step) {
            size_t seen = 0;
            HeadScan scan;
            for (size_t there = step; scan.state == HeadScan::State::Incomplete; there = std::min(there + step, all.size())) {
                scan = scanHead(std::string_view(all).substr(0, there), seen);
                seen = there;
            }
            QCOMPARE(scan.state, HeadScan::State::Complete);
            QCOMPARE(scan.length, head.size());
        }
    }

    void refusesWhatNoHonestClientSends_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("bare LF") << QByteArray("GET / HTTP/1.1\nHost: a\n\n");
        QTest::newRow("one bare LF") << QByteArray("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n");
        QTest::newRow("bare CR") << QByteArray("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n");
        QTest::newRow("NUL") << QByteArray("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 29);
        QTest::newRow("folded by a space") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n");
        QTest::newRow("folded by a tab") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n");
        QTest::newRow("an empty line first") << QByteArray("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        QTest::newRow("LF after CRLF") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\n");
    }

    void refusesWhatNoHonestClientSends()
    {
        QFETCH(QByteArray, head);
        for (qsizetype step = 1; step <= head.size(); ++step) {
            size_t seen = 0;
            HeadScan scan;
            for (qsizetype there = step; scan.state == HeadScan::State::Incomplete && seen < size_t(head.size());
                 there = std::min(there + step, head.size())) {
                scan = scanHead(std::string_view(head.constData(), size_t(there)), seen);
                seen = size_t(there);
            }
            QCOMPARE(scan.state, HeadScan::State::Broken);
        }
    }

    void knowsAWebSocketKey()
    {
        QVERIFY(isWebSocketKey("dGhlIHNhbXBsZSBub25jZQ=="));  // RFC 6455 §1.3
        QVERIFY(!isWebSocketKey(""));
        QVERIFY(!isWebSocketKey("dGhlIHNhbXBsZSBub25jZQ="));
        QVERIFY(!isWebSocketKey("dGhlIHNhbXBsZSBub25jZQ=A"));
        QVERIFY(!isWebSocketKey("dGhlIHNhbXBsZSBub25jZR==")); // bits in the padding
        QVERIFY(!isWebSocketKey("dGhlIHNhbXBs!SBub25jZQ=="));
        QVERIFY(!isWebSocketKey("dGhlIHNhbXBsZSBub25jZSBhbmQ="));
    }

    void letsNoForeignPageIn()
    {
        QVERIFY(isOwnOrigin("", "server:8443"));
        QVERIFY(isOwnOrigin("https://server:8443", "server:8443"));
        QVERIFY(!isOwnOrigin("https://evil.example", "server:8443"));
        QVERIFY(!isOwnOrigin("https://server", "server:8443"));
        QVERIFY(!isOwnOrigin("null", "server:8443"));
    }

    void knowsWhereTlsIs_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("location");
        QTest::newRow("the usual port") << QByteArray("a.example") << QByteArray("/x?y=1") << 443 << QByteArray("https://a.example/x?y=1");
        QTest::newRow("another port") << QByteArray("a:8080") << QByteArray("/") << 8443 << QByteArray("https://a:8443/");
        QTest::newRow("IPv4") << QByteArray("10.0.0.1:80") << QByteArray("/") << 443 << QByteArray("https://10.0.0.1/");
        QTest::newRow("IPv6") << QByteArray("[::1]:80") << QByteArray("/") << 8443 << QByteArray("https://[::1]:8443/");
        QTest::newRow("two slashes") << QByteArray("a") << QByteArray("//evil.example/") << 443 << QByteArray("https://a//evil.example/");
        QTest::newRow("no host") << QByteArray(":80") << QByteArray("/") << 443 << QByteArray();
        QTest::newRow("half an IPv6") << QByteArray("[::1") << QByteArray("/") << 443 << QByteArray();
        QTest::newRow("a host with a path") << QByteArray("a/b") << QByteArray("/") << 443 << QByteArray();
        QTest::newRow("a host with a user") << QByteArray("a@b") << QByteArray("/") << 443 << QByteArray();
        QTest::newRow("no path") << QByteArray("a") << QByteArray("b") << 443 << QByteArray();
    }

    void knowsWhereTlsIs()
    {
        QFETCH(QByteArray, host);
        QFETCH(QByteArray, target);
        QFETCH(int, port);
        QFETCH(QByteArray, location);
        QCOMPARE(QByteArray::fromStdString(httpsLocation(host.toStdString(), target.toStdString(), quint16(port))), location);
    }
};

} // namespace platen::http

PLATEN_TEST(platen::http::HeadCheckTest)
#include "HeadCheckTest.moc"
