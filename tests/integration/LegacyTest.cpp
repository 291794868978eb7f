// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "InProcess.h"

#include <agent/legacy/LegacyTransport.h>
#include <base/File.h>
#include <channel/WebSocketTransport.h>
#include <chaosproxy/Proxy.h>
#include <server/legacy/LegacySubmissions.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using channel::AgentLink;
using test::eventually;
using test::wait;

/// The obsolete submission of 4.x between a real outbox and a real server.
class LegacyTest : public QObject {
    Q_OBJECT

    std::unique_ptr<test::Server> m_server;
    std::unique_ptr<legacy::LegacySubmissions> m_submissions;

    QUrl url(quint16 port) const { return QUrl(u"http://127.0.0.1:%1/a/v1/submit"_s.arg(port)); }
    static channel::TlsTrust trust() { return channel::TlsTrust::publicAuthorities().withPlain(true); }

    AgentLink::TransportMaker maker(test::Agent& agent) const
    {
        return [&agent] {
            return std::make_unique<legacy::LegacyTransport>(
                legacy::LegacyTransport::Site{agent.key.current(), agent.folder.filePath(u"legacy-3des"_s), [&agent] { return agent.outbox.acknowledgedSeq(); }}, trust());
        };
    }

    bool open(test::Agent& agent) { return agent.open(url(m_server->edge->port()), maker(agent)); }

    QVariant ofAgent(const QString& column, const QByteArray& id)
    {
        return *wait(m_server->database.read([column, id](QSqlDatabase db) -> Result<QVariant> {
            auto row = storage::query(db, u"SELECT "_s + column + u" FROM agent WHERE id = ?"_s, {id});
            return row && row->next() ? row->value(0) : QVariant();
        }));
    }

    /// The file of one submission, as the agent would send it.
    static QByteArray file(const channel::AgentIdentity& who, quint64 seq, protocol::EnvelopeType type = protocol::EnvelopeType::Data)
    {
        const QByteArray body = type == protocol::EnvelopeType::Gap ? protocol::Gap{seq, seq, u"overflow"_s}.encode() : protocol::Data{{}, {7}}.encode();
        return *legacy3des::seal({{who.agentId, who.epoch, seq}, type, body}, legacy3des::Keys::of(who.keys), "one");
    }

