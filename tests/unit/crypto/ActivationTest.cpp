// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Activation.h>
#include <crypto/CPace.h>
#include <crypto/Crypto.h>
#include <crypto/KeySchedule.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QTest>

#include <thread>

using namespace platen;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using test::fill, test::protocolVector;

namespace {

const crypto::ServerActivation::Self self{fill(16, 0x30), fill(32, 0x40), 1'764'000'000'000};

/// Takes most of a second.
crypto::RsaKey newRsa()
{
    std::optional<crypto::RsaKey> key;
    std::thread([&] { key = crypto::generateRsa(); }).join(); // as in the product: on another thread
    return *std::move(key);
}

} // namespace

class ActivationTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void computesTheProtocolsVectors()
    {
        // reduce(fill(64, 0x11)) and reduce(fill(64, 0x77)), modulo the group's order.
        const Secret scalarA(QByteArray::fromHex("2b4cb4233b30edafc9e7d2556a5f363a0b6e8fe742a05e88cd9530b04ce65a00"));
        const Secret scalarB(QByteArray::fromHex("2b528ca52f0456be4cbc6e4cad9dd5f333baf1bd639b23db7fd31015be66cb01"));
        crypto::ActivationStart start{u"K7QM"_s, fill(16, 0xa0), {}, fill(422, 0x01), "\xa0"_ba};
        crypto::ActivationReply reply{{}, self.serverId, self.spk, self.serverTime};
        const QByteArray ct = fill(384, 0x05);

        const Secret g =
            crypto::cpace::generator(Secret("K7QM4XR2PD9"_ba), crypto::activation::channelIdentifier(), start.sid);
        QCOMPARE(g.reveal(), protocolVector("g"));
        start.ya = crypto::cpace::share(scalarA, g);
        reply.yb = crypto::cpace::share(scalarB, g);
        QCOMPARE(start.ya, protocolVector("Ya"));
        QCOMPARE(reply.yb, protocolVector("Yb"));
        const auto point = crypto::cpace::sharedPoint(scalarA, reply.yb);
        QVERIFY(point);
        QCOMPARE(point->reveal(), protocolVector("Z"));
        const Secret isk = crypto::cpace::sessionKey({start.sid, start.ya, crypto::activation::agentData(start),
                                                         reply.yb, crypto::activation::serverData(reply)},
            *point);
        QCOMPARE(isk.reveal(), protocolVector("ISK"));
        const Secret macKey = crypto::cpace::macKey(start.sid, isk);
        const QByteArray ta = crypto::activation::agentTag(macKey, start);
        QCOMPARE(ta, protocolVector("Ta"));
        QCOMPARE(crypto::activation::serverTag(macKey, reply, ct, ta), protocolVector("Tb"));
        QCOMPARE(crypto::rootKey(isk, Secret(fill(32, 0x90)), start.sid, 1).reveal(), protocolVector("K"));
    }

    void givesBothSidesTheSameKey()
    {
        const auto pin = crypto::Pin::generate();
        crypto::AgentActivation agent(pin, newRsa(), "info"_ba);
        QCOMPARE(agent.start().locator, pin.locator);
        QCOMPARE(agent.start().rsaPublic.size(), 422);
        auto server = crypto::ServerActivation::begin(pin.characters, agent.start(), self);
        QVERIFY(server);
        const auto ta = agent.confirm(server->reply());
        QVERIFY(ta);
        const auto confirmed = server->confirm(*ta);
        QVERIFY(confirmed);
        QCOMPARE(confirmed->ct.size(), 384);
        const auto root = agent.finish(confirmed->ct, confirmed->tb);
        QVERIFY(root);
        QCOMPARE(root->size(), 32);
        QVERIFY(crypto::equal(root->reveal(), confirmed->root.reveal()));
        QVERIFY2(!agent.finish(confirmed->ct, confirmed->tb), "everything is wiped after the last step");
        QVERIFY2(!server->confirm(*ta), "one guess a run");
    }

    void tellsTheServerThatThePinWasWrong()
    {
        crypto::AgentActivation agent(crypto::Pin::generate(), newRsa(), {});
        auto server = crypto::ServerActivation::begin(crypto::Pin::generate().characters, agent.start(), self);
        QVERIFY(server);
        const auto ta = agent.confirm(server->reply());
        QVERIFY(ta); // the agent cannot tell yet
        const auto refused = server->confirm(*ta);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NotAuthenticated);
    }

    void tellsTheAgentThatSomebodySitsBetween_data()
    {
        QTest::addColumn<QString>("altered");
        for (const auto* field : {"locator", "sid", "info", "rsaPublic", "serverId", "spk", "serverTime", "ct", "tb"})
            QTest::newRow(field) << QString::fromLatin1(field);
    }
    void tellsTheAgentThatSomebodySitsBetween()
    {
        QFETCH(QString, altered);
        static const crypto::RsaKey otherRsa = newRsa();
        const auto pin = crypto::Pin::generate();
        crypto::AgentActivation agent(pin, newRsa(), "info"_ba);
        crypto::ActivationStart start = agent.start();
        const auto flip = [](QByteArray& bytes) { bytes[0] = static_cast<char>(bytes[0] ^ 1); };
        if (altered == "locator"_L1)
            start.locator = u"0000"_s;
        if (altered == "sid"_L1)
            flip(start.sid);
        if (altered == "info"_L1)
            flip(start.info);
        if (altered == "rsaPublic"_L1) // a key of the one in the middle
            start.rsaPublic = otherRsa.publicKey();
        auto server = crypto::ServerActivation::begin(pin.characters, start, self);
        QVERIFY(server);
        crypto::ActivationReply reply = server->reply();
        if (altered == "serverId"_L1)
            flip(reply.serverId);
        if (altered == "spk"_L1)
            flip(reply.spk);
        if (altered == "serverTime"_L1)
            ++reply.serverTime;
        const auto ta = agent.confirm(reply);
        QVERIFY(ta);
        auto confirmed = server->confirm(*ta);
        if (!altered.startsWith("ct"_L1) && !altered.startsWith("tb"_L1)) {
            QVERIFY(!confirmed);
            return;
        }
        QVERIFY(confirmed);
        flip(altered == "ct"_L1 ? confirmed->ct : confirmed->tb);
        const auto root = agent.finish(confirmed->ct, confirmed->tb);
        QVERIFY(!root);
        QCOMPARE(root.error().code, ErrorCode::NotAuthenticated);
    }

    void refusesFieldsOfTheWrongSize()
    {
        const auto pin = crypto::Pin::generate();
        crypto::AgentActivation agent(pin, newRsa(), {});
        const auto begin = [&](auto change) {
            crypto::ActivationStart start = agent.start();
            change(start);
            const auto server = crypto::ServerActivation::begin(pin.characters, start, self);
            return server ? ErrorCode::Internal : server.error().code;
        };
        QCOMPARE(begin([](auto& start) { start.sid.chop(1); }), ErrorCode::Malformed);
        QCOMPARE(begin([](auto& start) { start.ya.chop(1); }), ErrorCode::Malformed);
        QCOMPARE(begin([](auto& start) { start.rsaPublic = QByteArray(422, 'x'); }), ErrorCode::Malformed);
        QCOMPARE(begin([](auto& start) { start.ya.fill('\0'); }), ErrorCode::CryptoFailed);

        crypto::ActivationReply reply{QByteArray(32, '\0'), self.serverId, self.spk, self.serverTime};
        QCOMPARE(agent.confirm(reply).error().code, ErrorCode::CryptoFailed);
        QCOMPARE(agent.confirm(reply).error().code, ErrorCode::Expired); // and that was the end of this run
    }

    void forgetsEverythingAfterAMinute()
    {
        test::FakeClock clock;
        const auto pin = crypto::Pin::generate();
        crypto::AgentActivation agent(pin, newRsa(), {}, clock);
        auto server = crypto::ServerActivation::begin(pin.characters, agent.start(), self, clock);
        QVERIFY(server);
        clock.advance(60s);
        const auto ta = agent.confirm(server->reply());
        QVERIFY(ta);
        clock.advance(1ms);
        QCOMPARE(server->confirm(*ta).error().code, ErrorCode::Expired);
        QCOMPARE(agent.finish(QByteArray(384, 'x'), QByteArray(32, 'x')).error().code, ErrorCode::Expired);
    }
};

PLATEN_TEST(ActivationTest)
#include "ActivationTest.moc"
