// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Rounds.h>
#include <base/File.h>
#include <crypto/Crypto.h>
#include <fleetsim/Ber.h>
#include <fleetsim/Table.h>
#include <protocol/ReadingCodec.h>
#include <snmp/Snmprec.h>
#include <testkit/FakeClock.h>
#include <testkit/IppPrinter.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QNetworkDatagram>
#include <QTest>
#include <QUdpSocket>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::KnownDevice;
using agent::KnownDevices;

namespace {

bool isNamed = false; ///< does the name server answer?

QCoro::Task<Result<QList<snmp::AddressRange>>> nameServer(QList<snmp::AddressRange> ranges, snmp::Use use)
{
    if (ranges.first().hostName.isEmpty())
        co_return ranges;
    if (!isNamed)
        co_return fail(ErrorCode::NotFound, u"nobody knows it"_s);
    co_return snmp::withAddresses(ranges.first(), {QHostAddress(u"10.0.0.5"_s), QHostAddress(u"10.0.0.6"_s)}, use);
}

/// A printer at 127.0.0.1 that answers one community, or nobody.
class Printer : public QObject {
public:
    QByteArray community = "public";
    bool isSilent = false;
    bool isV1 = false; ///< and nothing newer
    int asked = 0;
    int refused = 0;
    QSet<QByteArray> communities; ///< that came

    explicit Printer(const snmp::Answers& objects)
        : m_table(objects)
    {
        m_socket.bind(QHostAddress::LocalHost);
        connect(&m_socket, &QUdpSocket::readyRead, this, &Printer::answer);
    }
    quint16 port() const { return m_socket.localPort(); }

private:
    void answer()
    {
        while (m_socket.hasPendingDatagrams()) {
            const QNetworkDatagram datagram = m_socket.receiveDatagram();
            const QByteArray bytes = datagram.data();
            const auto request = fleetsim::parseRequest(bytes);
            ++asked;
            if (request)
                communities.insert(request->community.toByteArray());
            const bool isRight = request && request->community == community && (!isV1 || request->version == 0);
            refused += isRight ? 0 : 1;
            if (isRight && !isSilent)
                m_socket.writeDatagram(datagram.makeReply(m_table.answer(*request)));
        }
    }

    QUdpSocket m_socket;
    fleetsim::Table m_table;
};

} // namespace

class RoundsTest : public QObject {
    Q_OBJECT

    test::FakeClock m_clock;
    snmp::Engine m_engine;
    std::shared_ptr<const profiles::Catalogue> m_catalogue;
    std::unique_ptr<Printer> m_printer;
    std::unique_ptr<completion::Completer> m_completer;
    agent::Settings m_settings;
    KnownDevices m_devices;
    QList<protocol::Data> m_sent;

    Status submit(const protocol::Data& data)
    {
        for (const protocol::ReadingPart& part : data.readings) {
            KnownDevice* device = m_devices.find(quint32(part.localDeviceId));
            device->spooled = part.isFull() ? part.reading : *protocol::patched(device->spooled, part.reading);
            device->fullAt = part.isFull() ? m_clock.now() : device->fullAt;
        }
        m_sent.append(data);
        return {};
    }

    /// The name of the login that this device was read with last.
    QString loginOf(quint32 id) const
    {
        const agent::Logins logins(m_settings, Secret("salt"));
        return logins.at(std::max(0, logins.indexOf(m_devices.find(id)->place.login))).name;
    }

    Status round(bool searches)
    {
        m_sent.clear();
        m_clock.advance(std::chrono::minutes(15));
        agent::Intake intake(m_devices,
            {[this](const protocol::Data& data) { return submit(data); }, [](const agent::StateChange&) {}},
            {m_settings.fullReadingInterval, m_settings.mask}, m_clock);
        const agent::Logins logins(m_settings, Secret("salt"));
        agent::Rounds rounds({m_engine, m_catalogue, m_completer.get()}, m_settings, logins, m_devices, intake, m_clock);
        return test::wait(rounds.run(searches ? agent::Schedule::Work::Discovery : agent::Schedule::Work::Status));
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_catalogue = *profiles::Catalogue::builtIn();
    }

    void init()
    {
        const auto recording = readFile(QStringLiteral(PLATEN_SOURCE_DIR "/tests/fixtures/walks/hp-laserjet-pro-m404dn.snmprec"), 10 << 20);
        QVERIFY2(recording, recording ? "" : qPrintable(recording.error().detail));
        m_printer = std::make_unique<Printer>(*snmp::parseSnmprec(*recording));
        m_settings = {};
        m_settings.ranges = {{u"127.0.0.1"_s, {}, {}, {}}};
        m_settings.port = m_printer->port();
        m_settings.timeout = std::chrono::milliseconds(100);
        m_settings.packetsPerSecond = 10'000;
        m_devices = {};
        m_completer.reset();
    }

