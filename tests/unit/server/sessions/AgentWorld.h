// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <channel/AgentLink.h>
#include <channel/SealedEnvelope.h>
#include <channel/WebSocketTransport.h>
#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <protocol/ReadingCodec.h>
#include <server/sessions/AgentSessions.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>
#include <storage/Query.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>

namespace platen::test {

/// Envelopes in memory, in place of the agent's spool.
class MemoryQueue final : public channel::OutgoingQueue {
public:
    explicit MemoryQueue(channel::AgentIdentity identity)
        : m_identity(std::move(identity))
    {
    }

    void add(const protocol::Data& data)
    {
        protocol::EnvelopeHeader header;
        header.agentId = m_identity.agentId;
        header.epoch = m_identity.epoch;
        header.seq = nextSeq();
        m_envelopes.append({header.seq, channel::sealEnvelope(header, data.encode(), m_identity.keys.a2s)});
        ++m_next;
    }
    void addBroken() { m_envelopes.append({m_next++, QByteArray(200, 'x')}); }

    std::optional<channel::OutgoingEnvelope> nextAfter(quint64 seq) override
    {
        for (const auto& envelope : m_envelopes) {
            if (envelope.seq > seq)
                return envelope;
        }
        return std::nullopt;
    }
    quint64 nextSeq() const override { return m_next; }
    void acknowledged(quint64 hwm) override
    {
        m_hwm = std::max(m_hwm, hwm);
        m_envelopes.removeIf([hwm](const auto& envelope) { return envelope.seq <= hwm; });
    }
    quint64 hwm() const { return m_hwm; }
    quint64 acknowledgedSeq() const override { return m_hwm; }
    void resumeAfter(quint64 seq) override
    {
        m_resumedAfter = seq;
        m_next = std::max(m_next, seq + 1);
    }
    quint64 resumedAfter() const { return m_resumedAfter; }
    void use(const channel::AgentIdentity& identity) { m_identity = identity; }

private:
    channel::AgentIdentity m_identity;
    QList<channel::OutgoingEnvelope> m_envelopes;
    quint64 m_next = 1;
    quint64 m_hwm = 0;
    quint64 m_resumedAfter = 0;
};

/// An agent's keys in memory, as its key file would keep them.
class MemoryKeyring final : public channel::Keyring {
public:
    explicit MemoryKeyring(channel::AgentIdentity identity)
        : m_keys{std::move(identity)}
    {
    }

    const channel::AgentIdentity& current() const override { return m_keys[m_current]; }
    QList<channel::AgentIdentity> candidates() const override
    {
        QList<channel::AgentIdentity> newest(m_keys.rbegin(), m_keys.rend());
        return newest;
    }
    quint64 session() const override { return m_session; }
    quint64 countSession() override { return ++m_session; }
    Status add(quint32 epoch, const Secret& root, quint64 after) override
    {
        m_keys.append({current().agentId, epoch, crypto::AgentKeys::derive(root, current().agentId)});
        m_after = after;
        return {};
    }
    quint64 resumesAfter(quint32 epoch) const override { return epoch == m_keys.last().epoch ? m_after : 0; }
    Status settle(quint32 epoch, quint64, quint64) override
    {
        m_keys.removeIf([epoch](const auto& key) { return key.epoch > epoch; });
        m_current = m_keys.size() - 1;
        return {};
    }

    QList<channel::AgentIdentity> m_keys;
    qsizetype m_current = 0;
    quint64 m_session = 0;
    quint64 m_after = 0;
};

inline protocol::Data dataOf(qint64 total)
{
    model::Reading reading;
    reading.address = QStringLiteral("10.0.0.5");
    reading.takenAt = Clock::system().now();
    reading.identity.manufacturer = QStringLiteral("HP");
    reading.identity.serialNumber = QStringLiteral("CN1234567");
    reading.status.state = QStringLiteral("idle");
    reading.meters = {{QStringLiteral("total"), QStringLiteral("impressions"), total, {}}};
    return {{{1, {}, protocol::toKeyed(reading)}}, {}};
}

/// A server and the links of its agents: real sockets on the loopback, real envelopes, a real database.
class AgentWorld {
public:
    AgentWorld() = default;
    ~AgentWorld() { edge.reset(); }

    bool open()
    {
        if (!wait(database.open()) || !wait(store::migrate(database)))
            return false;
        kek = *crypto::KeyEncryptionKey::loadOrCreate(folder.filePath(QStringLiteral("kek")));
        pins.emplace(database, *kek, Clock::system());
        agents.emplace(database, *kek, Clock::system());
        ingest.emplace(database, events, Clock::system());
        receptions.emplace(database, *kek, Clock::system());
        sessions.emplace(sessions::AgentSession::Services{*agents, *receptions, *ingest, Clock::system()}, events);
        edge.emplace();
        sessions->attach(*edge);
        return edge->listen({}).has_value();
    }

    channel::AgentIdentity pendingAgent()
    {
        const crypto::Pin pin = *wait(pins->create({}));
        store::NewAgent agent;
        agent.id = crypto::randomBytes(16);
        agent.name = QStringLiteral("Agent");
        agent.root = crypto::randomSecret(32);
        agent.pinLocator = pin.locator;
        (void)wait(pins->charge(pin.locator));
        if (!wait(pins->passed(agent)))
            qFatal("not stored");
        return {agent.id, 1, crypto::AgentKeys::derive(agent.root, agent.id)};
    }

    /// Its key stays with the world, whose links use it.
    std::unique_ptr<channel::AgentLink> link(const channel::AgentIdentity& identity, MemoryQueue& queue)
    {
        m_keys.push_back(std::make_unique<channel::SingleKey>(identity));
        return link(*m_keys.back(), queue);
    }

    std::unique_ptr<channel::AgentLink> link(channel::Keyring& keys, MemoryQueue& queue)
    {
        channel::AgentLink::Settings settings;
        settings.url = QUrl(QStringLiteral("ws://127.0.0.1:%1/a/v2/socket").arg(edge->port()));
        settings.bootId = QByteArray(16, 'b');
        settings.firstRetry = std::chrono::milliseconds(20);
        settings.lastRetry = std::chrono::milliseconds(100);
        return std::make_unique<channel::AgentLink>(keys, settings, queue, [] {
            return std::make_unique<channel::WebSocketTransport>(
                channel::TlsTrust::publicAuthorities().withPlain(true));
        });
    }

    static bool connects(channel::AgentLink& link)
    {
        link.start();
        return eventually([&] { return link.state() == channel::AgentLink::State::Connected; });
    }

    int count(const QString& table)
    {
        return *wait(database.read([table](QSqlDatabase db) -> Result<int> {
            auto row = storage::query(db, QStringLiteral("SELECT count(*) FROM ") + table);
            if (!row)
                return fail(row.error());
            row->next();
            return row->value(0).toInt();
        }));
    }

    QTemporaryDir folder;
    storage::Database database{{.name = folder.filePath(QStringLiteral("t.sqlite"))}};
    std::optional<crypto::KeyEncryptionKey> kek;
    ingest::Events events;
    std::optional<store::PinStore> pins;
    std::optional<store::AgentStore> agents;
    std::optional<store::Receptions> receptions;
    std::optional<ingest::Ingest> ingest;
    std::optional<sessions::AgentSessions> sessions;
    std::optional<http::Edge> edge;

private:
    std::vector<std::unique_ptr<channel::Keyring>> m_keys;
};

} // namespace platen::test
