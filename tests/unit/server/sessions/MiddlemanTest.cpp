// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <channel/AgentGreeting.h>
#include <channel/SealedEnvelope.h>
#include <channel/ServerHandshake.h>
#include <crypto/Activation.h>
#include <crypto/Crypto.h>
#include <protocol/Cbor.h>
#include <protocol/Messages.h>
#include <server/sessions/Activations.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QCborMap>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

namespace {

/// How many bytes of a field lie between two that are changed; PLATEN_MIDDLEMAN_STEP=1 is the full count.
qsizetype step()
{
    return qEnvironmentVariableIsSet("PLATEN_MIDDLEMAN_STEP") ? qEnvironmentVariableIntValue("PLATEN_MIDDLEMAN_STEP") : 23;
}

/// What the one in the middle does to the bytes of a message.
using Change = std::function<QByteArray(const QByteArray&)>;

enum class Message { M1, M2, M3, M4, M5, HelloAck };

/// A change of one field of a CBOR map.
Change inField(const QString& field, const std::function<QCborValue(const QCborValue&)>& how)
{
    return [=](const QByteArray& message) {
        QCborMap map = *protocol::decodeMap(message);
        map.insert(field, how(map.value(field)));
        return protocol::encodeMap(map);
    };
}

QByteArray flipped(QByteArray bytes, qsizetype at, char bits)
{
    bytes[at] = static_cast<char>(bytes[at] ^ bits);
    return bytes;
}

} // namespace

