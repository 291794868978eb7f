// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <channel/AgentGreeting.h>
#include <channel/Leave.h>
#include <crypto/Crypto.h>
#include <server/sessions/Departures.h>
#include <server/store/Installation.h>
#include <server/store/PinStore.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

/// How agents end by themselves.
class DeparturesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::FakeClock> m_clock;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<store::PinStore> m_pins;
    std::unique_ptr<store::AgentStore> m_agents;
    std::unique_ptr<ingest::Events> m_events;
    std::unique_ptr<sessions::Departures> m_departures;
    channel::AgentIdentity m_agent;

    http::Response post(const QByteArray& body)
    {
        http::Request request;
        request.method = "POST";
        request.body = body;
        request.peer = QHostAddress(u"192.0.2.9"_s);
        return wait(m_departures->leave(request));
    }
    bool isWelcome() { return wait(m_agents->access(m_agent.agentId)).has_value(); }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_departures.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<test::FakeClock>();
        m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(u"kek"_s));
        m_pins = std::make_unique<store::PinStore>(*m_database, kek, *m_clock);
        m_agents = std::make_unique<store::AgentStore>(*m_database, kek, *m_clock);
        m_events = std::make_unique<ingest::Events>();
        m_departures = std::make_unique<sessions::Departures>(*m_agents, *m_events, *m_clock);

        store::NewAgent made;
        made.id = crypto::randomBytes(16);
        made.name = u"North"_s;
        made.root = crypto::randomSecret(32);
        made.pinLocator = wait(m_pins->create({}))->locator;
        QVERIFY(*wait(m_pins->charge(made.pinLocator)));
        QVERIFY(wait(m_pins->passed(made)));
        QVERIFY(wait(m_agents->activate(made.id)));
        m_agent = {made.id, 1, crypto::AgentKeys::derive(made.root, made.id)};
    }

    void destroysTheKeyAndProvesIt()
    {
        QSignalSpy changed(m_events.get(), &ingest::Events::agentChanged);
        const QByteArray leave = channel::sealLeave(m_agent, m_clock->now());
        const http::Response left = post(leave);
        QCOMPARE(left.status, 200);
        QCOMPARE(left.body, channel::leaveProof(leave, m_agent.keys));
        QVERIFY(!isWelcome());
        QCOMPARE(changed.count(), 1);
        QCOMPARE(post(leave).status, 403); // a replay finds no key
    }

    void staysForWhateverElseComes_data()
    {
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<int>("status");
        QTest::newRow("nothing") << "empty"_ba << 400;
        QTest::newRow("noise") << "noise"_ba << 400;
        QTest::newRow("a HELLO of the agent, overheard") << "hello"_ba << 400;
        QTest::newRow("sealed under another key") << "forged"_ba << 403;
        QTest::newRow("under a key of another epoch") << "epoch"_ba << 403;
        QTest::newRow("of nobody") << "nobody"_ba << 403;
        QTest::newRow("altered") << "altered"_ba << 403;
        QTest::newRow("a HELLO whose type was changed") << "retyped"_ba << 403;
    }
    void staysForWhateverElseComes()
    {
        QFETCH(const QByteArray, kind);
        QFETCH(const int, status);
        channel::AgentIdentity agent = m_agent;
        if (kind == "forged")
            agent.keys = crypto::AgentKeys::derive(crypto::randomSecret(32), agent.agentId);
        if (kind == "epoch")
            agent.epoch = 2;
        if (kind == "nobody")
            agent.agentId = QByteArray(16, 'n');
        QByteArray body = channel::sealLeave(agent, m_clock->now());
        if (kind == "empty")
            body.clear();
        if (kind == "noise")
            body = QByteArray(200, 'x');
        if (kind == "hello" || kind == "retyped")
            body = channel::AgentGreeting(m_agent).hello({}, m_clock->now());
        if (kind == "retyped")
            body[5] = char(protocol::EnvelopeType::Leave);
        if (kind == "altered")
            body.back() = char(body.back() ^ 1);
        if (kind == "forged" || kind == "altered" || kind == "retyped" || kind == "epoch")
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"a forged farewell"_s));
        QCOMPARE(post(body).status, status);
        QVERIFY(isWelcome());
    }

    void listensToNoMoreThanSoManyOfOneAddress()
    {
        m_agent.keys = crypto::AgentKeys::derive(crypto::randomSecret(32), m_agent.agentId);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"a forged farewell"_s)); // once
        QTest::failOnWarning();
        for (int i = 0; i < 30; ++i)
            QCOMPARE(post(channel::sealLeave(m_agent, m_clock->now())).status, 403);
        QCOMPARE(post(channel::sealLeave(m_agent, m_clock->now())).status, 429);
        m_clock->advance(std::chrono::minutes(1));
        QCOMPARE(post(channel::sealLeave(m_agent, m_clock->now())).status, 403);
    }

    void endsWhoExpiredADayAgo()
    {
        QVERIFY(wait(m_agents->setExpiry(m_agent.agentId, m_clock->now())));
        QSignalSpy changed(m_events.get(), &ingest::Events::agentChanged);
        wait(endExpired());
        QCOMPARE(changed.count(), 0);
        for (int hour = 0; hour < 25; ++hour) {
            m_clock->advance(std::chrono::hours(1));
            wait(endExpired());
        }
        QCOMPARE(changed.count(), 1);
        QCOMPARE(wait(m_agents->setExpiry(m_agent.agentId, std::nullopt)).error().code, ErrorCode::PermissionDenied);
    }

private:
    QCoro::Task<bool> endExpired()
    {
        co_await m_departures->endExpired();
        co_return true;
    }
};

PLATEN_TEST(DeparturesTest)
#include "DeparturesTest.moc"