    int statusOf(const QByteArray& body)
    {
        http::Request request;
        request.body = body;
        request.peer = QHostAddress(QHostAddress::LocalHost);
        return wait(m_submissions->take(request)).status;
    }

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.*=false"_s);
        QVERIFY(crypto::start());
    }

    void init()
    {
        m_server = std::make_unique<test::Server>();
        QVERIFY(m_server->open());
        m_submissions = std::make_unique<legacy::LegacySubmissions>(
            legacy::LegacySubmissions::Services{m_server->database, *m_server->agents, *m_server->ingest, Clock::system()});
        m_submissions->attach(*m_server->edge);
        QVERIFY(m_server->edge->listen({}));
    }

    void cleanup()
    {
        m_server->edge.reset();
        m_submissions.reset();
        m_server.reset();
    }

    void storesWhatIsSubmitted()
    {
        test::Agent agent(m_server->enrol());
        QVERIFY(open(agent));
        agent.link->start();
        for (int total = 1; total <= 5; ++total)
            QVERIFY(agent.submit(total, total));
        QVERIFY(agent.delivers(5));
        QCOMPARE(m_server->storedTotals(), test::upTo(5));
        QCOMPARE(ofAgent(u"status"_s, agent.key.current().agentId).toString(), u"ACTIVE"_s);
        QVERIFY(ofAgent(u"transport"_s, agent.key.current().agentId).toString().contains(u"obsolete"_s));
        QVERIFY(agent.link->transportName().contains(u"obsolete"_s));
        QCOMPARE(agent.outbox.spool()->count(), 0);
    }

    void storesOnceWhatIsSentTwice()
    {
        chaosproxy::Proxy proxy(QHostAddress(QHostAddress::LocalHost), m_server->edge->port());
        QVERIFY(proxy.open());
        test::Agent agent(m_server->enrol());
        QVERIFY(agent.open(url(proxy.port()), maker(agent)));
        qint64 total = 0;
        for (const qint64 byte : {0, 1, 100, 150, 200}) { // of the answer: the file was stored, and nobody heard of it
            QVERIFY(agent.submit(++total));
            chaosproxy::Faults faults;
            faults.only = 1;
            faults.down.ending = chaosproxy::Ending::Cut;
            faults.down.endAfter = byte;
            proxy.setFaults(faults);
            agent.link->start();
            QVERIFY(agent.delivers(total));
            agent.link->stop();
        }
        chaosproxy::Faults twice;
        twice.isDuplicated = true;
        proxy.setFaults(twice);
        QVERIFY(agent.submit(++total));
        agent.link->start();
        QVERIFY(agent.delivers(total));
        QCOMPARE(m_server->storedTotals(), test::upTo(total));
        QVERIFY(m_server->ingest->counts().again > 0);
        QCOMPARE(m_server->ingest->counts().forks, 0u);
        agent.link.reset();
    }

    void leadsOneWay()
    {
        test::Agent agent(m_server->enrol());
        QVERIFY(agent.open(QUrl(u"ws://127.0.0.1:%1/a/v2/socket"_s.arg(m_server->edge->port())), [] { return std::make_unique<channel::WebSocketTransport>(trust()); }));
        QVERIFY(agent.submit(1));
        agent.link->start();
        QVERIFY(agent.delivers(1));
        agent.link->stop();

        agent.link.reset();
        AgentLink::Settings settings;
        settings.url = url(m_server->edge->port());
        settings.bootId = QByteArray(16, 'b');
        agent.link = std::make_unique<AgentLink>(agent.key, settings, agent.outbox, maker(agent));
        QVERIFY(agent.submit(2));
        agent.link->start();
        QVERIFY(eventually([&] { return agent.link->state() == AgentLink::State::Hibernating; }));
        QVERIFY(agent.link->reason().contains(u"legacy-3des"_s));
        QCOMPARE(m_server->storedTotals(), test::upTo(1));
        QCOMPARE(agent.outbox.spool()->count(), 1); // nothing is lost
    }

    void stopsHardAtTheServer()
    {
        const auto who = m_server->enrol();
        QCOMPARE(statusOf(file(who, 1)), 200);
        QVERIFY(wait(m_server->database.write([](QSqlDatabase db) -> Status {
            const auto done = storage::execute(db, u"UPDATE agent SET legacy_blocks = ?"_s, {legacy3des::mostBlocks - 3});
            return done ? Status() : fail(done.error());
        })));
        QCOMPARE(statusOf(file(who, 1)), 200); // a repetition costs nothing
        QCOMPARE(legacy3des::blocksOf(file(who, 2)), 3);
        QCOMPARE(statusOf(file(who, 2)), 200);
        QCOMPARE(ofAgent(u"legacy_blocks"_s, who.agentId).toLongLong(), legacy3des::mostBlocks);
        QCOMPARE(statusOf(file(who, 3)), 403);
        QCOMPARE(m_server->ingest->counts().envelopes, 2u);
    }

    void stopsHardAtTheAgent()
    {
        test::Agent agent(m_server->enrol());
        QVERIFY(writeDurably(agent.folder.filePath(u"legacy-3des"_s), "{\"seq\":\"0\",\"blocks\":1048570}"));
        QVERIFY(open(agent));
        QVERIFY(agent.submit(1));
        agent.link->start();
        QVERIFY(eventually([&] { return agent.link->state() == AgentLink::State::Hibernating; }));
        QVERIFY(agent.link->reason().contains(u"2^20"_s));
        QVERIFY(m_server->storedTotals().isEmpty());
    }

    void takesNothingFromStrangers()
    {
        const auto who = m_server->enrol();
        auto stranger = who;
        stranger.agentId = crypto::randomBytes(16);
        auto thief = who;
        thief.keys = crypto::AgentKeys::derive(crypto::randomSecret(32), who.agentId);
        QCOMPARE(statusOf("PLE1"), 400);
        QCOMPARE(statusOf(file(stranger, 1)), 403);
        QCOMPARE(statusOf(file(thief, 1)), 403);
        QCOMPARE(ofAgent(u"status"_s, who.agentId).toString(), u"PENDING"_s);
        QCOMPARE(statusOf(file(who, 1)), 200);
        QVERIFY(wait(m_server->agents->deactivate(who.agentId)));
        QCOMPARE(statusOf(file(who, 2)), 403);
        QCOMPARE(m_server->ingest->counts().envelopes, 1u);
    }

    void countsLossHonestly()
    {
        const auto who = m_server->enrol();
        QCOMPARE(statusOf(file(who, 3)), 200); // says nak, stores nothing
        QCOMPARE(m_server->ingest->counts().envelopes, 0u);
        QCOMPARE(ofAgent(u"legacy_seq"_s, who.agentId).toLongLong(), 0);
        QCOMPARE(statusOf(file(who, 1, protocol::EnvelopeType::Gap)), 200);
        QCOMPARE(m_server->ingest->counts().lost, 1u);
    }

    void isNotThereUnlessTheServerSaysSo()
    {
        test::Server plain;
        QVERIFY(plain.open() && plain.edge->listen({}));
        test::Agent agent(plain.enrol());
        QVERIFY(agent.open(url(plain.edge->port()), maker(agent)));
        QVERIFY(agent.submit(1));
        agent.link->start();
        QVERIFY(eventually([&] { return agent.link->state() == AgentLink::State::Hibernating; }));
        QVERIFY(agent.link->reason().contains(u"does not take"_s));
        agent.link.reset();
        plain.edge.reset();
    }
};

QTEST_GUILESS_MAIN(LegacyTest)
#include "LegacyTest.moc"
