// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/AgentLink.h>
#include <channel/SealedEnvelope.h>
#include <channel/ServerHandshake.h>
#include <channel/WebSocketTransport.h>
#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using protocol::AckCode;
using protocol::EnvelopeType;
using test::eventually;

namespace {

/// Envelopes in memory, as a spool would keep them.
class FakeQueue final : public OutgoingQueue {
public:
    std::optional<OutgoingEnvelope> nextAfter(quint64 seq) override
    {
        const auto found = envelopes.upperBound(seq);
        return found == envelopes.end() ? std::nullopt : std::optional(OutgoingEnvelope{found.key(), found.value()});
    }
    quint64 nextSeq() const override { return next; }
    void acknowledged(quint64 upTo) override
    {
        hwm = upTo;
        while (!envelopes.isEmpty() && envelopes.firstKey() <= upTo)
            envelopes.erase(envelopes.begin());
    }

    void append(const AgentIdentity& identity, int count = 1, qsizetype size = 100)
    {
        for (int i = 0; i < count; ++i) {
            protocol::EnvelopeHeader header;
            header.agentId = identity.agentId;
            header.epoch = identity.epoch;
            header.seq = next;
            envelopes.insert(next++, sealEnvelope(header, crypto::randomBytes(int(size)), identity.keys.a2s));
        }
    }

    QMap<quint64, QByteArray> envelopes;
    quint64 next = 1;
    quint64 hwm = 0;
};

} // namespace

/// The link against a server that does what the test tells it, over a real WebSocket.
class AgentLinkTest : public QObject {
    Q_OBJECT

    AgentIdentity m_identity;

    // The server
    std::unique_ptr<http::Edge> m_edge;
    std::shared_ptr<http::Socket> m_socket;
    ServerHandshake m_handshake;
    std::optional<EstablishedSession> m_session;
    crypto::AgentKeys m_serverKeys;
    QList<quint64> m_arrived; ///< numbers of envelopes, as they came
    quint64 m_hwm = 0;
    int m_greetings = 0;
    bool m_isSilent = false; ///< answers no HELLO
    std::function<void(quint64 seq)> m_envelopeArrived;

    // The agent
    FakeQueue m_queue;
    std::unique_ptr<SingleKey> m_keys;
    std::unique_ptr<AgentLink> m_link;
    QList<AgentLink::State> m_states;

    void serve(const std::shared_ptr<http::Socket>& socket)
    {
        m_socket = socket;
        m_handshake = {};
        m_session.reset();
        auto step = std::make_shared<int>(0);
        connect(socket.get(), &http::Socket::received, this, [this, step](const QByteArray& message) {
            if (*step == 0)
                greet(message);
            else if (*step == 1)
                welcome(message);
            else
                take(message);
            ++*step;
        });
    }

    void greet(const QByteArray& message)
    {
        ++m_greetings;
        if (m_isSilent || !m_handshake.hello(message))
            return;
        ServerHandshake::Facts facts;
        facts.hwm = m_hwm;
        const auto answer = m_handshake.answer(m_serverKeys, facts);
        if (answer)
            m_socket->send(*answer);
        else
            m_socket->close(malformedCloseCode);
    }

    void welcome(const QByteArray& message)
    {
        m_session = m_handshake.ready(message).value();
        if (m_session->hello.nextSeq <= m_hwm)
            acknowledge(AckCode::Fork);
    }

    void take(const QByteArray& message)
    {
        const quint64 seq = openEnvelope(message, m_serverKeys.a2s).value().header.seq;
        m_arrived.append(seq);
        m_envelopeArrived(seq);
    }

    /// What an honest server does.
    void store(quint64 seq)
    {
        if (seq == m_hwm + 1)
            ++m_hwm;
        acknowledge(seq > m_hwm ? AckCode::Nak : AckCode::Ok);
    }

    void acknowledge(AckCode code, const QList<quint64>& full = {})
    {
        m_socket->send(m_session->seal(EnvelopeType::Ack, protocol::Ack{m_hwm, code, full}.encode(), Instant{}));
    }