    void findsAndReadsAPrinter()
    {
        QVERIFY(round(true));
        QCOMPARE(m_sent.size(), 1);
        QVERIFY(m_sent.first().readings.first().isFull());
        QCOMPARE(m_devices.count(), 1);
        QCOMPARE(m_devices.find(1)->place.port, m_printer->port());
        QVERIFY(round(false));
        QVERIFY(m_sent.first().readings.isEmpty());
        QCOMPARE(m_sent.first().seen, QList<quint64>{1});
    }

    void triesTheCommunitiesInTurn()
    {
        m_printer->community = "third";
        m_settings.communities = {Secret("first"), Secret("second"), Secret("third")};
        QVERIFY(round(true));
        QCOMPARE(loginOf(1), u"community 3"_s);
    }

    void keepsAPrinterWhoseCommunityChanged()
    {
        m_settings.communities = {Secret("public"), Secret("private")};
        QVERIFY(round(true));
        m_printer->community = "private";
        QVERIFY(round(false));
        QCOMPARE(m_devices.find(1)->misses, 1);
        QVERIFY(round(false)); // before it is called offline, the others are tried
        QCOMPARE(m_devices.find(1)->misses, 0);
        QCOMPARE(loginOf(1), u"community 2"_s);
        QVERIFY(!m_devices.find(1)->isOffline());
    }

    void findsItsLoginAgainWhenTheListChanges()
    {
        m_printer->community = "b";
        m_settings.communities = {Secret("a"), Secret("b")};
        QVERIFY(round(true));
        m_settings.communities = {Secret("c"), Secret("b"), Secret("a")}; // another place in another list
        m_printer->refused = 0;
        QVERIFY(round(false));
        QCOMPARE(m_devices.find(1)->misses, 0);
        QCOMPARE(loginOf(1), u"community 2"_s);
        QCOMPARE(m_printer->refused, 0);
    }

    void keepsAPrinterWhoseLoginLeftTheSettings()
    {
        QVERIFY(round(true));
        m_printer->community = "new";
        m_settings.communities = {Secret("other"), Secret("new")};
        QVERIFY(round(false)); // all that is left is tried at once
        QCOMPARE(m_devices.count(), 1);
        QCOMPARE(m_devices.find(1)->misses, 0);
        QCOMPARE(loginOf(1), u"community 2"_s);
    }

    void triesTheLoginsOfARangeOnlyThere()
    {
        snmp::Credentials secret;
        secret.community = Secret("secret");
        m_settings.credentials = {{u"here"_s, snmp::Credentials()}, {u"elsewhere"_s, secret}};
        m_settings.communities = {};
        m_settings.ranges = {{u"127.0.0.1"_s, {}, {u"here"_s}, {}}, {u"127.0.0.2"_s, {}, {u"elsewhere"_s}, {}}};
        m_printer->community = "neither";
        QVERIFY(round(true));
        QVERIFY(m_printer->communities.contains("public"));
        QVERIFY(!m_printer->communities.contains("secret"));
    }

    void asksAtThePortOfTheRange()
    {
        const int port = m_settings.port;
        m_settings.port = 9;
        m_settings.ranges = {{u"127.0.0.1"_s, port, {}, {}}};
        QVERIFY(round(true));
        QCOMPARE(int(m_devices.find(1)->place.port), port);
    }

    void leavesOutWhatARangeExcludes()
    {
        m_settings.ranges = {{u"127.0.0.1-127.0.0.3"_s, {}, {}, {u"127.0.0.1"_s}}};
        QVERIFY(round(true));
        QCOMPARE(m_printer->asked, 0);
    }

    void sendsOnePacketToAPrinterThatWasSilent()
    {
        QVERIFY(round(true));
        m_printer->isSilent = true;
        QVERIFY(round(false));
        QVERIFY(round(false));
        QVERIFY(m_devices.find(1)->isOffline());
        m_printer->asked = 0;
        QVERIFY(round(false));
        QCOMPARE(m_printer->asked, 1);
    }

    void findsAPrinterThatSpeaksV1Only()
    {
        m_printer->isV1 = true;
        QVERIFY(round(true));
        QCOMPARE(m_devices.count(), 1);
        QVERIFY(m_devices.find(1)->place.isV1);
        QVERIFY(round(false));
        QCOMPARE(m_devices.find(1)->misses, 0);
    }

    void asksOnceOnRepeat()
    {
        QVERIFY(round(true));
        m_printer->asked = 0;
        QVERIFY(round(false));
        QCOMPARE(m_printer->asked, 1);
    }

