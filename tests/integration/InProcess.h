// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <agent/engine/Outbox.h>
#include <crypto/Crypto.h>
#include <http/Edge.h>
#include <protocol/ReadingCodec.h>
#include <server/sessions/AgentSessions.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>
#include <server/store/Receptions.h>
#include <storage/Query.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>

#include <numeric>

/// A server and agents in one process, of their real parts: what is sent and what is stored can be compared without a word of SQL
/// from outside, and a thousand connections cost seconds.
namespace platen::test {

/// As platen-server puts it together, on SQLite.
struct Server {
    QTemporaryDir folder;
    storage::Database database{{.name = folder.filePath(QStringLiteral("server.sqlite"))}};
    std::optional<crypto::KeyEncryptionKey> kek;
    ingest::Events events;
    std::optional<store::PinStore> pins;
    std::optional<store::AgentStore> agents;
    std::optional<store::Receptions> receptions;
    std::optional<ingest::Ingest> ingest;
    std::optional<sessions::AgentSessions> sessions;
    std::optional<http::Edge> edge;

    /// Everything but listening.
    bool open()
    {
        if (!wait(database.open()) || !wait(store::migrate(database)))
            return false;
        kek = *crypto::KeyEncryptionKey::loadOrCreate(folder.filePath(QStringLiteral("kek")));
        const Clock& clock = Clock::system();
        pins.emplace(database, *kek, clock);
        agents.emplace(database, *kek, clock);
        receptions.emplace(database, *kek, clock);
        ingest.emplace(database, events, clock);
        sessions.emplace(sessions::AgentSession::Services{*agents, *receptions, *ingest, clock}, events);
        edge.emplace();
        sessions->attach(*edge);
        return true;
    }

    /// An agent that has proven its PIN and not yet spoken.
    channel::AgentIdentity enrol()
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

    /// Every value that any meter ever had, as often as it was stored.
    QList<qint64> storedTotals()
    {
        return *wait(database.read([](QSqlDatabase db) -> Result<QList<qint64>> {
            auto rows = storage::query(db, QStringLiteral("SELECT value FROM meter_sample ORDER BY value"));
            if (!rows)
                return fail(rows.error());
            QList<qint64> values;
            while (rows->next())
                values.append(rows->value(0).toLongLong());
            return values;
        }));
    }
};

inline QList<qint64> upTo(qint64 total)
{
    QList<qint64> numbers(total);
    std::iota(numbers.begin(), numbers.end(), 1);
    return numbers;
}

/// One key, and a count of sessions in memory.
class CountingKey final : public channel::Keyring {
public:
    explicit CountingKey(channel::AgentIdentity identity) : m_identity(std::move(identity)) {}
    const channel::AgentIdentity& current() const override { return m_identity; }
    quint64 session() const override { return m_session; }
    quint64 countSession() override { return ++m_session; }

private:
    channel::AgentIdentity m_identity;
    quint64 m_session = 0;
};

/// An agent's outbox on disk and its link, without what reads printers.
struct Agent {
    QTemporaryDir folder;
    CountingKey key;
    agent::State state{folder.filePath(QStringLiteral("state.db"))};
    agent::KnownDevices devices;
    agent::Outbox outbox;
    std::unique_ptr<channel::AgentLink> link;

    explicit Agent(const channel::AgentIdentity& who)
        : key(who)
        , outbox(key, state, devices, {.pace = {.perSecond = 1 << 30, .atOnce = 1 << 30}})
    {
    }

    /// `answerTime`: short where answers get lost; else long enough for a machine that does other things as well.
    bool open(const QUrl& url, const channel::AgentLink::TransportMaker& maker,
        std::chrono::milliseconds answerTime = std::chrono::milliseconds(400))
    {
        using namespace std::chrono_literals;
        if (!wait(state.open(key.current().agentId)))
            return false;
        if (!wait(outbox.open(folder.filePath(QStringLiteral("spool")), *wait(state.load()))))
            return false;
        channel::AgentLink::Settings settings;
        settings.url = url;
        settings.bootId = QByteArray(16, 'b');
        settings.firstRetry = 1ms;
        settings.lastRetry = 20ms;
        settings.answerTime = answerTime;
        link = std::make_unique<channel::AgentLink>(key, settings, outbox, maker);
        QObject::connect(&outbox, &agent::Outbox::readyToSend, link.get(), &channel::AgentLink::wake);
        return true;
    }

    /// A full reading whose meter says `total`; with `alerts` of 500 bytes each that deflate no further.
    bool submit(qint64 total, int alerts = 0)
    {
        model::Reading reading;
        reading.address = QStringLiteral("10.0.0.5");
        reading.takenAt = Clock::system().now();
        reading.identity.manufacturer = QStringLiteral("HP");
        reading.identity.serialNumber = QStringLiteral("CN1234567");
        reading.status.state = QStringLiteral("idle");
        reading.meters = {{QStringLiteral("total"), QStringLiteral("impressions"), total, {}}};
        for (int i = 1; i <= alerts; ++i) {
            const QString text = QString::fromLatin1(crypto::randomBytes(378).toBase64());
            reading.alerts.append({QStringLiteral("1.%1").arg(i), QStringLiteral("warning"), QStringLiteral("other"), -2, -2, -2, text});
        }
        return outbox.submit({{{1, {}, protocol::toKeyed(reading)}}, {}}).has_value()
            && eventually([&] { return outbox.isSettled(); });
    }

    bool delivers(qint64 count)
    {
        return eventually([&] { return outbox.acknowledgedSeq() == quint64(count); }, std::chrono::seconds(60));
    }
};

} // namespace platen::test
