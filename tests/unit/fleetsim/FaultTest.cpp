// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Requests.h"

#include <fleetsim/HttpTrap.h>
#include <fleetsim/Mischief.h>
#include <fleetsim/Table.h>
#include <fleetsim/UdpServer.h>
#include <testkit/Program.h>

#include <snmp/Snmprec.h>
#include <testkit/Wait.h>

#include <QNetworkDatagram>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QUdpSocket>
#include <QTest>

using namespace platen;
using namespace platen::fleetsim;
using namespace platen::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using snmp::Oid;
using snmp::Value;

namespace {

const Oid column{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9};
constexpr quint32 net = 0x7f000301; // 127.0.3.1

snmp::Answers objects()
{
    snmp::Answers all{{{1, 3, 6, 1, 2, 1, 1, 1, 0}, Value::text("A printer")}};
    for (quint32 row = 1; row <= 5; ++row)
        all.insert(column + 1U + row, Value::integer(10 * row));
    return all;
}

QList<Misdeed> misdeedsFor(Fault fault, const QByteArray& datagram)
{
    const auto parsed = parseRequest(datagram);
    return parsed ? misdeeds(fault, *parsed, Table(objects()), objects()) : QList<Misdeed>();
}

/// The single variable binding of a GETNEXT's answer.
QByteArray nextOf(Fault fault, const Oid& oid)
{
    const QList<Misdeed> done = misdeedsFor(fault, request(1, Pdu::GetNext, {oid}));
    return done.value(0).bytes;
}

/// A fleet with one printer, served on `port`.
struct Served {
    explicit Served(Fault fault, double loss = 0)
    {
        QByteArray lines;
        for (const auto& [oid, value] : objects().asKeyValueRange())
            lines += snmp::snmprecLine({oid, value});
        QFile file(folder.filePath(u"one.snmprec"_s));
        if (!file.open(QFile::WriteOnly) || file.write(lines) != lines.size())
            qFatal("no recording could be written");
        file.close();
        fleet = *Fleet::load(folder.path());
        fleet.misbehave({{0, fault}});
        server = std::make_unique<UdpServer>(fleet, UdpServer::Settings{net, port, "public", loss, 0ms, 7});
        if (!server->listen() || !client.bind(QHostAddress(u"127.0.0.1"_s)))
            qFatal("the port of the test is taken");
    }
    void ask(const QByteArray& datagram) { client.writeDatagram(datagram, QHostAddress(net), port); }

    static constexpr quint16 port = 11777;
    QTemporaryDir folder;
    Fleet fleet;
    std::unique_ptr<UdpServer> server;
    QUdpSocket client;
};

} // namespace

class FaultTest : public QObject {
    Q_OBJECT

private slots:
    void assignsFaultsToAddresses()
    {
        const Result<Faults> faults = parseFaults({u"late=127.0.3.2,127.0.3.4-127.0.3.5"_s, u"too-big=127.0.3.1"_s}, net, 10);
        QVERIFY(faults);
        QCOMPARE(*faults, (Faults{{0, Fault::TooBig}, {1, Fault::Late}, {3, Fault::Late}, {4, Fault::Late}}));
    }