    void readsAPrinterThatSpeaksIppOnly()
    {
        test::IppPrinter ipp;
        if (!ipp.start())
            QSKIP("ippeveprinter is not there");
        m_completer = std::make_unique<completion::Completer>(m_catalogue, pages::PageBook(), m_clock);
        const agent::Place place{QHostAddress::LocalHost, ipp.port(), {}, false, true, {}};
        model::Reading before; // as a search by DNS-SD leaves it
        before.address = u"127.0.0.1"_s;
        m_devices.recognise(before, place);
        QVERIFY(round(false));
        QCOMPARE(m_devices.count(), 1);
        QCOMPARE(m_devices.find(1)->misses, 0);
        QVERIFY(!m_sent.isEmpty() && m_sent.first().readings.first().isFull());
        QCOMPARE(m_devices.find(1)->place, place);
        QCOMPARE(m_printer->asked, 0);
    }

    void readsByIppWhileSnmpIsTurnedOff()
    {
        QVERIFY(round(true));
        const QByteArray serial = m_devices.find(1)->serial.section(u'/', 1).toUtf8();
        test::IppPrinter ipp;
        if (!ipp.start("ATTR text printer-make-and-model \"HP LaserJet Pro M404dn\"\n"
                       "ATTR text printer-device-id \"MFG:HP;MDL:LaserJet Pro M404dn;SN:" + serial + ";\"\n"))
            QSKIP("ippeveprinter is not there");
        completion::Completer::Ports ports;
        ports.ipp = ipp.port();
        m_completer = std::make_unique<completion::Completer>(m_catalogue, pages::PageBook(), ports, m_clock);
        m_printer->isSilent = true;
        QVERIFY(round(false));
        QCOMPARE(m_devices.find(1)->misses, 1);
        QVERIFY(round(false));
        QCOMPARE(m_devices.count(), 1);
        QCOMPARE(m_devices.find(1)->misses, 0);
        QVERIFY(m_devices.find(1)->place.isIpp);
        m_printer->asked = 0;
        QVERIFY(round(false)); // a packet looks whether SNMP is on again
        QCOMPARE(m_printer->asked, 1);
        QVERIFY(!m_devices.find(1)->isOffline());
        m_printer->isSilent = false;
        QVERIFY(round(false));
        QVERIFY(!m_devices.find(1)->place.isIpp);
        QCOMPARE(m_devices.find(1)->place.port, m_printer->port());
        QCOMPARE(m_devices.count(), 1);
    }

    void staysOfflineWhenAnotherPrinterAnswersIppThere()
    {
        QVERIFY(round(true));
        test::IppPrinter ipp; // of another model, without a serial number
        if (!ipp.start())
            QSKIP("ippeveprinter is not there");
        completion::Completer::Ports ports;
        ports.ipp = ipp.port();
        m_completer = std::make_unique<completion::Completer>(m_catalogue, pages::PageBook(), ports, m_clock);
        m_printer->isSilent = true;
        QVERIFY(round(false));
        QVERIFY(round(false));
        QCOMPARE(m_devices.count(), 1);
        QVERIFY(m_devices.find(1)->isOffline());
    }

    void asksBySnmpWhoAnnouncesThatItTakesPrintData()
    {
        using Kind = dnssd::Service::Kind;
        m_settings.ranges = {{u"10.0.0.0/24"_s, 1161, {}, {u"10.0.0.9"_s}}};
        const auto plan = test::wait(agent::ScanPlan::make(m_settings, agent::Logins(m_settings, Secret("salt"))));
        const auto at = [](const QString& address, Kind kind, const QString& path = {}) {
            return dnssd::Service{kind, u"x"_s, QHostAddress(address), quint16(kind == Kind::PdlDatastream ? 9100 : 631), {}, path};
        };
        const QList<agent::Place> places = agent::placesOf({at(u"10.0.0.5"_s, Kind::PdlDatastream), at(u"10.0.0.6"_s, Kind::Ipp, u"ipp/print"_s),
            at(u"10.0.0.9"_s, Kind::PdlDatastream), at(u"10.0.1.5"_s, Kind::PdlDatastream), at(u"10.0.0.7"_s, Kind::Ipp, u"printers/x"_s)}, plan);
        QCOMPARE(places.size(), 2); // excluded, outside, and a computer's queue are not asked
        QVERIFY(places[0].isIpp && places[0].address == QHostAddress(u"10.0.0.6"_s));
        QVERIFY(!places[1].isIpp && places[1].address == QHostAddress(u"10.0.0.5"_s));
        QCOMPARE(int(places[1].port), 1161);
        QVERIFY(!places[1].login.isEmpty());
    }

    void sweepsNobodyWhoIsReadAnyway()
    {
        QVERIFY(round(true));
        m_printer->asked = 0;
        QVERIFY(round(true)); // one request: that of the reading
        QCOMPARE(m_printer->asked, 1);
        QCOMPARE(m_sent.first().seen, QList<quint64>{1});
    }

