// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <channel/SealedEnvelope.h>
#include <crypto/Crypto.h>
#include <protocol/Cbor.h>
#include <server/sessions/Activations.h>
#include <server/store/AgentStore.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

namespace {

const QHostAddress site(u"192.0.2.9"_s);

/// The agent's half of one run, message by message.
class Site {
public:
    Site(const crypto::Pin& pin, const Clock& clock)
        : m_activation(pin, crypto::generateRsa(),
              protocol::AgentInfo{u"0.1.0"_s, u"linux"_s, u"North\nOffice"_s}.encode(), clock)
    {
    }

    http::Request start(const QHostAddress& from = site) const
    {
        const auto& start = m_activation.start();
        return request(
            protocol::ActivateStart{2, start.locator, start.sid, start.ya, start.rsaPublic, start.info}.encode(), from);
    }

    http::Request confirm(const QByteArray& answer)
    {
        const auto reply = *protocol::ActivateStartReply::decode(answer);
        m_ta = *m_activation.confirm({reply.yb, reply.serverId, reply.spk, toMs(reply.serverTime)});
        return again();
    }

    /// The same M3 once more.
    http::Request again() const
    {
        return request(protocol::ActivateConfirm{m_activation.start().sid, m_ta}.encode(), site);
    }

    /// M4, judged: the box of a server that knows the PIN.
    Result<protocol::ActivationBox> finish(const QByteArray& answer)
    {
        const auto reply = protocol::ActivateConfirmReply::decode(answer);
        if (!reply)
            return fail(reply.error());
        const auto root = m_activation.finish(reply->ct, reply->tb);
        if (!root)
            return fail(root.error());
        m_root = *root;
        return channel::openActivationBox(reply->box, *root);
    }

    const Secret& root() const { return m_root; }

private:
    static http::Request request(const QByteArray& body, const QHostAddress& from)
    {
        http::Request made;
        made.method = "POST";
        made.body = body;
        made.peer = from;
        return made;
    }

    crypto::AgentActivation m_activation;
    QByteArray m_ta;
    Secret m_root;
};

QString errorOf(const http::Response& response)
{
    return protocol::decodeMap(response.body)->value(u"error"_s).toString();
}

} // namespace

class ActivationsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::FakeClock> m_clock;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<store::PinStore> m_pins;
    std::unique_ptr<store::AgentStore> m_agents;
    std::unique_ptr<sessions::Activations> m_activations;

    http::Response start(const http::Request& request) { return wait(m_activations->start(request)); }
    http::Response confirm(const http::Request& request) { return wait(m_activations->confirm(request)); }
    crypto::Pin pin() { return *wait(m_pins->create({})); }

    /// A PIN with the same locator that nobody made.
    static crypto::Pin wrong(const crypto::Pin& pin)
    {
        crypto::Pin other = crypto::Pin::generate();
        other.locator = pin.locator;
        other.characters = Secret(pin.locator.toLatin1() + other.characters.reveal().mid(crypto::Pin::locatorChars));
        return other;
    }

    /// M1 to M3 with this PIN: what M3 gets.
    http::Response attempt(const crypto::Pin& pin)
    {
        Site agent(pin, *m_clock);
        const auto reply = start(agent.start());
        return reply.status == 200 ? confirm(agent.confirm(reply.body)) : reply;
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_activations.reset();
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<test::FakeClock>();
        m_database =
            std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(u"kek"_s));
        m_pins = std::make_unique<store::PinStore>(*m_database, kek, *m_clock);
        m_agents = std::make_unique<store::AgentStore>(*m_database, kek, *m_clock);
        const auto installation = wait(store::Installation::loadOrCreate(*m_database, kek));
        m_activations = std::make_unique<sessions::Activations>(
            *m_pins, *installation, sessions::Activations::Settings{.tlsSpki = QByteArray(32, 's')}, *m_clock);
    }

    void activatesAnAgentThatKnowsThePin()
    {
        Site agent(pin(), *m_clock);
        const auto reply = start(agent.start());
        QCOMPARE(reply.status, 200);
        const auto answer = confirm(agent.confirm(reply.body));
        QCOMPARE(answer.status, 200);
        const auto box = agent.finish(answer.body);
        QVERIFY2(box, qPrintable(box ? QString() : box.error().detail));
        QCOMPARE(box->tlsSpki, QByteArray(32, 's'));
        const auto access = wait(m_agents->access(box->agentId));
        QVERIFY(access);
        QCOMPARE(access->status, store::AgentStatus::Pending);
        QCOMPARE(access->root, agent.root());
    }

    void answersTheSameM3AgainForTenMinutes()
    {
        Site agent(pin(), *m_clock);
        const auto answer = confirm(agent.confirm(start(agent.start()).body));
        m_clock->advance(std::chrono::minutes(9));
        QCOMPARE(confirm(agent.again()).body, answer.body);
        m_clock->advance(std::chrono::minutes(1));
        QCOMPARE(confirm(agent.again()).status, 410);
    }

    void keepsThePinWhenTheAgentNeverSaysHello()
    {
        const crypto::Pin made = pin();
        QCOMPARE(attempt(made).status, 200);
        QCOMPARE(attempt(made).status, 200);
    }

    void cannotBeAskedWhetherAPinExists()
    {
        const crypto::Pin made = pin();
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"a wrong PIN was tried"_s));
        const auto wrongPin = attempt(wrong(made));
        crypto::Pin unknown = wrong(made);
        unknown.locator = made.locator == u"0000" ? u"1111"_s : u"0000"_s;
        const auto unknownPin = attempt(unknown);
        QCOMPARE(wrongPin.status, 401);
        QCOMPARE(unknownPin.status, wrongPin.status);
        QCOMPARE(unknownPin.body, wrongPin.body);
        QCOMPARE(errorOf(wrongPin), u"notAuthenticated"_s);
    }

    void endsARunWithTheFirstWrongTag()
    {
        const crypto::Pin made = pin();
        Site agent(wrong(made), *m_clock);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"a wrong PIN was tried"_s));
        const auto message = agent.confirm(start(agent.start()).body);
        QCOMPARE(confirm(message).status, 401);
        QCOMPARE(confirm(message).status, 410);
    }

    void doesNotLetTheRightPinInWhileItMayNotBeTried()
    {
        const crypto::Pin made = pin();
        for (int i = 0; i < 5; ++i)
            QVERIFY(*wait(m_pins->charge(made.locator)));
        QCOMPARE(attempt(made).status, 401);
        m_clock->advance(std::chrono::minutes(10));
        QCOMPARE(attempt(made).status, 200);
    }

    void countsARunThatWasStartedBeforeTheLimit()
    {
        const crypto::Pin made = pin();
        Site agent(made, *m_clock);
        const auto reply = start(agent.start());
        for (int i = 0; i < 5; ++i)
            QVERIFY(*wait(m_pins->charge(made.locator)));
        QCOMPARE(confirm(agent.confirm(reply.body)).status, 401);
    }

    void limitsTheStartsOfOneSource()
    {
        Site agent(pin(), *m_clock);
        QCOMPARE(start(agent.start()).status, 200);
        for (int i = 1; i < 10; ++i)
            QCOMPARE(start(agent.start()).status, 409); // this sid was seen
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"too many activations from 192.0.2.9"_s));
        const auto refused = start(agent.start());
        QCOMPARE(refused.status, 429);
        QCOMPARE(errorOf(refused), u"tooManyAttempts"_s);
        QCOMPARE(start(agent.start(QHostAddress(u"192.0.2.10"_s))).status, 409);
        m_clock->advance(std::chrono::minutes(1));
        QCOMPARE(start(agent.start()).status, 409);
    }

    void forgetsARunThatTakesTooLong()
    {
        Site agent(pin(), *m_clock);
        const auto message = agent.confirm(start(agent.start()).body);
        m_clock->advance(std::chrono::seconds(61));
        QCOMPARE(confirm(message).status, 410);
    }

    void refusesWhatIsNoMessage_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("not CBOR") << QByteArray("hello");
        QTest::newRow("an empty map") << QByteArray("\xa0");
        QTest::newRow("deep") << QByteArray(100, '\x81');
        QTest::newRow("a length that is a lie") << QByteArray("\xbb\xff\xff\xff\xff\xff\xff\xff\xff", 9);
    }
    void refusesWhatIsNoMessage()
    {
        QFETCH(QByteArray, body);
        http::Request request;
        request.body = body;
        request.peer = site;
        QCOMPARE(start(request).status, 400);
        QCOMPARE(confirm(request).status, 400);
    }
};

PLATEN_TEST(ActivationsTest)
#include "ActivationsTest.moc"
