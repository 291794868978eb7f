// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/KeyRing.h>
#include <crypto/Crypto.h>
#include <testkit/Program.h>

#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::Enrolment;
using agent::KeyRing;

/// Each life begins with what the files hold, as after a kill.
class KeyRingTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    Secret m_first, m_second;

    crypto::KeyFile file() const
    {
        return crypto::KeyFile({.file = m_folder->filePath(u"agent.key"_s), .wrappingKey = m_folder->filePath(u"far/key"_s)});
    }

    KeyRing life() const
    {
        const auto enrolment = Enrolment::decode(*file().load());
        return KeyRing(*enrolment, file(), m_folder->filePath(u"session"_s));
    }

    static QList<quint32> greetsWith(const KeyRing& ring)
    {
        QList<quint32> epochs;
        for (const channel::AgentIdentity& identity : ring.candidates())
            epochs.append(identity.epoch);
        return epochs;
    }

    static QByteArray sealed(const channel::AgentIdentity& identity, quint64 seq)
    {
        protocol::EnvelopeHeader header;
        header.agentId = identity.agentId;
        header.epoch = identity.epoch;
        header.seq = seq;
        return channel::sealEnvelope(header, "hello", identity.keys.a2s);
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_first = crypto::randomSecret(32);
        m_second = crypto::randomSecret(32);
        Enrolment enrolment;
        enrolment.agentId = crypto::randomBytes(16);
        enrolment.root = m_first;
        enrolment.server = QUrl(u"https://127.0.0.1"_s);
        QVERIFY(file().save(enrolment.encode()));
    }

    void countsSessionsOverItsLives()
    {
        QCOMPARE(life().session(), 0u);
        QCOMPARE(life().countSession(), 1u);
        QCOMPARE(life().countSession(), 2u);
        QCOMPARE(life().session(), 2u);
    }

    void saysTheOldCountWhenItCannotBeWritten()
    {
        QCOMPARE(life().countSession(), 1u);
        QVERIFY(QDir().mkpath(m_folder->filePath(u"file"_s)));
        QFile::remove(m_folder->filePath(u"session"_s));
        QVERIFY(QDir().mkpath(m_folder->filePath(u"session/in the way"_s)));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"cannot count this session"_s));
        KeyRing ring = life();
        QCOMPARE(ring.countSession(), 0u);
        QCOMPARE(ring.session(), 0u);
    }

    void keepsANewKeyBesideTheOldUntilTheServerHasShownWhichCounts()
    {
        QVERIFY(life().add(2, m_second, 0));
        QCOMPARE(greetsWith(life()), (QList<quint32>{2, 1}));
        QCOMPARE(life().current().epoch, 1u); // seals under the old one meanwhile
        QVERIFY(life().settle(2, 5, 9));
        QCOMPARE(greetsWith(life()), (QList<quint32>{2, 1})); // a server that is put back may know the old one only
        QCOMPARE(life().current().epoch, 2u);
        QCOMPARE(life().current().keys.root, m_second);
    }

    void forgetsAKeyThatTheServerDoesNotKnow()
    {
        QVERIFY(life().add(2, m_second, 0));
        QVERIFY(life().settle(1, 0, 0));
        QCOMPARE(greetsWith(life()), (QList<quint32>{1}));
        QVERIFY(life().isOnlyKey());
    }

    void goesBackWithAServerThatWasPutBack()
    {
        QVERIFY(life().add(2, m_second, 0));
        QVERIFY(life().settle(2, 5, 9));
        const QByteArray envelope = sealed(life().current(), 10);
        QVERIFY(life().settle(1, 5, 10));
        QCOMPARE(life().current().keys.root, m_first);
        QCOMPARE(greetsWith(life()), (QList<quint32>{1}));
        QVERIFY(life().open(envelope)); // what waits under the lost key still opens
    }

    void opensWhatAnyOfItsKeysSealed()
    {
        const QByteArray old = sealed(life().current(), 3);
        QVERIFY(life().add(2, m_second, 0));
        QVERIFY(life().settle(2, 2, 3));
        const KeyRing ring = life();
        QCOMPARE(ring.open(old)->body, QByteArray("hello"));
        QCOMPARE(ring.open(sealed(ring.current(), 4))->body, QByteArray("hello"));
        QByteArray forged = old;
        forged.back() = char(forged.back() ^ 1);
        QVERIFY(!ring.open(forged));
    }

    void greetsUnderNoOldKeyAfterAFork()
    {
        QVERIFY(life().add(2, m_second, 40)); // somebody else has the old one
        QCOMPARE(life().resumesAfter(2), 40u);
        QCOMPARE(life().resumesAfter(1), 0u);
        QVERIFY(life().settle(2, 5, 9));
        QCOMPARE(greetsWith(life()), (QList<quint32>{2}));
        QCOMPARE(life().resumesAfter(2), 40u); // again is free, so it stays until the next key
    }

    void forgetsOldKeysThatNothingIsSealedUnder()
    {
        for (quint32 epoch = 2; epoch < 8; ++epoch) {
            QVERIFY(life().add(epoch, crypto::randomSecret(32), 0));
            QVERIFY(life().settle(epoch, 10 * epoch, 10 * epoch));
        }
        QCOMPARE(life().enrolment().former.size(), 1);
        QCOMPARE(greetsWith(life()), (QList<quint32>{7, 6}));
    }

    void keepsTheKeysOfLogins()
    {
        const Secret before = life().enrolment().loginSalt();
        QVERIFY(life().add(2, m_second, 0));
        QVERIFY(life().settle(2, 0, 0));
        QCOMPARE(life().enrolment().loginSalt(), before);
    }
};

PLATEN_TEST(KeyRingTest)
#include "KeyRingTest.moc"
