// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/Proxy.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;

namespace platen::channel {

class ProxyTest : public QObject {
    Q_OBJECT

    const QUrl m_server{u"wss://platen.example:8443/a/v2/socket"_s};

private slots:
    void readsWhatPeopleWrite_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("user");
        QTest::newRow("none") << u"none"_s << int(QNetworkProxy::NoProxy) << QString() << 0 << QString();
        QTest::newRow("http") << u"http://proxy.example:3128"_s << int(QNetworkProxy::HttpProxy) << u"proxy.example"_s << 3128 << QString();
        QTest::newRow("user") << u"http://site%5Canna@10.0.0.1:8080/"_s << int(QNetworkProxy::HttpProxy) << u"10.0.0.1"_s << 8080 << u"site\\anna"_s;
        QTest::newRow("socks") << u"socks5://[::1]:1080"_s << int(QNetworkProxy::Socks5Proxy) << u"::1"_s << 1080 << QString();
    }

    void readsWhatPeopleWrite()
    {
        QFETCH(QString, text);
        const Result<Proxy> proxy = Proxy::from(text);
        QVERIFY2(proxy.has_value(), proxy ? "" : qPrintable(proxy.error().detail));
        const QNetworkProxy given = proxy->withPassword(Secret("pä")).forServer(m_server);
        QTEST(int(given.type()), "type");
        QTEST(given.hostName(), "host");
        QTEST(int(given.port()), "port");
        QTEST(given.user(), "user");
        if (given.type() != QNetworkProxy::NoProxy)
            QCOMPARE(given.password(), u"pä"_s);
    }

    void refusesWhatIsNoProxy_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "systems", "proxy.example:3128", "http://proxy.example", "http://:3128", "https://proxy.example:3128",
                 "ftp://proxy.example:21", "http://proxy.example:3128/path", "http://proxy.example:3128?x", "http://proxy.example:0"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }

    void refusesWhatIsNoProxy()
    {
        QFETCH(QString, text);
        QCOMPARE(Proxy::from(text).error().code, ErrorCode::InvalidInput);
    }

    void wantsThePasswordElsewhereAndDoesNotRepeatIt()
    {
        const Result<Proxy> proxy = Proxy::from(u"http://anna:hunter2@proxy.example:3128"_s);
        QCOMPARE(proxy.error().code, ErrorCode::InvalidInput);
        QVERIFY(!proxy.error().detail.contains("hunter2"_L1));
        QVERIFY(proxy.error().detail.contains("proxyPassword"_L1));
    }

    void showsNoPassword()
    {
        const Proxy proxy = Proxy::from(u"http://anna@proxy.example:3128"_s).value().withPassword(Secret("hunter2"));
        QCOMPARE(proxy.text(), u"http://anna@proxy.example:3128"_s);
        QVERIFY(proxy.hasUser());
        QCOMPARE(Proxy().text(), u"system"_s);
    }

    void followsTheSystemsSettings()
    {
        qputenv("https_proxy", "http://10.9.8.7:3128");
        qputenv("no_proxy", "inside.example");
        const QNetworkProxy outside = Proxy::system().forServer(m_server);
        QCOMPARE(outside.type(), QNetworkProxy::HttpProxy);
        QCOMPARE(outside.hostName(), u"10.9.8.7"_s);
        QCOMPARE(Proxy::system().forServer(QUrl(u"wss://inside.example:8443/"_s)).type(), QNetworkProxy::NoProxy);
        QCOMPARE(Proxy::system().forServer(QUrl(u"wss://127.0.0.1:8443/"_s)).type(), QNetworkProxy::NoProxy);
        qunsetenv("https_proxy");
        qunsetenv("no_proxy");
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::ProxyTest)
#include "ProxyTest.moc"
