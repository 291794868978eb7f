// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "IppBytes.h"

#include <ipp/Client.h>
#include <ipp/Interpret.h>
#include <testkit/FakeWebServer.h>
#include <testkit/IppPrinter.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using platen::ErrorCode;
using platen::Result;
using platen::ipp::Attributes;
using platen::ipp::Client;
using platen::test::FakeWebServer;
using platen::test::IppBytes;

class ClientTest : public QObject {
    Q_OBJECT

    static Result<Attributes> ask(quint16 port, const QString& path = {}, std::chrono::milliseconds time = 5s)
    {
        platen::web::Client web;
        Client client(web, time);
        return platen::test::wait(client.ask({QHostAddress(QHostAddress::LocalHost), port, path}));
    }

    static Result<platen::model::Reading> interpreted(const Result<Attributes>& attributes)
    {
        if (!attributes)
            return platen::fail(attributes.error());
        const auto catalogue = platen::profiles::Catalogue::builtIn();
        return platen::ipp::interpret(**catalogue, *attributes, {.address = QHostAddress(QHostAddress::LocalHost)});
    }

    static QByteArray idle()
    {
        return FakeWebServer::http(IppBytes().add(IppBytes::Enum, "printer-state", 3).done(), "application/ipp");
    }

    // What was asked in IPP, and not in a greeting of TLS.
    static QList<QByteArray> paths(const FakeWebServer& server)
    {
        QList<QByteArray> paths;
        for (const QByteArray& request : server.requests)
            paths += FakeWebServer::pathOf(request);
        return paths;
    }

private slots:
    void readsDebiansPrinter()
    {
        platen::test::IppPrinter printer;
        if (!printer.start())
            QSKIP("ippeveprinter is not there, or does not start");
        const auto reading = interpreted(ask(printer.port()));
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().detail));
        QCOMPARE(reading->identity.manufacturer, u"HP"_s);
        QCOMPARE(reading->identity.model, u"LaserJet Test"_s);
        QCOMPARE(reading->identity.location, u"Room 5"_s);
        QCOMPARE(reading->identity.color, false);
        QCOMPARE(reading->status.state, u"idle"_s);
        QCOMPARE(reading->status.errors, QStringList());
        QCOMPARE(reading->supplies.size(), 2);
        QCOMPARE(reading->supplies[0].kind, u"wasteToner"_s);
        QCOMPARE(reading->supplies[1].name, u"Black Toner"_s);
        QCOMPARE(reading->supplies[1].level.percent, 75.0);
        QVERIFY2(printer.log().contains("Starting HTTPS session"), printer.log().constData());
    }

    void readsDebiansPrinterWithAttributesOfItsOwn()
    {
        platen::test::IppPrinter printer;
        if (!printer.start(
                "ATTR text printer-make-and-model \"Brother HL-L9999\"\n"
                "ATTR integer printer-impressions-completed 4711\n"
                "ATTR text printer-firmware-string-version \"1.2.3\"\n"
                "ATTR name marker-names \"Black\"\nATTR integer marker-levels 40\nATTR keyword marker-types toner\n"
                "ATTR name marker-colors \"#000000\"\n"))
            QSKIP("ippeveprinter is not there, or does not start");
        const auto reading = interpreted(ask(printer.port()));
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().detail));
        QCOMPARE(reading->identity.manufacturer, u"Brother"_s);
        QCOMPARE(reading->identity.model, u"HL-L9999"_s);
        QCOMPARE(reading->identity.firmware, u"1.2.3"_s);
        QCOMPARE(reading->meters.value(0).value, 4711);
        QCOMPARE(reading->supplies.value(0).level.percent, 40.0);
    }

    void asksWithoutTlsWhereThereIsNone()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) { return idle(); };
        const auto attributes = ask(server.port());
        QVERIFY2(attributes, qPrintable(attributes ? QString() : attributes.error().detail));
        QCOMPARE(attributes->number(u"printer-state"_s), 3);
        QCOMPARE(paths(server), QList<QByteArray>{"/ipp/print"});
    }

    void triesThePathsThatPrintersUse()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray& request) {
            if (FakeWebServer::pathOf(request) == "/ipp/print")
                return FakeWebServer::http("no", "text/html", "404 Not Found");
            return FakeWebServer::pathOf(request) == "/ipp"
                ? FakeWebServer::http(IppBytes(0x0406).done(), "application/ipp")
                : idle();
        };
        QVERIFY(ask(server.port()));
        QCOMPARE(paths(server), QList<QByteArray>({"/ipp/print", "/ipp", "/"}));
    }

    void asksWhereDnsSdSaysAndNowhereElse()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) { return FakeWebServer::http("no", "text/html", "404 Not Found"); };
        QCOMPARE(ask(server.port(), u"ipp/port1"_s).error().code, ErrorCode::NotFound);
        QCOMPARE(paths(server), QList<QByteArray>{"/ipp/port1"});
    }

    void refusesWhatIsNotAnAnswerOfIpp_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("a web page") << FakeWebServer::http("<p>Hello</p>");
        QTest::newRow("broken") << FakeWebServer::http(IppBytes().done().chopped(3), "application/ipp");
        QTest::newRow("of another request") << FakeWebServer::http(IppBytes(0, 2).done(), "application/ipp");
        QTest::newRow("log-in wanted") << FakeWebServer::http({}, "application/ipp", "401 Unauthorized");
        QTest::newRow("sent elsewhere") << FakeWebServer::redirect("http://169.254.169.254/");
        QTest::newRow("packed") << FakeWebServer::http(
            "\x1f\x8b", "application/ipp", "200 OK", "Content-Encoding: gzip\r\n");
    }

    void refusesWhatIsNotAnAnswerOfIpp()
    {
        QFETCH(QByteArray, bytes);
        FakeWebServer server;
        server.answer = [&](const QByteArray&) { return bytes; };
        QVERIFY(!ask(server.port()));
        QCOMPARE(server.requests.size(), 1);
    }

    void endsATarPitInTime()
    {
        FakeWebServer server;
        server.byteEvery = 10ms;
        server.answer = [](const QByteArray&) { return idle() + QByteArray(1'000, 'x'); };
        QElapsedTimer timer;
        timer.start();
        const auto attributes = ask(server.port(), {}, 400ms);
        QVERIFY(!attributes);
        QCOMPARE(attributes.error().code, ErrorCode::Timeout);
        QVERIFY2(timer.elapsed() < 5'000, "a tar pit must not hold us");
    }

    void endsASilentPeerInTime()
    {
        QTcpServer silent; // accepts and says nothing, not even to a greeting of TLS
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        QCOMPARE(ask(silent.serverPort(), {}, 300ms).error().code, ErrorCode::Timeout);
    }
};

PLATEN_TEST(ClientTest)
#include "ClientTest.moc"
