// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/AgentLink.h>
#include <channel/SealedEnvelope.h>
#include <channel/ServerHandshake.h>
#include <channel/TransportChooser.h>
#include <crypto/Crypto.h>
#include <http/Certificate.h>
#include <http/Edge.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using test::eventually;

namespace {

/// Reaches the server and is of no use there.
class BlockedTransport final : public Transport {
public:
    void open(const QUrl&) override
    {
        QMetaObject::invokeMethod(this, [this] { emit closed({ErrorCode::NetworkFailed, u"no upgrade here"_s}); }, Qt::QueuedConnection);
    }
    void send(const QByteArray&) override {}
    void close() override {}
    qint64 pendingBytes() const override { return 0; }
    QString name() const override { return u"blocked"_s; }
    Reach reach() const override { return Reach::Server; }
};

/// Envelopes that come one by one.
class GrowingQueue final : public OutgoingQueue {
public:
    std::optional<OutgoingEnvelope> nextAfter(quint64 seq) override
    {
        const auto found = envelopes.upperBound(seq);
        return found == envelopes.end() ? std::nullopt : std::optional(OutgoingEnvelope{found.key(), found.value()});
    }
    quint64 nextSeq() const override { return next; }
    void acknowledged(quint64 hwm) override { stored = hwm; }

    void grow(const AgentIdentity& identity)
    {
        protocol::EnvelopeHeader header;
        header.agentId = identity.agentId;
        header.epoch = identity.epoch;
        header.seq = next;
        envelopes.insert(next++, sealEnvelope(header, crypto::randomBytes(300), identity.keys.a2s));
    }

    QMap<quint64, QByteArray> envelopes;
    quint64 next = 1;
    quint64 stored = 0;
};

} // namespace

/// An agent's link on the transports that a chooser gives it, while better ones come and go, against a server that stores.
class TransportRiseTest : public QObject {
    Q_OBJECT

    http::CertificatePair m_pair;
    AgentIdentity m_identity;
    std::unique_ptr<http::Edge> m_edge;
    quint64 m_hwm = 0;
    QStringList m_notes; ///< of each session, as the server got them

    struct Session {
        std::shared_ptr<http::Socket> socket;
        ServerHandshake handshake;
        std::optional<EstablishedSession> established;
        int step = 0;
    };

    void serve(const std::shared_ptr<http::Socket>& socket)
    {
        const auto session = std::make_shared<Session>();
        session->socket = socket;
        connect(socket.get(), &http::Socket::closed, this, [session] { session->socket.reset(); });
        connect(socket.get(), &http::Socket::received, this, [this, session](const QByteArray& message) {
            switch (session->step++) {
            case 0:
                QVERIFY(session->handshake.hello(message).has_value());
                session->socket->send(session->handshake.answer(m_identity.keys, {m_hwm, Instant{}, 0, {}}).value());
                return;
            case 1:
                session->established = session->handshake.ready(message).value();
                m_notes.append(session->established->transportNote);
                return;
            default: store(*session, openEnvelope(message, m_identity.keys.a2s).value().header.seq);
            }
        });
    }

    void store(Session& session, quint64 seq)
    {
        const bool isNext = seq == m_hwm + 1;
        m_hwm += isNext;
        const protocol::Ack ack{m_hwm, isNext || seq <= m_hwm ? protocol::AckCode::Ok : protocol::AckCode::Nak, {}};
        if (session.socket)
            session.socket->send(session.established->seal(protocol::EnvelopeType::Ack, ack.encode(), Instant{}));
    }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.*=false"_s);
        QVERIFY(crypto::start().has_value());
        m_pair = http::selfSigned({u"127.0.0.1"_s}).value();
        m_identity.agentId = QByteArray(16, 'a');
        m_identity.keys = crypto::AgentKeys::derive(Secret(QByteArray(32, 'k')), m_identity.agentId);
        m_edge = std::make_unique<http::Edge>();
        const auto handler = [this](const std::shared_ptr<http::Socket>& socket) { serve(socket); };
        m_edge->routeSocket("/a/v2/socket", handler);
        m_edge->routeStreams("/a/v2", handler, {.messagesBefore = 2});
        http::Edge::Settings settings;
        settings.certificatePem = m_pair.certificatePem;
        settings.keyPem = m_pair.keyPem;
        QVERIFY(m_edge->listen(settings).has_value());
    }

    void fallsAndRisesWithoutLosingAMessage_data()
    {
        QTest::addColumn<bool>("hasEvents");
        QTest::newRow("server-sent events and back") << true;
        QTest::newRow("long polling and back") << false;
    }

    void fallsAndRisesWithoutLosingAMessage()
    {
        QFETCH(bool, hasEvents);
        m_hwm = 0;
        m_notes.clear();
        test::FakeClock clock;
        bool isOpen = false; // for WebSockets
        const auto usual = TransportChooser::usual(TlsTrust::pinned(http::spkiSha256(m_pair.certificatePem).value()), Proxy::none(), false);
        TransportChooser::Settings looks;
        looks.lookEvery = 5ms;
        looks.proof = 30ms;
        TransportChooser chooser(
            [&](TransportKind kind) -> std::unique_ptr<Transport> {
                const bool isBlocked = (kind == TransportKind::WebSocket && !isOpen) || (kind == TransportKind::Events && !hasEvents);
                return isBlocked ? std::make_unique<BlockedTransport>() : usual(kind);
            },
            looks, clock);

        GrowingQueue queue;
        SingleKey key(m_identity);
        AgentLink::Settings settings;
        settings.url = QUrl(u"wss://127.0.0.1:%1/a/v2/socket"_s.arg(m_edge->port()));
        settings.bootId = QByteArray(16, 'b');
        settings.firstRetry = 5ms;
        AgentLink link(key, settings, queue, [&] { return chooser.next(settings.url); });
        connect(&chooser, &TransportChooser::better, &link, &AgentLink::reconnect);
        link.start();
        QTimer growth;
        connect(&growth, &QTimer::timeout, this, [&] {
            queue.grow(m_identity);
            link.wake();
        });
        growth.start(2ms);

        QVERIFY(eventually([&] { return queue.stored >= 50; }));
        QCOMPARE(link.transportName(), hasEvents ? u"server-sent events"_s : u"long polling"_s);
        QVERIFY(m_notes.last().startsWith("WebSocket: no upgrade here"_L1));
        QCOMPARE(m_notes.last().contains("server-sent events"_L1), !hasEvents);

        isOpen = true;
        clock.advance(34min);
        QVERIFY(eventually([&] { return link.transportName() == "WebSocket"_L1 && link.state() == AgentLink::State::Connected; }));
        const quint64 then = queue.stored;
        QVERIFY(eventually([&] { return queue.stored >= then + 50; }));
        growth.stop();
        QVERIFY(eventually([&] { return queue.stored == queue.next - 1; }));
        QCOMPARE(m_hwm, queue.stored);
        QCOMPARE(chooser.ladder().working(), std::optional(TransportKind::WebSocket));
        QCOMPARE(m_notes.last(), QString());
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::TransportRiseTest)
#include "TransportRiseTest.moc"