    void saysOfflineAfterTwoSilentRounds()
    {
        QVERIFY(round(true));
        m_printer->isSilent = true;
        QVERIFY(round(false));
        QVERIFY(m_sent.isEmpty());
        QVERIFY(round(false));
        QVERIFY(m_devices.find(1)->isOffline());
        m_printer->isSilent = false;
        QVERIFY(round(false));
        QVERIFY(!m_devices.find(1)->isOffline());
        QCOMPARE(m_devices.count(), 1);
    }

    void readsAKnownPrinterThatNoRangeNamesAnyMore()
    {
        QVERIFY(round(true));
        m_settings.ranges = {{u"127.0.0.2"_s, {}, {}, {}}};
        QVERIFY(round(true));
        QCOMPARE(m_sent.first().seen, QList<quint64>{1});
    }

    void neverAsksWhatIsExcluded()
    {
        QVERIFY(round(true));
        m_settings.exclude = {u"127.0.0.0/31"_s};
        m_settings.ranges = {{u"127.0.0.1-127.0.0.2"_s, {}, {}, {}}};
        m_printer->asked = 0;
        QVERIFY(round(true));
        QCOMPARE(m_printer->asked, 0);
        QCOMPARE(m_devices.find(1)->misses, 0); // it was not asked, so it is not silent
    }

    void searchesNothingBeforeAnExclusionIsKnown()
    {
        m_settings.exclude = {u"no-such-host.invalid"_s};
        const Status searched = round(true);
        QVERIFY(!searched);
        QVERIFY2(searched.error().detail.contains(u"no-such-host.invalid"_s), qPrintable(searched.error().detail));
        QCOMPARE(m_printer->asked, 0);
        m_settings.exclude = {};
        m_settings.ranges = {{u"127.0.0.1"_s, {}, {}, {u"no-such-host.invalid"_s}}, {u"127.0.0.2"_s, {}, {}, {}}};
        QVERIFY(round(true)); // the other range is searched
        QCOMPARE(m_printer->asked, 0);
    }

    void keepsTheAddressesThatAnExclusionHadLast()
    {
        m_settings.ranges = {{u"10.0.0.0/29"_s, {}, {}, {}}};
        m_settings.exclude = {u"10.0.0.1"_s, u"copier.example"_s};
        const auto plan = [this](const agent::ScanPlan& earlier) {
            return test::wait(agent::ScanPlan::make(m_settings, agent::Logins(m_settings, Secret("salt")), earlier, nameServer));
        };
        isNamed = false;
        const agent::ScanPlan never = plan({});
        QCOMPARE(never.spans().error().code, ErrorCode::NotFound);
        QVERIFY(never.isExcluded(QHostAddress(u"10.0.0.1"_s))); // the others count all the same
        isNamed = true;
        const agent::ScanPlan known = plan(never);
        QVERIFY(known.spans());
        QVERIFY(known.isExcluded(QHostAddress(u"10.0.0.5"_s)) && known.isExcluded(QHostAddress(u"10.0.0.6"_s)));
        isNamed = false;
        const agent::ScanPlan kept = plan(plan(known)); // for as long as it takes
        QVERIFY(kept.spans());
        QVERIFY(kept.isExcluded(QHostAddress(u"10.0.0.5"_s)) && !kept.isExcluded(QHostAddress(u"10.0.0.4"_s)));
        QVERIFY(kept.left().join(u' ').contains(u"copier.example"_s));
    }

    void asksForTheHostNameOnlyWhenUnmasked()
    {
        QVERIFY(round(true));
        QVERIFY(!QCborMap(m_devices.find(1)->spooled)[u"misc"_s].toMap().contains(QString(profiles::hostNameKey)));
        m_settings.mask.hostName = false;
        m_settings.fullReadingInterval = std::chrono::minutes(10);
        QVERIFY(round(false));
        QVERIFY(m_sent.first().readings.first().reading[u"misc"_s].toMap().contains(QString(profiles::hostNameKey)));
    }

    void saysWhoIsAliveWithoutSnmp()
    {
        m_settings.ranges = {{u"127.0.0.1-127.0.0.13"_s, {}, {}, {}}}; // but for the first nobody listens at the port
        QTest::ignoreMessage(QtInfoMsg,
            QRegularExpression(u"^12 addresses are alive but do not answer SNMP: 127\\.0\\.0\\.2, .*127\\.0\\.0\\.11 …$"_s));
        QVERIFY(round(true));
        QCOMPARE(m_devices.count(), 1);
    }

    void readsOnWhenTheRangesCannotBeSearched()
    {
        QVERIFY(round(true));
        m_settings.ranges = {{u"no-such-host.invalid"_s, {}, {}, {}}};
        const Status searched = round(true);
        QVERIFY(!searched);
        QCOMPARE(m_sent.first().seen, QList<quint64>{1});
    }
};

PLATEN_TEST(RoundsTest)
#include "RoundsTest.moc"