/// Somebody between an agent and its server who changes one message of an activation: PROTOCOL.md §2, M1 to M5.
class MiddlemanTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::FakeClock> m_clock;
    std::unique_ptr<storage::Database> m_database;
    std::unique_ptr<store::PinStore> m_pins;
    std::unique_ptr<store::AgentStore> m_agents;
    std::unique_ptr<sessions::Activations> m_activations;
    std::optional<crypto::RsaKey> m_rsa;

    http::Request request(const QByteArray& body) const
    {
        http::Request made;
        made.method = "POST";
        made.body = body;
        made.peer = QHostAddress(u"192.0.2.9"_s);
        return made;
    }

    /// The whole activation of one agent with one message changed; who noticed, or nothing when nobody did.
    std::optional<QString> noticedBy(Message which, const Change& change)
    {
        m_clock->advance(std::chrono::minutes(1)); // the limits are another test's
        const crypto::Pin pin = *wait(m_pins->create({}));
        const auto changed = [&](Message message, const QByteArray& bytes) { return message == which ? change(bytes) : bytes; };
        crypto::AgentActivation agent(pin, *m_rsa, protocol::AgentInfo{u"0.1.0"_s, u"linux"_s, u"North"_s}.encode(), *m_clock);
        const auto& start = agent.start();
        const auto m2 = wait(m_activations->start(request(changed(Message::M1,
            protocol::ActivateStart{2, start.locator, start.sid, start.ya, start.rsaPublic, start.info}.encode()))));
        if (m2.status != 200)
            return u"server at M1"_s;
        const auto reply = protocol::ActivateStartReply::decode(changed(Message::M2, m2.body));
        const auto ta = reply ? agent.confirm({reply->yb, reply->serverId, reply->spk, toMs(reply->serverTime)}) : fail(reply.error());
        if (!ta)
            return u"agent at M2"_s;
        const auto m4 = wait(m_activations->confirm(
            request(changed(Message::M3, protocol::ActivateConfirm{start.sid, *ta}.encode()))));
        if (m4.status != 200)
            return u"server at M3"_s;
        const auto answer = protocol::ActivateConfirmReply::decode(changed(Message::M4, m4.body));
        const auto root = answer ? agent.finish(answer->ct, answer->tb) : fail(answer.error());
        const auto box = root ? channel::openActivationBox(answer->box, *root) : fail(root.error());
        if (!box)
            return u"agent at M4"_s;
        return greet({box->agentId, box->epoch, crypto::AgentKeys::derive(*root, box->agentId)}, changed);
    }

    std::optional<QString> greet(
        const channel::AgentIdentity& identity, const std::function<QByteArray(Message, const QByteArray&)>& changed)
    {
        channel::AgentGreeting greeting(identity);
        channel::ServerHandshake handshake;
        protocol::Hello hello;
        hello.bootId = QByteArray(16, 'b');
        const auto caller = handshake.hello(changed(Message::M5, greeting.hello(hello, m_clock->now())));
        const auto access = caller ? wait(m_agents->access(caller->agentId)) : fail(caller.error());
        if (!access || access->epoch != caller->epoch)
            return u"server at M5"_s;
        const auto ack = handshake.answer(crypto::AgentKeys::derive(access->root, caller->agentId), {access->hwm, m_clock->now(), 0, {}});
        if (!ack)
            return u"server at M5"_s;
        if (!greeting.accept(changed(Message::HelloAck, *ack)))
            return u"agent at HELLO_ACK"_s;
        return std::nullopt;
    }

    void everyByteOf(Message message, const QString& name, const QString& field, qsizetype size, int& count)
    {
        for (qsizetype at = 0; at < size; at = at == size - 1 ? size : std::min(at + step(), size - 1)) {
            const char bits = static_cast<char>(1 << ((at + count) % 8));
            const auto change = inField(field, [=](const QCborValue& value) {
                return value.isString() ? QCborValue(QString::fromLatin1(flipped(value.toString().toLatin1(), at, bits)))
                                        : QCborValue(flipped(value.toByteArray(), at, bits));
            });
            QVERIFY2(noticedBy(message, change), qPrintable(u"%1.%2, byte %3"_s.arg(name, field).arg(at)));
            ++count;
        }
    }

    /// Also removed, emptied, one byte short, one too many, and of another type.
    void everyShapeOf(Message message, const QString& name, const QString& field, int& count)
    {
        const auto shapes = {inField(field, [](const QCborValue&) { return QCborValue(); }),
            inField(field, [](const QCborValue&) { return QCborValue(QByteArray()); }),
            inField(field, [](const QCborValue& value) { return QCborValue(value.toByteArray().chopped(value.toByteArray().isEmpty() ? 0 : 1)); }),
            inField(field, [](const QCborValue& value) { return QCborValue(value.toByteArray() + 'x'); }),
            inField(field, [](const QCborValue& value) { return QCborValue(QByteArray(value.toByteArray().size(), '\0')); }),
            inField(field, [](const QCborValue& value) { return value.isInteger() ? QCborValue(value.toInteger() + 1) : QCborValue(7); })};
        int shape = 0;
        for (const Change& change : shapes) {
            QVERIFY2(noticedBy(message, change), qPrintable(u"%1.%2, shape %3"_s.arg(name, field).arg(shape++)));
            ++count;
        }
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_rsa = crypto::generateRsa();
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = std::make_unique<test::FakeClock>();
        m_database = std::make_unique<storage::Database>(storage::Database::Settings{.name = m_folder->filePath(u"t.sqlite"_s)});
        QVERIFY(wait(m_database->open()));
        QVERIFY(wait(store::migrate(*m_database)));
        const auto kek = *crypto::KeyEncryptionKey::loadOrCreate(m_folder->filePath(u"kek"_s));
        m_pins = std::make_unique<store::PinStore>(*m_database, kek, *m_clock);
        m_agents = std::make_unique<store::AgentStore>(*m_database, kek, *m_clock);
        const auto installation = wait(store::Installation::loadOrCreate(*m_database, kek));
        m_activations = std::make_unique<sessions::Activations>(
            *m_pins, *installation, sessions::Activations::Settings{.tlsSpki = QByteArray(32, 's')}, *m_clock);
    }
    void cleanupTestCase() { m_activations.reset(); }

    void letsPassWhatNobodyChanged()
    {
        QCOMPARE(noticedBy(Message::M1, [](const QByteArray& bytes) { return bytes; }), std::nullopt);
        // …and what changes nothing: the order of a map's keys is not what is signed, but what is in it.
        QCOMPARE(noticedBy(Message::M1, [](const QByteArray& bytes) { return protocol::encodeMap(*protocol::decodeMap(bytes)); }), std::nullopt);
    }

    void isNoticedWhicheverFieldItChanges_data()
    {
        QTest::addColumn<int>("message");
        QTest::addColumn<QString>("field");
        QTest::addColumn<int>("size"); // 0: no bytes
        const auto add = [](Message message, const char* name, const QString& field, int size) {
            QTest::addRow("%s.%s", name, qPrintable(field)) << int(message) << field << size;
        };
        add(Message::M1, "M1", u"ver"_s, 0);
        add(Message::M1, "M1", u"locator"_s, 4);
        add(Message::M1, "M1", u"sid"_s, 16);
        add(Message::M1, "M1", u"Ya"_s, 32);
        add(Message::M1, "M1", u"rsaPublic"_s, 422);
        add(Message::M1, "M1", u"info"_s, int(protocol::AgentInfo{u"0.1.0"_s, u"linux"_s, u"North"_s}.encode().size()));
        add(Message::M2, "M2", u"Yb"_s, 32);
        add(Message::M2, "M2", u"serverId"_s, 16);
        add(Message::M2, "M2", u"spk"_s, 32);
        add(Message::M2, "M2", u"serverTime"_s, 0);
        add(Message::M3, "M3", u"sid"_s, 16);
        add(Message::M3, "M3", u"Ta"_s, 32);
        add(Message::M4, "M4", u"ct"_s, 384);
        add(Message::M4, "M4", u"Tb"_s, 32);
        add(Message::M4, "M4", u"box"_s, 150); // at least
    }
    void isNoticedWhicheverFieldItChanges()
    {
        QFETCH(const int, message);
        QFETCH(const QString, field);
        QFETCH(const int, size);
        int count = 0;
        everyByteOf(Message(message), QString::fromUtf8(QTest::currentDataTag()), field, size, count);
        everyShapeOf(Message(message), QString::fromUtf8(QTest::currentDataTag()), field, count);
        qInfo() << QTest::currentDataTag() << count << "changes, all noticed";
    }

    void isNoticedWhicheverByteOfTheGreetingItChanges_data()
    {
        QTest::addColumn<int>("message");
        QTest::newRow("M5 HELLO") << int(Message::M5);
        QTest::newRow("HELLO_ACK") << int(Message::HelloAck);
    }
    void isNoticedWhicheverByteOfTheGreetingItChanges()
    {
        QFETCH(const int, message);
        qsizetype size = 0;
        QCOMPARE(noticedBy(Message(message), [&](const QByteArray& bytes) { size = bytes.size(); return bytes; }), std::nullopt);
        int count = 0;
        for (qsizetype at = 0; at < size; at += std::max(qsizetype(1), step() / 3)) {
            QVERIFY2(noticedBy(Message(message), [&](const QByteArray& bytes) { return flipped(bytes, at, static_cast<char>(1 << (at % 8))); }),
                qPrintable(QString::number(at)));
            ++count;
        }
        for (const qsizetype length : {qsizetype(0), qsizetype(47), size - 1}) {
            QVERIFY(noticedBy(Message(message), [&](const QByteArray& bytes) { return bytes.first(length); }));
            ++count;
        }
        QVERIFY(noticedBy(Message(message), [](const QByteArray& bytes) { return bytes + 'x'; }));
        qInfo() << count + 1 << "changes, all noticed";
    }

    /// M4 of another run, M2 of another server: whole messages that were genuine somewhere.
    void isNoticedWhenItMixesRuns()
    {
        QByteArray other;
        (void)noticedBy(Message::M2, [&](const QByteArray& bytes) { other = bytes; return bytes; });
        QVERIFY(noticedBy(Message::M2, [&](const QByteArray&) { return other; }));
        (void)noticedBy(Message::M4, [&](const QByteArray& bytes) { other = bytes; return bytes; });
        QVERIFY(noticedBy(Message::M4, [&](const QByteArray&) { return other; }));
        (void)noticedBy(Message::M5, [&](const QByteArray& bytes) { other = bytes; return bytes; });
        QVERIFY(noticedBy(Message::HelloAck, [&](const QByteArray&) { return other; }));
    }
};

PLATEN_TEST(MiddlemanTest)
#include "MiddlemanTest.moc"
