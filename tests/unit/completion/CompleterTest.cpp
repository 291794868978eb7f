// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <completion/Completer.h>
#include <testkit/FakeWebServer.h>
#include <testkit/IppPrinter.h>
#include <testkit/Program.h>
#include <testkit/Quotes.h>
#include <testkit/Wait.h>

#include <QJsonDocument>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen::completion;
using platen::model::Reading;
using platen::test::FakeWebServer;
using platen::test::quoted;

class CompleterTest : public QObject {
    Q_OBJECT

    std::shared_ptr<const platen::profiles::Catalogue> m_catalogue;

    // What SNMP gave: everything but a total and the serial number.
    static Reading partial()
    {
        Reading reading;
        reading.address = u"127.0.0.1"_s;
        reading.identity.manufacturer = u"HP"_s;
        reading.identity.model = u"LaserJet 5"_s;
        reading.identity.deviceType = u"mfp"_s;
        reading.identity.firmware = u"1.0"_s;
        reading.identity.color = false;
        reading.status.state = u"idle"_s;
        reading.status.errors = QStringList();
        platen::model::Supply toner;
        toner.index = u"1.1"_s;
        toner.kind = u"toner"_s;
        toner.color = u"black"_s;
        toner.level.kind = platen::model::SupplyLevel::Kind::Percent;
        toner.level.percent = 50;
        toner.serialNumber = u"T12345"_s;
        reading.supplies = {toner};
        reading.sources.insert(u"identity.model"_s, {u"snmp"_s, u"1.3.6"_s, {}});
        return reading;
    }

    static platen::pages::PageBook book()
    {
        const QByteArray section = quoted("[{'url': '/usage.xml', 'values': {'meters.total': {'xpath': '//Total'},"
                                          "  'identity.serialNumber': {'xpath': '//Serial'}}},"
                                          " {'url': '/asset.json', 'values': {'meters.fax': {'pointer': '/fax'}}}]");
        return {{u"hp"_s, *platen::pages::parsePages(u"hp.json"_s, QJsonDocument::fromJson(section).array())}};
    }

    static QByteArray page(const QByteArray& request)
    {
        if (FakeWebServer::pathOf(request) == "/usage.xml")
            return FakeWebServer::http("<?xml version=\"1.0\"?><p:U "
                                       "xmlns:p=\"urn:p\"><p:Total>4711</p:Total><p:Serial>XYZ987</p:Serial></p:U>");
        return FakeWebServer::http("no", "text/html", "404 Not Found");
    }

    static quint16 closedPort()
    {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        return server.serverPort();
    }

    Completed complete(const FakeWebServer& server, const Reading& reading, const Reading& earlier = {},
        Rhythm rhythm = Rhythm::Full, Ways ways = {}) const
    {
        const quint16 closed = closedPort();
        Completer completer(m_catalogue, book(), {.ipp = closed, .http = server.port(), .https = closed});
        return platen::test::wait(completer.complete(reading, earlier, rhythm, ways));
    }

private slots:
    void initTestCase()
    {
        const auto catalogue = platen::profiles::Catalogue::builtIn();
        QVERIFY(catalogue);
        m_catalogue = *catalogue;
    }

    void sendsNothingWhenNothingIsLacking()
    {
        FakeWebServer server;
        server.answer = page;
        Reading reading = partial();
        reading.identity.serialNumber = u"ABC123"_s;
        reading.meters = {{u"fax"_s, u"impressions"_s, 1, {}}, {u"total"_s, u"impressions"_s, 1, {}}};
        Completer completer(m_catalogue, book(), {.ipp = server.port(), .http = server.port(), .https = server.port()});
        const Completed completed = platen::test::wait(completer.complete(reading, {}, Rhythm::Full));
        QCOMPARE(completed.reading, reading);
        QVERIFY(server.requests.isEmpty());
    }

    void asksAPageForWhatItGives()
    {
        FakeWebServer server;
        server.answer = page;
        const Completed completed = complete(server, partial());
        QCOMPARE(completed.reading.identity.serialNumber, u"XYZ987"_s);
        QCOMPARE(completed.reading.meters.value(0).value, 4711);
        QCOMPARE(completed.reading.sources.value(u"meters.total"_s).object, u"/usage.xml"_s);
        QCOMPARE(completed.reading.identity.model, u"LaserJet 5"_s);
        QCOMPARE(server.requests.size(), 2);
    }

