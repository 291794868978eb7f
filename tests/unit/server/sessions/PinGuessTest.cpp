// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Activation.h>
#include <crypto/CPace.h>
#include <crypto/Crypto.h>
#include <protocol/Messages.h>
#include <server/sessions/Activations.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QHash>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

namespace {

constexpr int livePins = 1000;
constexpr QLatin1StringView alphabet("0123456789ABCDEFGHJKMNPQRSTVWXYZ");

/// How often the attacker guesses; PLATEN_PIN_GUESSES=1000000 is the full count.
int guesses() { return qEnvironmentVariableIsSet("PLATEN_PIN_GUESSES") ? qEnvironmentVariableIntValue("PLATEN_PIN_GUESSES") : 6'000; }

QString locator(int number)
{
    QString text;
    for (int i = 0; i < crypto::Pin::locatorChars; ++i, number /= 32)
        text.append(alphabet[number % 32]);
    return text;
}

/// Somebody who does the arithmetic of an activation with a PIN that is a guess.
class Guess {
public:
    Guess(const QString& locator, const QByteArray& secret, const QByteArray& rsaPublic)
        : m_scalar(crypto::cpace::randomScalar())
    {
        const QByteArray sid = crypto::randomBytes(16);
        const Secret generator = crypto::cpace::generator(
            Secret(locator.toLatin1() + secret), crypto::activation::channelIdentifier(), sid);
        m_start = {locator, sid, crypto::cpace::share(m_scalar, generator), rsaPublic,
            protocol::AgentInfo{u"0.1.0"_s, u"linux"_s, {}}.encode()};
    }

    http::Request m1(const QHostAddress& from) const
    {
        return request(
            protocol::ActivateStart{2, m_start.locator, m_start.sid, m_start.ya, m_start.rsaPublic, m_start.info}.encode(), from);
    }

    http::Request m3(const QByteArray& m2, const QHostAddress& from) const
    {
        const auto reply = *protocol::ActivateStartReply::decode(m2);
        const crypto::ActivationReply told{reply.yb, reply.serverId, reply.spk, toMs(reply.serverTime)};
        const Secret isk = crypto::cpace::sessionKey(
            {m_start.sid, m_start.ya, crypto::activation::agentData(m_start), reply.yb, crypto::activation::serverData(told)},
            *crypto::cpace::sharedPoint(m_scalar, reply.yb));
        return request(protocol::ActivateConfirm{m_start.sid,
                           crypto::activation::agentTag(crypto::cpace::macKey(m_start.sid, isk), m_start)}
                           .encode(),
            from);
    }

private:
    static http::Request request(const QByteArray& body, const QHostAddress& from)
    {
        http::Request made;
        made.method = "POST";
        made.body = body;
        made.peer = from;
        return made;
    }

    Secret m_scalar;
    crypto::ActivationStart m_start;
};

} // namespace

/// Guessing against the real Activations, with addresses of many networks and a clock that runs as fast as the limits want.
class PinGuessTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::FakeClock> m_clock;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<store::PinStore> m_pins;
    std::unique_ptr<sessions::Activations> m_activations;
    QByteArray m_rsaPublic;
    QHash<int, int> m_answers; ///< of M3, by HTTP status
    QHash<QString, crypto::Pin> m_live; ///< by locator

    struct Target {
        QString locator;
        QByteArray secret;
    };

    static QByteArray randomSecret()
    {
        QByteArray secret(7, Qt::Uninitialized);
        for (char& character : secret)
            character = alphabet[QRandomGenerator::global()->bounded(32)].toLatin1();
        return secret;
    }

