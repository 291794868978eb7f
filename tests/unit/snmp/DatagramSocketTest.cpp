// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/DatagramSocket.h>
#include <testkit/Program.h>

#include <QTest>
#include <QUdpSocket>

#include <cstring>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

namespace {

const IpNumber home = IpNumber::fromIpv4(0x7f000001);

void add(DatagramSocket& socket, QByteArrayView text, IpNumber to, quint16 port)
{
    std::memcpy(socket.room().data(), text.data(), static_cast<size_t>(text.size()));
    socket.add(static_cast<size_t>(text.size()), to, port);
}

/// A port nobody listens at.
quint16 closedPort()
{
    QUdpSocket socket;
    socket.bind(QHostAddress::LocalHost);
    return socket.localPort();
}

} // namespace

class DatagramSocketTest : public QObject {
    Q_OBJECT

private slots:
    void sendsAndReceivesBatches();
    void marksWhatIsTooLong();
    void speaksIpv6();
    void isNotDisturbedByClosedPorts();
    void saysWhatCannotBeSent();
};

void DatagramSocketTest::sendsAndReceivesBatches()
{
    const auto one = *DatagramSocket::open(DatagramSocket::Family::Ipv4);
    QUdpSocket other;
    QVERIFY(other.bind(QHostAddress::LocalHost));
    for (int round = 0; round < 2; ++round) {
        for (size_t i = 0; i < DatagramSocket::batch; ++i) {
            QVERIFY(!one->isFull());
            add(*one, QByteArray::number(int(i)), home, other.localPort());
        }
        QVERIFY(one->isFull());
        const auto flushed = one->flush();
        QCOMPARE(flushed.sent, DatagramSocket::batch);
        QCOMPARE(flushed.refused, 0);
        QCOMPARE(one->waiting(), 0U);
    }
    QByteArray last(16, 0);
    QHostAddress from;
    quint16 port = 0;
    QCOMPARE(other.readDatagram(last.data(), last.size(), &from, &port), 1);
    for (int i = 0; i < 70; ++i)
        other.writeDatagram("answer " + QByteArray::number(i), from, port);
    int heard = 0;
    const auto hear = [&](const DatagramSocket::Incoming& datagram) {
        QCOMPARE(datagram.from, home);
        QCOMPARE(datagram.port, other.localPort());
        QCOMPARE(datagram.bytes, "answer " + QByteArray::number(heard));
        ++heard;
    };
    QCOMPARE(one->receive(hear), DatagramSocket::batch);
    QCOMPARE(one->receive(hear), 70 - DatagramSocket::batch);
    QCOMPARE(one->receive(hear), 0U);
    QCOMPARE(heard, 70);
}

void DatagramSocketTest::marksWhatIsTooLong()
{
    const auto one = *DatagramSocket::open(DatagramSocket::Family::Ipv4);
    QUdpSocket other;
    QVERIFY(other.bind(QHostAddress::LocalHost));
    add(*one, "hello", home, other.localPort());
    QCOMPARE(one->flush().sent, 1U);
    QByteArray bytes(16, 0);
    QHostAddress from;
    quint16 port = 0;
    other.readDatagram(bytes.data(), bytes.size(), &from, &port);
    other.writeDatagram(QByteArray(DatagramSocket::largest, 'x'), from, port);
    other.writeDatagram(QByteArray(60'000, 'x'), from, port);
    QList<qsizetype> sizes;
    one->receive([&](const DatagramSocket::Incoming& datagram) { sizes.append(datagram.bytes.size()); });
    QCOMPARE(sizes, (QList<qsizetype>{qsizetype(DatagramSocket::largest), 0}));
}

void DatagramSocketTest::speaksIpv6()
{
    QUdpSocket other;
    if (!other.bind(QHostAddress::LocalHostIPv6))
        QSKIP("this machine has no IPv6");
    const auto one = *DatagramSocket::open(DatagramSocket::Family::Ipv6);
    const IpNumber address = IpNumber::from(QHostAddress(QHostAddress::LocalHostIPv6));
    add(*one, "hello", address, other.localPort());
    QCOMPARE(one->flush().sent, 1U);
    QByteArray bytes(16, 0);
    QHostAddress from;
    quint16 port = 0;
    QCOMPARE(other.readDatagram(bytes.data(), bytes.size(), &from, &port), 5);
    other.writeDatagram("hello you", from, port);
    IpNumber heard;
    QCOMPARE(one->receive([&](const DatagramSocket::Incoming& datagram) { heard = datagram.from; }), 1U);
    QCOMPARE(heard, address);
}

void DatagramSocketTest::isNotDisturbedByClosedPorts()
{
    const auto one = *DatagramSocket::open(DatagramSocket::Family::Ipv4);
    QUdpSocket other;
    QVERIFY(other.bind(QHostAddress::LocalHost));
    const quint16 closed = closedPort();
    for (size_t i = 0; i < DatagramSocket::batch; ++i)
        add(*one, "knock", home + i, i % 2 ? closed : other.localPort());
    const auto flushed = one->flush();
    QCOMPARE(flushed.sent, DatagramSocket::batch);
    QCOMPARE(flushed.refused, 0);

    QSet<quint32> complained;
    for (int i = 0; i < 4; ++i) { // a round each of what was left
        one->complaints([&](IpNumber to, quint16 port) {
            complained.insert(to.ipv4());
            QVERIFY(port == closed || to != home); // nobody is bound to 127.0.0.2 and up
        });
    }
    QCOMPARE(complained.size(), qsizetype(DatagramSocket::batch) - 1);
    QVERIFY(!complained.contains(0x7f000001));
    QCOMPARE(one->receive([](const DatagramSocket::Incoming&) { }), 0U);
}

void DatagramSocketTest::saysWhatCannotBeSent()
{
    const auto one = *DatagramSocket::open(DatagramSocket::Family::Ipv4);
    QUdpSocket other;
    QVERIFY(other.bind(QHostAddress::LocalHost));
    add(*one, "first", home, other.localPort());
    add(*one, "broadcast", IpNumber::fromIpv4(0xffffffff), 161); // not allowed to an ordinary socket
    add(*one, "last", home, other.localPort());
    auto flushed = one->flush();
    QCOMPARE(flushed.sent, 1U);
    QVERIFY(flushed.refused != 0);
    QCOMPARE(one->waiting(), 2U);
    one->drop();
    flushed = one->flush();
    QCOMPARE(flushed.sent, 1U);
    QCOMPARE(flushed.refused, 0);
}

PLATEN_TEST(DatagramSocketTest)
#include "DatagramSocketTest.moc"