    void asksAgainOnlyForWhatChanges()
    {
        FakeWebServer server;
        server.answer = page;
        const Reading earlier = complete(server, partial()).supplement;
        server.requests.clear();
        const Completed again = complete(server, partial(), earlier, Rhythm::Repeat);
        QCOMPARE(server.requests.size(), 1);
        QCOMPARE(again.reading.meters.value(0).value, 4711);
        QCOMPARE(again.supplement.sources, earlier.sources);

        server.requests.clear();
        Reading counted = partial();
        counted.meters = {{u"total"_s, u"impressions"_s, 1, {}}};
        const Completed kept = complete(server, counted, again.supplement, Rhythm::Repeat);
        QVERIFY(server.requests.isEmpty());
        QCOMPARE(kept.reading.identity.serialNumber, u"XYZ987"_s); // it lasts
        QCOMPARE(kept.reading.meters.value(0).value, 1);
    }

    void keepsCountsForOneRepeatThatIsCut()
    {
        FakeWebServer server, dead;
        server.answer = page;
        dead.answer = [](const QByteArray&) { return QByteArray("nonsense\r\n\r\n"); };
        const Reading given = complete(server, partial()).supplement;
        const Completed cut = complete(dead, partial(), given, Rhythm::Repeat);
        QCOMPARE(cut.reading.meters.value(0).value, 4711);
        const Completed cutAgain = complete(dead, partial(), cut.supplement, Rhythm::Repeat);
        QVERIFY(cutAgain.reading.meters.isEmpty());
        QCOMPARE(cutAgain.reading.identity.serialNumber, u"XYZ987"_s);
        const Completed back = complete(server, partial(), cutAgain.supplement, Rhythm::Repeat);
        QCOMPARE(back.reading.meters.value(0).value, 4711);
    }

    void keepsNoCountThatIsOlderThanARound()
    {
        FakeWebServer server, dead;
        server.answer = page;
        dead.answer = [](const QByteArray&) { return QByteArray("nonsense\r\n\r\n"); };
        const Reading given = complete(server, partial()).supplement;
        Reading counted = partial();
        counted.meters = {{u"total"_s, u"impressions"_s, 5000, {}}};
        const Reading older = complete(dead, counted, given, Rhythm::Repeat).supplement;
        QVERIFY(complete(dead, partial(), older, Rhythm::Repeat).reading.meters.isEmpty());
    }

    void keepsWhatLastsWhenNobodyAnswers()
    {
        FakeWebServer server;
        server.answer = page;
        const Reading earlier = complete(server, partial()).supplement;
        FakeWebServer dead;
        dead.answer = [](const QByteArray&) { return QByteArray("nonsense\r\n\r\n"); };
        const Completed completed = complete(dead, partial(), earlier);
        QCOMPARE(completed.reading.identity.serialNumber, u"XYZ987"_s);
        QVERIFY(completed.reading.meters.isEmpty()); // an old count is no count
        QCOMPARE(complete(server, partial(), completed.supplement, Rhythm::Repeat).reading.meters.value(0).value, 4711);
    }

    void asksNoWayThatIsOff()
    {
        FakeWebServer server;
        server.answer = page;
        Completer completer(m_catalogue, book(), {.ipp = server.port(), .http = server.port(), .https = server.port()});
        const Completed completed =
            platen::test::wait(completer.complete(partial(), {}, Rhythm::Full, {.ipp = false, .pages = false}));
        QCOMPARE(completed.reading, partial());
        QVERIFY(server.requests.isEmpty());
    }

    void readsNothingOffTheHost()
    {
        FakeWebServer server;
        server.answer = [](const QByteArray&) {
            return FakeWebServer::redirect("http://169.254.169.254/latest/meta-data/");
        };
        const Completed completed = complete(server, partial());
        QCOMPARE(completed.reading, partial());
        QCOMPARE(server.requests.size(), 1); // and the other page is not tried behind the same door
    }

    void readsAPrinterThatSpeaksOnlyIpp()
    {
        platen::test::IppPrinter printer;
        if (!printer.start())
            QSKIP("ippeveprinter is not there, or does not start");
        Completer completer(m_catalogue, {}, {.ipp = printer.port()});
        const auto reading = platen::test::wait(completer.read({QHostAddress(u"127.0.0.1"_s), printer.port(), {}}));
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().detail));
        QCOMPARE(reading->identity.modelId, u"hp.laserjet-test"_s);
        QCOMPARE(reading->supplies.size(), 2);

        Reading bare;
        bare.address = u"127.0.0.1"_s;
        const Completed completed = platen::test::wait(completer.complete(bare, {}, Rhythm::Full));
        QCOMPARE(completed.reading.supplies, reading->supplies);
        QCOMPARE(completed.reading.status.state, u"idle"_s);
    }
};

PLATEN_TEST(CompleterTest)
#include "CompleterTest.moc"