    /// Half of them IPv4 addresses, half IPv6, each in a network of its own.
    static QHostAddress source(int number)
    {
        return number % 2 ? QHostAddress(u"2001:db8:%1:7::%2"_s.arg(number, 0, 16).arg(QRandomGenerator::global()->bounded(1, 60'000), 0, 16))
                          : QHostAddress(u"198.%1.7.%2"_s.arg(number % 200).arg(1 + number / 200));
    }

    static QCoro::Task<bool> guess(PinGuessTest* self, Target target, QHostAddress from)
    {
        const Guess attempt(target.locator, target.secret, self->m_rsaPublic);
        const auto m2 = co_await self->m_activations->start(attempt.m1(from));
        if (m2.status != 200)
            co_return self->count(m2.status);
        const auto m4 = co_await self->m_activations->confirm(attempt.m3(m2.body, from));
        co_return self->count(m4.status);
    }
    bool count(int status)
    {
        ++m_answers[status];
        return status == 200;
    }

    /// One guess at each of the targets, all at once; how many hit.
    int guessAll(const QList<Target>& targets)
    {
        std::vector<QCoro::Task<bool>> tasks;
        int number = 0;
        for (const Target& target : targets)
            tasks.push_back(guess(this, target, source(number++ / 8)));
        int hits = 0;
        for (auto& task : tasks)
            hits += wait(std::move(task), std::chrono::minutes(5));
        m_clock->advance(std::chrono::minutes(1));
        return hits;
    }

    void makePin()
    {
        const crypto::Pin pin = *wait(m_pins->create({.life = std::chrono::hours(30 * 24)}));
        m_live.insert(pin.locator, pin);
    }

    bool canActivate(const crypto::Pin& pin)
    {
        return guessAll({{pin.locator, pin.characters.reveal().mid(crypto::Pin::locatorChars)}}) == 1;
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_rsaPublic = crypto::generateRsa().publicKey();
    }

    void init()
    {
        m_activations.reset();
        m_answers.clear();
        m_live.clear();
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<test::FakeClock>();
        m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(u"kek"_s));
        m_pins = std::make_unique<store::PinStore>(*m_database, kek, *m_clock);
        const auto installation = wait(store::Installation::loadOrCreate(*m_database, kek));
        m_activations =
            std::make_unique<sessions::Activations>(*m_pins, *installation, sessions::Activations::Settings{}, *m_clock);
    }

    /// Locators are public knowledge: each of them is tried in turn, which costs a live PIN one of its twenty tries a walk.
    void losesNoPinToAWalkOverAllLocators()
    {
        while (m_live.size() < livePins)
            makePin();
        QVERIFY(canActivate(*m_live.begin())); // the attack is one: with the right PIN it succeeds
        int hits = 0;
        for (int at = 0; at < guesses();) {
            QList<Target> targets;
            for (int i = 0; i < 120; ++i, ++at)
                targets.append({locator(at % (1 << 20)), randomSecret()});
            if (guesses() < 100'000) // a short walk would meet too few of the live ones
                for (int i = 0; i < 4; ++i)
                    targets[i * 30].locator = std::next(m_live.begin(), (at / 30 + i) % livePins).key();
            hits += guessAll(targets);
        }
        qInfo() << guesses() << "guesses, answers by status:" << m_answers;
        QCOMPARE(hits, 0);
        const auto rows = *wait(m_pins->list());
        QCOMPARE(rows.size(), livePins);
        QVERIFY(std::ranges::any_of(rows, [](const auto& row) { return row.failures > 0; }));
        for (int i = 0; i < 20; ++i)
            QVERIFY(canActivate(*std::next(m_live.begin(), i * 50)));
    }

    /// Who knows which locators are in use burns PINs, and still guesses none.
    void burnsWhatIsGuessedAtAndIsNotHit()
    {
        while (m_live.size() < livePins)
            makePin();
        const int directed = std::max(2'400, guesses() / 10);
        int hits = 0, burnt = 0;
        for (int at = 0; at < directed;) {
            QList<Target> targets;
            for (int i = 0; i < 120; ++i, ++at) // six at a time, until they are burnt
                targets.append({std::next(m_live.begin(), i % 6).key(), randomSecret()});
            hits += guessAll(targets);
            m_clock->advance(std::chrono::minutes(9)); // the most that the limits let through
            const auto rows = *wait(m_pins->list());
            QSet<QString> left;
            for (const auto& row : rows) {
                left.insert(row.locator);
                QVERIFY(row.failures < store::pinLimit::burntAt);
            }
            burnt += int(m_live.removeIf([&](auto pin) { return !left.contains(pin.key()); }));
            while (m_live.size() < livePins)
                makePin();
        }
        qInfo() << directed << "guesses at live PINs," << burnt << "burnt, answers by status:" << m_answers;
        QCOMPARE(hits, 0);
        QVERIFY(burnt > 0);
    }

    /// More sources than one could block: the crowd as a whole gets 120 wrong tries a minute.
    void listensToNoMoreThanSoManyWrongPinsAMinute()
    {
        QList<Target> targets;
        for (int i = 0; i < 800; ++i)
            targets.append({locator(i), randomSecret()});
        guessAll(targets);
        QCOMPARE(m_answers.value(401), 120);
        QCOMPARE(m_answers.value(503), 680);
        makePin();
        QVERIFY(canActivate(*m_live.begin())); // a minute later
    }

    /// A provider's whole /48 has 65,536 networks of a customer: together they are six sources.
    void countsANetworkAsAFewSources()
    {
        int allowed = 0;
        for (int i = 0; i < 200; ++i) {
            const Guess attempt(locator(i), randomSecret(), m_rsaPublic);
            allowed += wait(m_activations->start(attempt.m1(QHostAddress(u"2001:db8:1:%1::1"_s.arg(i, 0, 16))))).status == 200;
        }
        QCOMPARE(allowed, 60);
        allowed = 0;
        for (int i = 0; i < 200; ++i) {
            const Guess attempt(locator(i), randomSecret(), m_rsaPublic);
            allowed += wait(m_activations->start(attempt.m1(QHostAddress(u"192.0.2.%1"_s.arg(i))))).status == 200;
        }
        QCOMPARE(allowed, 60);
    }
};

PLATEN_TEST(PinGuessTest)
#include "PinGuessTest.moc"