    void startLink(AgentLink::Settings settings = {})
    {
        settings.url = QUrl(u"ws://127.0.0.1:%1/a/v2/socket"_s.arg(m_edge->port()));
        settings.bootId = QByteArray(16, 'b');
        settings.firstRetry = 5ms;
        settings.lastRetry = 40ms;
        m_keys = std::make_unique<SingleKey>(m_identity);
        m_link = std::make_unique<AgentLink>(*m_keys, settings, m_queue, [] {
            return std::make_unique<WebSocketTransport>(TlsTrust().withPlain(true));
        });
        connect(m_link.get(), &AgentLink::stateChanged, this, [this](AgentLink::State state) { m_states.append(state); });
        m_link->start();
    }

    bool comesTo(AgentLink::State state) { return eventually([&] { return m_link->state() == state; }); }
    bool isStored(quint64 hwm) { return eventually([&] { return m_queue.hwm == hwm; }); }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.http=false"_s);
        QVERIFY(crypto::start().has_value());
        m_identity.agentId = QByteArray(16, 'a');
        m_identity.keys = crypto::AgentKeys::derive(Secret(QByteArray(32, 'k')), m_identity.agentId);
    }

    void init()
    {
        m_serverKeys = m_identity.keys;
        m_envelopeArrived = [this](quint64 seq) { store(seq); };
        m_edge = std::make_unique<http::Edge>();
        m_edge->routeSocket("/a/v2/socket", [this](const std::shared_ptr<http::Socket>& socket) { serve(socket); });
        QVERIFY(m_edge->listen({}).has_value());
    }

    void cleanup()
    {
        m_link.reset();
        m_socket.reset();
        m_edge.reset();
        m_session.reset();
        m_queue = {};
        m_arrived.clear();
        m_states.clear();
        m_hwm = 0;
        m_greetings = 0;
        m_isSilent = false;
    }

    void sendsEverythingInOrder()
    {
        m_queue.append(m_identity, 200);
        startLink();
        QVERIFY(isStored(200));
        QCOMPARE(m_arrived.size(), 200);
        QVERIFY(std::ranges::is_sorted(m_arrived));
        using enum AgentLink::State;
        QCOMPARE(m_states, (QList{Connecting, Greeting, Connected}));
        QCOMPARE(m_link->transportName(), u"WebSocket"_s);
        QVERIFY(m_link->reason().isEmpty());
    }

    void sendsWhatComesLater()
    {
        startLink();
        QVERIFY(comesTo(AgentLink::State::Connected));
        m_queue.append(m_identity, 3);
        m_link->wake();
        QVERIFY(isStored(3));
    }

    void beginsWhereTheServerEnds()
    {
        m_queue.append(m_identity, 20);
        m_hwm = 15;
        startLink();
        QVERIFY(isStored(20));
        QCOMPARE(m_arrived, (QList<quint64>{16, 17, 18, 19, 20}));
    }

    void keepsToItsWindow()
    {
        m_envelopeArrived = [](quint64) {};
        m_queue.append(m_identity, 100);
        AgentLink::Settings settings;
        settings.window = 8;
        startLink(settings);
        QVERIFY(eventually([&] { return m_arrived.size() == 8; }));
        QTest::qWait(50);
        QCOMPARE(m_arrived.size(), 8);
        m_hwm = 3; // one answer for three
        m_envelopeArrived = [this](quint64 seq) { store(seq); };
        acknowledge(AckCode::Ok);
        QVERIFY(eventually([&] { return m_arrived.size() >= 11; }));
    }

    void keepsToItsWindowOfBytes()
    {
        m_envelopeArrived = [](quint64) {};
        m_queue.append(m_identity, 20, 10'000);
        AgentLink::Settings settings;
        settings.windowBytes = 35'000;
        startLink(settings);
        QVERIFY(eventually([&] { return m_arrived.size() == 4; }));
        QTest::qWait(50);
        QCOMPARE(m_arrived.size(), 4);
    }

    void comesBackAfterEachLoss()
    {
        m_queue.append(m_identity, 100);
        m_envelopeArrived = [this](quint64 seq) {
            if (m_arrived.size() % 10 == 0) // this one is lost, with the connection
                m_socket.reset();
            else
                store(seq);
        };
        startLink();
        QVERIFY(isStored(100));
        QVERIFY(m_greetings > 5);
    }

    void comesBackToARestartedServer()
    {
        startLink();
        QVERIFY(comesTo(AgentLink::State::Connected));
        http::Edge::Settings again;
        again.port = m_edge->port();
        m_edge.reset();
        QVERIFY(comesTo(AgentLink::State::Waiting));
        QVERIFY(!m_link->reason().isEmpty());
        m_edge = std::make_unique<http::Edge>();
        m_edge->routeSocket("/a/v2/socket", [this](const std::shared_ptr<http::Socket>& socket) { serve(socket); });
        QVERIFY(m_edge->listen(again).has_value());
        QVERIFY(comesTo(AgentLink::State::Connected));
        QVERIFY(m_link->reason().isEmpty());
    }

    void sendsAgainWhatWentMissing()
    {
        m_queue.append(m_identity, 60);
        bool isLost = false;
        m_envelopeArrived = [this, &isLost](quint64 seq) {
            if (seq == 10 && !std::exchange(isLost, true))
                return;
            store(seq);
        };
        startLink();
        QVERIFY(isStored(60));
        QCOMPARE(m_greetings, 1);
        QVERIFY2(m_arrived.size() <= 60 + 32, "each of the NAKs was followed by the whole window");
    }

    void givesUpOnOneThatAlwaysMissesTheSame()
    {
        m_queue.append(m_identity, 3);
        m_envelopeArrived = [this](quint64) { acknowledge(AckCode::Nak); };
        startLink();
        QVERIFY(comesTo(AgentLink::State::Waiting));
        QVERIFY(m_arrived.size() < 30);
    }

    void restsWhileTheServerIsBusy()
    {
        m_queue.append(m_identity, 50);
        int refusals = 0;
        m_envelopeArrived = [this, &refusals](quint64 seq) {
            if (m_hwm == 5 && refusals < 40) {
                ++refusals;
                acknowledge(AckCode::Busy);
            } else {
                store(seq);
            }
        };
        startLink();
        QVERIFY(eventually([&] { return m_link->reason().contains("busy"_L1); }));
        QCOMPARE(m_link->state(), AgentLink::State::Connected);
        QVERIFY(isStored(50));
        QCOMPARE(m_greetings, 1);
        QVERIFY(m_link->reason().isEmpty());
    }

    void hibernatesWhenRefused_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("by an answer") << 0;
        QTest::newRow("as a copy") << 1;
        QTest::newRow("at the door") << 2;
    }

    void hibernatesWhenRefused()
    {
        QFETCH(int, how);
        m_queue.append(m_identity, 5);
        m_envelopeArrived = [this, how](quint64) {
            if (how == 2)
                m_socket->close(refusedCloseCode, "deactivated");
            else
                acknowledge(how == 0 ? AckCode::Refused : AckCode::Fork);
        };
        startLink();
        QVERIFY(comesTo(AgentLink::State::Hibernating));
        QVERIFY(!m_link->reason().isEmpty());
        QCOMPARE(m_queue.envelopes.size(), 5);
        QTest::qWait(100);
        QCOMPARE(m_greetings, 1);
        m_envelopeArrived = [this](quint64 seq) { store(seq); };
        m_link->tryNow();
        QVERIFY(isStored(5));
    }

    void hibernatesWhenItsOwnPastIsMissing()
    {
        m_hwm = 100;
        startLink();
        QVERIFY(comesTo(AgentLink::State::Hibernating));
        QVERIFY(m_link->reason().contains("put back"_L1));
        QVERIFY(m_link->reason().contains("agent rekey"_L1)); // what an administrator does
    }

    void asksAgainAfterHibernation()
    {
        AgentLink::Settings settings;
        settings.forkRetry = 50ms;
        m_hwm = 100;
        startLink(settings);
        QVERIFY(eventually([&] { return m_greetings == 3; }));
    }

    void sendsNothingToAStranger()
    {
        m_queue.append(m_identity, 5);
        m_serverKeys = crypto::AgentKeys::derive(Secret(QByteArray(32, 'z')), m_identity.agentId);
        startLink();
        QVERIFY(eventually([&] { return m_greetings > 2; }));
        QVERIFY(m_arrived.isEmpty());
        QVERIFY(!m_states.contains(AgentLink::State::Connected));
    }

    void doesNotWaitForASilentServer()
    {
        m_isSilent = true;
        AgentLink::Settings settings;
        settings.answerTime = 50ms;
        startLink(settings);
        QVERIFY(comesTo(AgentLink::State::Waiting));
        m_isSilent = false;
        QVERIFY(comesTo(AgentLink::State::Connected));
    }

    void doesNotWaitForOneThatNeverAcknowledges()
    {
        m_envelopeArrived = [](quint64) {};
        m_queue.append(m_identity, 3);
        AgentLink::Settings settings;
        settings.answerTime = 50ms;
        startLink(settings);
        QVERIFY(eventually([&] { return m_greetings >= 2; }));
        m_envelopeArrived = [this](quint64 seq) { store(seq); };
        QVERIFY(isStored(3));
    }

    void refusesAnAcknowledgementOfWhatItNeverSent()
    {
        m_queue.append(m_identity, 3);
        m_envelopeArrived = [this](quint64) {
            m_socket->send(m_session->seal(EnvelopeType::Ack, protocol::Ack{1000, AckCode::Ok, {}}.encode(), Instant{}));
        };
        startLink();
        QVERIFY(comesTo(AgentLink::State::Waiting));
        QCOMPARE(m_queue.hwm, 0U);
        QCOMPARE(m_queue.envelopes.size(), 3);
    }

    void refusesARepeatedAnswer()
    {
        m_queue.append(m_identity, 1);
        m_envelopeArrived = [this](quint64) {
            ++m_hwm;
            const QByteArray ack = m_session->seal(EnvelopeType::Ack, protocol::Ack{1, AckCode::Ok, {}}.encode(), Instant{});
            m_socket->send(ack);
            m_socket->send(ack);
        };
        startLink();
        QVERIFY(eventually([&] { return m_states.contains(AgentLink::State::Waiting); }));
        QCOMPARE(m_queue.hwm, 1U);
    }

    void handsOnWhatTheServerWants()
    {
        startLink();
        QList<quint64> full;
        std::optional<protocol::Config> config;
        connect(m_link.get(), &AgentLink::fullReadingsWanted, this, [&](const QList<quint64>& ids) { full = ids; });
        connect(m_link.get(), &AgentLink::configReceived, this, [&](const protocol::Config& got) { config = got; });
        QVERIFY(eventually([&] { return m_session.has_value(); }));
        protocol::Config sent;
        sent.revision = 4;
        sent.settings.insert(u"interval"_s, 60);
        m_socket->send(m_session->seal(EnvelopeType::Config, sent.encode(), Instant{}));
        acknowledge(AckCode::Ok, {3, 7});
        QVERIFY(eventually([&] { return config.has_value() && !full.isEmpty(); }));
        QCOMPARE(*config, sent);
        QCOMPARE(full, (QList<quint64>{3, 7}));
    }

    void staysStopped()
    {
        m_queue.append(m_identity, 100);
        startLink();
        connect(m_link.get(), &AgentLink::acknowledged, this, [this](quint64 hwm) {
            if (hwm == 10)
                m_link->stop();
        });
        QVERIFY(comesTo(AgentLink::State::Stopped));
        QTest::qWait(100);
        QCOMPARE(m_link->state(), AgentLink::State::Stopped);
        QCOMPARE(m_greetings, 1);
        QCOMPARE(m_queue.hwm, 10U);
        m_link->start();
        QVERIFY(isStored(100));
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::AgentLinkTest)
#include "AgentLinkTest.moc"
