// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <crypto/KeySchedule.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QTest>

using namespace platen;
using test::fill, test::protocolVector;

class KeyScheduleTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void derivesTheProtocolsVectors()
    {
        const Secret isk(protocolVector("ISK"));
        const Secret root = crypto::rootKey(isk, Secret(fill(32, 0x90)), fill(16, 0xa0), 1);
        QCOMPARE(root.reveal(), protocolVector("K"));
        const auto keys = crypto::AgentKeys::derive(root, fill(16, 0xc0));
        QCOMPARE(keys.a2s.reveal(), protocolVector("k_a2s"));
        QCOMPARE(keys.ack.reveal(), protocolVector("k_ack"));
        QCOMPARE(keys.heartbeat.reveal(), protocolVector("k_hb"));
        QCOMPARE(keys.s2a(fill(16, 0xd0), fill(16, 0xe0)).reveal(), protocolVector("k_s2a"));
        QCOMPARE(keys.legacyKey().reveal(), protocolVector("k_v1_128"));
        QCOMPARE(keys.legacyMacKey().reveal(), protocolVector("k_v1_mac"));
    }

    void derivesTheNextEpochFromBothMessagesOfARekey()
    {
        const Secret root(protocolVector("K")), r(fill(32, 0x90));
        const QByteArray request = fill(300, 1), reply = fill(390, 2); // each has a length of two LEB128 bytes
        const QByteArray both = QByteArray::fromHex("ac02") + request + QByteArray::fromHex("8603") + reply;
        const Secret made = crypto::rekeyedRoot(root, r, request, reply, 2);
        QCOMPARE(made.reveal(),
            crypto::hkdf(Secret(root.reveal() + r.reveal()), crypto::sha256(both),
                QByteArray("PLT2 root") + QByteArray::fromHex("00000002"), 32)
                .reveal());
        QVERIFY(made != crypto::rekeyedRoot(root, r, reply, request, 2));
        QVERIFY(made != crypto::rekeyedRoot(root, r, request, reply, 3));
        QVERIFY(made != crypto::rekeyedRoot(root, Secret(fill(32, 0x91)), request, reply, 2));
    }

    void givesEveryAgentAndEpochItsOwnKeys()
    {
        const Secret isk(fill(64, 1)), r(fill(32, 2));
        const Secret first = crypto::rootKey(isk, r, fill(16, 3), 1), second = crypto::rootKey(isk, r, fill(16, 3), 2);
        QVERIFY(first != second);
        QVERIFY(crypto::AgentKeys::derive(first, fill(16, 4)).a2s != crypto::AgentKeys::derive(first, fill(16, 5)).a2s);
    }
};

PLATEN_TEST(KeyScheduleTest)
#include "KeyScheduleTest.moc"
