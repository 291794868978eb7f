// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <chaosproxy/Proxy.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QElapsedTimer>
#include <QTest>
#include <QtEndian>

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using chaosproxy::Ending;
using chaosproxy::Faults;
using chaosproxy::FaultWords;
using chaosproxy::Way;
using test::eventually;

/// The proxy between real sockets.
class ProxyTest : public QObject {
    Q_OBJECT

    /// What one end of a connection saw.
    struct End {
        std::unique_ptr<QTcpSocket> socket;
        QByteArray received;
        bool isClosed = false;

        void watch()
        {
            QObject::connect(socket.get(), &QTcpSocket::readyRead, socket.get(), [this] { received += socket->readAll(); });
            QObject::connect(socket.get(), &QTcpSocket::disconnected, socket.get(), [this] { isClosed = true; });
        }
    };

    QTcpServer m_server;
    std::unique_ptr<chaosproxy::Proxy> m_proxy;
    std::vector<std::unique_ptr<End>> m_atServer;

    std::unique_ptr<End> client()
    {
        auto end = std::make_unique<End>();
        end->socket = std::make_unique<QTcpSocket>();
        end->watch();
        end->socket->connectToHost(QHostAddress(QHostAddress::LocalHost), m_proxy->port());
        return end;
    }

    bool come(size_t count)
    {
        return eventually([&] { return m_atServer.size() >= count; });
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_server.listen(QHostAddress(QHostAddress::LocalHost)));
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            auto end = std::make_unique<End>();
            end->socket.reset(m_server.nextPendingConnection());
            end->socket->setParent(nullptr);
            end->watch();
            m_atServer.push_back(std::move(end));
        });
    }

    void init()
    {
        m_proxy = std::make_unique<chaosproxy::Proxy>(QHostAddress(QHostAddress::LocalHost), m_server.serverPort());
        QVERIFY(m_proxy->open());
    }

    void cleanup()
    {
        m_proxy.reset();
        m_atServer.clear();
    }

    void passesEverythingOnAndCountsIt()
    {
        const auto end = client();
        QVERIFY(come(1));
        const QByteArray much(3'000'000, 'x');
        end->socket->write(much);
        m_atServer[0]->socket->write("answer");
        QVERIFY(eventually([&] { return m_atServer[0]->received == much && end->received == "answer"; }));
        QCOMPARE(m_proxy->traffic().up, 3'000'000);
        QCOMPARE(m_proxy->traffic().down, 6);
        end->socket->disconnectFromHost();
        QVERIFY(eventually([&] { return m_atServer[0]->isClosed && m_proxy->traffic().open == 0; }));
    }

    void endsAConnectionAtTheByte_data()
    {
        QTest::addColumn<int>("after");
        QTest::addColumn<bool>("isUp");
        QTest::newRow("nothing") << 0 << true;
        QTest::newRow("one byte up") << 1 << true;
        QTest::newRow("in the middle") << 777 << true;
        QTest::newRow("one byte down") << 1 << false;
        QTest::newRow("down") << 500 << false;
    }

    void endsAConnectionAtTheByte()
    {
        QFETCH(int, after);
        QFETCH(bool, isUp);
        Faults faults;
        faults.of(isUp ? Way::Up : Way::Down).ending = Ending::Cut;
        faults.of(isUp ? Way::Up : Way::Down).endAfter = after;
        faults.only = 1;
        m_proxy->setFaults(faults);
        const auto end = client();
        QVERIFY(come(1));
        (isUp ? end->socket : m_atServer[0]->socket)->write(QByteArray(1000, 'x'));
        QVERIFY(eventually([&] { return end->isClosed && m_atServer[0]->isClosed; }));
        QCOMPARE((isUp ? m_atServer[0] : end)->received.size(), after);
        const auto next = client(); // is spared
        QVERIFY(come(2));
        next->socket->write(QByteArray(1000, 'x'));
        QVERIFY(eventually([&] { return m_atServer[1]->received.size() == 1000; }));
    }

    void tellsACutFromAReset_data()
    {
        QTest::addColumn<Ending>("ending");
        QTest::addColumn<int>("error");
        QTest::newRow("cut") << Ending::Cut << 0;
        QTest::newRow("reset") << Ending::Reset << ECONNRESET;
    }

    /// Qt calls both a closed connection, the system does not.
    void tellsACutFromAReset()
    {
        QFETCH(Ending, ending);
        QFETCH(int, error);
        Faults faults;
        faults.up.ending = ending;
        faults.up.endAfter = 10;
        m_proxy->setFaults(faults);
        const int raw = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in proxy{AF_INET, qToBigEndian(m_proxy->port()), {qToBigEndian<quint32>(INADDR_LOOPBACK)}, {}};
        QVERIFY(::connect(raw, reinterpret_cast<const sockaddr*>(&proxy), sizeof proxy) == 0);
        QVERIFY(come(1));
        QCOMPARE(::send(raw, QByteArray(100, 'x').constData(), 100, 0), 100);
        char byte = 0;
        int seen = -1;
        QVERIFY(eventually([&] {
            const ssize_t got = ::recv(raw, &byte, 1, MSG_DONTWAIT);
            seen = got == 0 ? 0 : got < 0 && errno != EAGAIN ? errno : seen;
            return seen >= 0;
        }));
        ::close(raw);
        QCOMPARE(seen, error);
        QVERIFY(eventually([&] { return m_atServer[0]->isClosed; }));
    }

    void leavesAConnectionHalfOpen()
    {
        Faults faults;
        faults.down.ending = Ending::HalfOpen;
        faults.down.endAfter = 3;
        m_proxy->setFaults(faults);
        const auto end = client();
        QVERIFY(come(1));
        m_atServer[0]->socket->write("abcdef");
        QVERIFY(eventually([&] { return end->received == "abc"; }));
        end->socket->write("does anybody hear?");
        m_atServer[0]->socket->write("hello?");
        QVERIFY(eventually([&] { return end->socket->bytesToWrite() == 0 && m_atServer[0]->socket->bytesToWrite() == 0; }));
        end->socket->abort();
        QTest::qWait(50);
        QCOMPARE(end->received, "abc");
        QVERIFY(m_atServer[0]->received.isEmpty());
        QVERIFY(!m_atServer[0]->isClosed);
    }

    void delaysWithoutReordering()
    {
        Faults faults;
        faults.up.delay = 20ms;
        faults.up.jitter = 30ms;
        m_proxy->setFaults(faults);
        const auto end = client();
        QVERIFY(come(1));
        QElapsedTimer clock;
        clock.start();
        QByteArray sent;
        for (char letter = 'a'; letter <= 'z'; ++letter) {
            sent += letter;
            end->socket->write(&letter, 1);
            end->socket->flush();
        }
        QVERIFY(eventually([&] { return m_atServer[0]->received == sent; }));
        QVERIFY(clock.elapsed() >= 20);
    }

    void throttles()
    {
        Faults faults;
        faults.down.bytesPerSecond = 100'000;
        m_proxy->setFaults(faults);
        const auto end = client();
        QVERIFY(come(1));
        QElapsedTimer clock;
        clock.start();
        m_atServer[0]->socket->write(QByteArray(20'000, 'x'));
        QVERIFY(eventually([&] { return end->received.size() == 20'000; }));
        QVERIFY(clock.elapsed() >= 190);
    }

    void letsTheLastThroughFirst()
    {
        Faults faults;
        faults.reorder = 3;
        m_proxy->setFaults(faults);
        std::vector<std::unique_ptr<End>> clients;
        for (const char* name : {"first", "second", "third"}) {
            clients.push_back(client());
            QVERIFY(eventually([&] { return m_proxy->traffic().open == int(clients.size()); }));
            clients.back()->socket->write(name);
        }
        QVERIFY(come(3));
        QVERIFY(eventually([&] { return m_atServer[2]->received == "first"; }));
        QCOMPARE(m_atServer[1]->received, "second");
        QCOMPARE(m_atServer[0]->received, "third");
    }

    void saysEverythingTwice()
    {
        Faults faults;
        faults.isDuplicated = true;
        m_proxy->setFaults(faults);
        const auto end = client();
        end->socket->write("POST");
        QVERIFY(come(2));
        QVERIFY(eventually([&] { return m_atServer[0]->received == "POST" && m_atServer[1]->received == "POST"; }));
        m_atServer[0]->socket->write("ok");
        m_atServer[1]->socket->write("ok");
        QVERIFY(eventually([&] { return end->received.size() >= 2; }));
        QTest::qWait(30);
        QCOMPARE(end->received, "ok");
    }

    void understandsItsWords()
    {
        Faults faults;
        QVERIFY(chaosproxy::readFaults({{u"200"_s, u"down:50+-20"_s}, {u"up:1000"_s}, {u"up:7"_s}, {}, {u"down:0"_s}}, faults));
        QCOMPARE(faults.up, (chaosproxy::WayFaults{200ms, 0ms, 1000, Ending::Cut, 7}));
        QCOMPARE(faults.down, (chaosproxy::WayFaults{30ms, 40ms, 0, Ending::HalfOpen, 0}));
    }

    void refusesWordsItDoesNotUnderstand_data()
    {
        QTest::addColumn<QStringList>("delay");
        QTest::addColumn<QStringList>("cut");
        QTest::newRow("no number") << QStringList{u"soon"_s} << QStringList();
        QTest::newRow("negative") << QStringList{u"-5"_s} << QStringList();
        QTest::newRow("both ways") << QStringList() << QStringList{u"100"_s};
        QTest::newRow("two ends") << QStringList() << QStringList{u"up:1"_s, u"up:2"_s};
    }

    void refusesWordsItDoesNotUnderstand()
    {
        QFETCH(QStringList, delay);
        QFETCH(QStringList, cut);
        Faults faults;
        const Status read = chaosproxy::readFaults({delay, {}, cut, {}, {}}, faults);
        QVERIFY(!read);
        QVERIFY(read.error().detail.contains((delay + cut).last()));
    }
};

PLATEN_TEST(ProxyTest)
#include "ProxyTest.moc"
