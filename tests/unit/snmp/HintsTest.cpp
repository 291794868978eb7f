// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/DatagramSocket.h>
#include <snmp/Hints.h>
#include <testkit/Program.h>

#include <testkit/Wait.h>

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using namespace platen::snmp;
using test::wait;

namespace {

HintOrder orderOf(QStringView range, quint16 port)
{
    HintOrder order;
    order.spans = *planned({{*AddressRange::parse(range)}}, {}, 1);
    order.packetsPerSecond = 0;
    order.timeout = 300ms;
    order.jobPort = port;
    return order;
}

/// Listens for print jobs, and remembers what it heard.
class JobPort : public QTcpServer {
public:
    explicit JobPort(const QHostAddress& address, quint16 port = 0)
    {
        listen(address, port);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket* const connection = nextPendingConnection()) {
                ++connections;
                connect(
                    connection, &QTcpSocket::readyRead, this, [this, connection] { heard += connection->readAll(); });
                connect(connection, &QTcpSocket::disconnected, this, [this] { ++ended; });
            }
        });
    }
    int connections = 0;
    int ended = 0;
    QByteArray heard;
};

} // namespace

class HintsTest : public QObject {
    Q_OBJECT

private slots:
    void connectsAndWritesNothing();
    void tellsWhoRefuses();
    void passesOverWhoIsKnown();
    void hearsEchoesWherePermitted();
    void keepsToItsPace();
    void endsWhenStopped();
    void comesHomeFromNowhere();
};

void HintsTest::connectsAndWritesNothing()
{
    JobPort port(QHostAddress(u"127.9.8.3"_s));
    const auto hints = wait(signsOfLife(orderOf(u"127.9.8.3", port.serverPort())));
    QVERIFY(hints);
    QCOMPARE(hints->size(), 1);
    QCOMPARE(hints->first().address, QHostAddress(u"127.9.8.3"_s));
    QVERIFY(hints->first().acceptsJobs);
    QVERIFY(!hints->first().refusesJobs);
    QVERIFY(test::eventually([&] { return port.ended == 1; })); // at once, not when somebody gets tired of it
    QCOMPARE(port.connections, 1);
    QCOMPARE(port.heard, QByteArray());
}

void HintsTest::tellsWhoRefuses()
{
    JobPort port(QHostAddress(u"127.9.8.3"_s));
    const auto hints = wait(signsOfLife(orderOf(u"127.9.8.2-5", port.serverPort())));
    QCOMPARE(hints->size(), 4); // all of 127/8 is this machine
    for (const Hint& hint : *hints)
        QCOMPARE(hint.refusesJobs, hint.address != QHostAddress(u"127.9.8.3"_s));
}

void HintsTest::passesOverWhoIsKnown()
{
    JobPort port(QHostAddress(u"127.9.8.3"_s));
    HintOrder order = orderOf(u"127.9.8.3-4", port.serverPort());
    order.known = {QHostAddress(u"127.9.8.3"_s)};
    const auto hints = wait(signsOfLife(order));
    QCOMPARE(hints->size(), 1);
    QCOMPARE(hints->first().address, QHostAddress(u"127.9.8.4"_s));
    QCOMPARE(port.connections, 0);
}

void HintsTest::hearsEchoesWherePermitted()
{
    const bool isPermitted = DatagramSocket::open(DatagramSocket::Family::Ipv4, DatagramSocket::Kind::Echo).has_value();
    const auto hints = wait(signsOfLife(orderOf(u"127.9.8.3", 9)));
    QCOMPARE(hints->size(), 1);
    QCOMPARE(hints->first().echoes, isPermitted);
}

void HintsTest::keepsToItsPace()
{
    HintOrder order = orderOf(u"127.9.8.1-50", 9);
    order.packetsPerSecond = 200; // two packets each: half a second
    order.timeout = 10ms;
    QElapsedTimer time;
    time.start();
    QCOMPARE(wait(signsOfLife(order))->size(), 50);
    QVERIFY2(time.elapsed() >= 450, qPrintable(QString::number(time.elapsed())));
}

void HintsTest::endsWhenStopped()
{
    std::stop_source source;
    HintOrder order = orderOf(u"127.9.0.0/16", 9);
    order.packetsPerSecond = 10;
    order.stop = source.get_token();
    QTimer::singleShot(20ms, [&] { source.request_stop(); });
    QCOMPARE(wait(signsOfLife(order)).error().code, ErrorCode::Cancelled);
}

void HintsTest::comesHomeFromNowhere()
{
    HintOrder order = orderOf(u"127.9.8.1", 9);
    order.spans.clear();
    QVERIFY(wait(signsOfLife(order))->isEmpty());
}

PLATEN_TEST(HintsTest)
#include "HintsTest.moc"