    void refusesWhatIsNoFault_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<QString>("word");
        QTest::newRow("unknown mode") << QStringList{u"tired=127.0.3.1"_s} << u"endless-walk, backwards"_s;
        QTest::newRow("no addresses") << QStringList{u"late"_s} << u"MODE=ADDRESSES"_s;
        QTest::newRow("no address") << QStringList{u"late=here and there"_s} << u"here and there"_s;
        QTest::newRow("not in the fleet") << QStringList{u"late=127.0.3.11"_s} << u"127.0.3.11"_s;
        QTest::newRow("below the fleet") << QStringList{u"late=127.0.2.1"_s} << u"127.0.2.1"_s;
        QTest::newRow("twice") << QStringList{u"late=127.0.3.1"_s, u"too-big=127.0.3.1"_s} << u"twice"_s;
    }
    void refusesWhatIsNoFault()
    {
        QFETCH(QStringList, options);
        QFETCH(QString, word);
        const Result<Faults> faults = parseFaults(options, net, 10);
        QVERIFY(!faults);
        QVERIFY2(faults.error().detail.contains(word), qPrintable(faults.error().detail));
    }

    void hasAWordAndAMeaningForEveryFault()
    {
        for (int fault = 1; fault <= int(Fault::MetadataRedirect); ++fault) {
            QCOMPARE(faultModes()[size_t(fault - 1)].fault, Fault(fault));
            QVERIFY(!faultModes()[size_t(fault - 1)].meaning.isEmpty());
        }
    }

    void hasAlwaysOneMoreRow()
    {
        QVERIFY(nextOf(Fault::EndlessWalk, column).contains(encodeVarBind(column + 1U + 1U, Value::integer(10))));
        QVERIFY(nextOf(Fault::EndlessWalk, column + 1U + 5U).contains(encodeVarBind(column + 1U + 6U, Value::integer(50))));
        QVERIFY(nextOf(Fault::EndlessWalk, column + 1U + 123'456U).contains(encodeVarBind(column + 1U + 123'457U, Value::integer(50))));
        const QByteArray bulk = misdeedsFor(Fault::EndlessWalk, request(1, Pdu::GetBulk, {column}, 0, 100)).value(0).bytes;
        QVERIFY2(bulk.size() > 1000 && bulk.size() < 1472, qPrintable(QString::number(bulk.size())));
    }

    void goesBackwards()
    {
        QVERIFY(nextOf(Fault::Backwards, column + 1U + 1U).contains(encodeVarBind(column + 1U + 2U, Value::integer(20))));
        QVERIFY(nextOf(Fault::Backwards, column + 1U + 2U).contains(encodeVarBind({1, 3, 6, 1, 2, 1, 1, 1, 0}, Value::text("A printer"))));
    }

    void fillsADatagramWithAString()
    {
        const Table table(distorted(Fault::HugeStrings, objects()));
        const QByteArray datagram = request(1, Pdu::Get, {{1, 3, 6, 1, 2, 1, 1, 1, 0}});
        const qsizetype size = table.answer(*parseRequest(datagram)).size();
        QVERIFY2(size > 64'900 && size <= 65'507, qPrintable(QString::number(size)));
    }

    void mistakesEveryType()
    {
        const snmp::Answers wrong = distorted(Fault::WrongTypes, objects()), right = objects();
        for (const auto& [oid, value] : right.asKeyValueRange())
            QVERIFY(wrong[oid].type != value.type);
    }

    void answersWithAnotherIdOrTooMuchOrTooLittle()
    {
        const QByteArray get = request(1, Pdu::Get, {{1, 3, 6, 1, 2, 1, 1, 1, 0}});
        const QByteArray right = Table(objects()).answer(*parseRequest(get));
        QVERIFY(misdeedsFor(Fault::WrongRequestId, get).value(0).bytes.contains("\x02\x01\x2b"));
        QCOMPARE(misdeedsFor(Fault::Duplicates, get).size(), 3);
        QVERIFY(misdeedsFor(Fault::TooBig, get).value(0).bytes.contains(QByteArray("\x02\x01\x01\x02\x01\x00", 6)));
        QCOMPARE(misdeedsFor(Fault::Truncated, get).value(0).bytes, right.first(right.size() / 2));
        QVERIFY(misdeedsFor(Fault::Late, get).value(0).delay > 3s);
    }

    void reportsForEver()
    {
        // msgVersion 3, msgID 7, an encrypted PDU
        const QByteArray message = tlv(0x30, tlv(2, "\x03") + tlv(0x30, tlv(2, "\x07") + tlv(2, "\x10") + tlv(4, "\x03") + tlv(2, "\x03")) + tlv(4, "") + tlv(4, "sealed"));
        const QByteArray first = encodeReport(message, 0), second = encodeReport(message, 1);
        QVERIFY(first.contains("\xa8") && second.contains("\xa8"));
        QVERIFY(first.contains("\x02\x01\x03\x30") && first.contains("\x02\x01\x07"));
        QVERIFY(first != second && first != encodeReport(message, 2));
        for (qsizetype size = 0; size < message.size() - 8; ++size)
            encodeReport(message.first(size), 0);
        QVERIFY(encodeReport(request(1, Pdu::Get, {column}), 0).isEmpty());
    }

    void answersFromAnotherPortOrAddress_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<bool>("samePort");
        QTest::addColumn<QString>("address");
        QTest::newRow("port") << Fault::WrongPort << false << u"127.0.3.1"_s;
        QTest::newRow("address") << Fault::WrongAddress << true << u"127.0.3.2"_s;
        QTest::newRow("neither") << Fault::None << true << u"127.0.3.1"_s;
    }
    void answersFromAnotherPortOrAddress()
    {
        QFETCH(Fault, fault);
        QFETCH(bool, samePort);
        QFETCH(QString, address);
        Served served(fault);
        served.ask(request(1, Pdu::Get, {column + 1U + 1U}));
        QTRY_VERIFY(served.client.hasPendingDatagrams());
        const QNetworkDatagram answer = served.client.receiveDatagram();
        QCOMPARE(answer.senderPort() == Served::port, samePort);
        QCOMPARE(answer.senderAddress(), QHostAddress(address));
    }

    void losesTheSameRequestsForOneSeed()
    {
        const auto fatesOfHundred = [] {
            Served served(Fault::HalfLost);
            const UdpServer::Counters& counters = served.server->counters();
            QByteArray fates;
            for (int i = 0; i < 100; ++i) {
                const quint64 lost = counters.lost, seen = counters.requests;
                served.ask(request(1, Pdu::Get, {column + 1U + 1U}));
                eventually([&] { return counters.requests > seen; });
                fates += counters.lost > lost ? 'x' : '.';
            }
            return fates;
        };
        const QByteArray once = fatesOfHundred();
        QCOMPARE(fatesOfHundred(), once);
        QVERIFY2(once.count('x') > 30 && once.count('x') < 70, once.constData());
    }

    void holdsUpFillsUpAndLeadsAstray_data()
    {
        QTest::addColumn<Fault>("fault");
        QTest::addColumn<QByteArray>("begins");
        QTest::newRow("tar pit") << Fault::TarPit << QByteArray("HTTP/1.1 200 OK\r\n");
        QTest::newRow("bomb") << Fault::GzipBomb << QByteArray("HTTP/1.1 200 OK\r\n");
        QTest::newRow("redirect") << Fault::MetadataRedirect << QByteArray("HTTP/1.1 302 Found\r\n");
    }
    void holdsUpFillsUpAndLeadsAstray()
    {
        QFETCH(Fault, fault);
        QFETCH(QByteArray, begins);
        HttpTrap trap(fault);
        QVERIFY(trap.listen(net, Served::port));
        QTcpSocket visitor;
        visitor.connectToHost(QHostAddress(net), Served::port);
        QVERIFY(visitor.waitForConnected());
        visitor.write("GET / HTTP/1.1\r\n\r\n");
        QTRY_VERIFY(visitor.bytesAvailable() > begins.size());
        QVERIFY(visitor.readAll().startsWith(begins));
        if (fault == Fault::TarPit)
            QCOMPARE(visitor.state(), QAbstractSocket::ConnectedState);
    }

    void packsAGibibyteIntoAMebibyte()
    {
        const QByteArray bomb = HttpTrap::gzipBomb();
        QVERIFY2(bomb.size() > 900'000 && bomb.size() < 1'200'000, qPrintable(QString::number(bomb.size())));
    }
};

PLATEN_TEST(FaultTest)
#include "FaultTest.moc"
