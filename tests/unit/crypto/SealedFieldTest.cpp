// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/File.h>
#include <crypto/Crypto.h>
#include <crypto/SealedField.h>
#include <testkit/Program.h>

#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class SealedFieldTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        QVERIFY(m_folder.isValid());
    }

    void makesAKeyOnceThatOnlyItsOwnerMayRead()
    {
        const QString path = m_folder.filePath(u"kek"_s);
        QCOMPARE(crypto::KeyEncryptionKey::load(path).error().code, ErrorCode::NotFound);
        const auto first = crypto::KeyEncryptionKey::loadOrCreate(path),
                   second = crypto::KeyEncryptionKey::loadOrCreate(path);
        QVERIFY(first && second);
        QCOMPARE(first->id(), second->id());
        QCOMPARE(first->id().size(), 4);
        QCOMPARE(QFile::permissions(path) & ~(QFile::ReadUser | QFile::WriteUser | QFile::ExeUser), QFile::ReadOwner);
    }

    void opensAFieldAtItsPlaceOnly()
    {
        const auto key = crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"places"_s));
        QVERIFY(key);
        const QByteArray sealed = key->seal("K of an agent", "agent", "root_key", 7);
        QCOMPARE(key->open(sealed, "agent", "root_key", 7), "K of an agent"_ba);
        QCOMPARE(key->open(sealed, "agent", "root_key", QByteArrayView("7")), "K of an agent"_ba);
        QVERIFY(!key->open(sealed, "agent", "root_key", 8));
        QVERIFY(!key->open(sealed, "agent", "root_ke", QByteArrayView("y7")));
        QVERIFY(!key->open(sealed, "agentroot", "_key", 7));
    }

    void refusesWhatWasAltered()
    {
        const auto key = crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"altered"_s));
        QVERIFY(key);
        const QByteArray sealed = key->seal("secret", "pin", "characters", 1);
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray altered = sealed;
            altered[i] = static_cast<char>(altered[i] ^ 1);
            QVERIFY(!key->open(altered, "pin", "characters", 1));
            QCOMPARE(key->open(sealed.first(i), "pin", "characters", 1).error().code, ErrorCode::CryptoFailed);
        }
    }

    void saysThatAnotherKeyIsNeeded()
    {
        const auto one = crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"one"_s));
        const auto other = crypto::KeyEncryptionKey::loadOrCreate(m_folder.filePath(u"other"_s));
        QVERIFY(one && other);
        const auto refused = other->open(one->seal("secret", "pin", "characters", 1), "pin", "characters", 1);
        QVERIFY(!refused);
        QVERIFY2(refused.error().detail.contains("another key file"_L1), qPrintable(refused.error().detail));
    }

    void refusesAKeyThatOthersMayTouch_data()
    {
        QTest::addColumn<int>("permission");
        QTest::newRow("group reads") << int(QFile::ReadGroup);
        QTest::newRow("group writes") << int(QFile::WriteGroup);
        QTest::newRow("others read") << int(QFile::ReadOther);
    }
    void refusesAKeyThatOthersMayTouch()
    {
        QFETCH(int, permission);
        const QString path = m_folder.filePath(u"open-%1"_s.arg(permission));
        QVERIFY(writeDurably(path, QByteArray(32, 'k')));
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::Permission(permission)));
        const auto refused = crypto::KeyEncryptionKey::loadOrCreate(path);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
        QVERIFY(refused.error().detail.contains(path));
    }

    void refusesAFileThatIsNoKey()
    {
        for (const int size : {0, 31, 33, 100'000}) {
            const QString path = m_folder.filePath(u"size-%1"_s.arg(size));
            QVERIFY(writeDurably(path, QByteArray(size, 'k')));
            QCOMPARE(crypto::KeyEncryptionKey::loadOrCreate(path).error().code, ErrorCode::InvalidInput);
        }
    }

private:
    QTemporaryDir m_folder;
};

PLATEN_TEST(SealedFieldTest)
#include "SealedFieldTest.moc"
