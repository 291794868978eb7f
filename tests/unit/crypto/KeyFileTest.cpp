// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/File.h>
#include <crypto/Crypto.h>
#include <crypto/KeyFile.h>
#include <testkit/Program.h>

#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class KeyFileTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_places = {
            m_folder->filePath(u"agent.key"_s), m_folder->filePath(u"wrapping"_s), m_folder->filePath(u"machine-id"_s)};
        QVERIFY(writeDurably(m_places.machineId, "0123456789abcdef\n"_ba));
    }

    void givesBackWhatItWasGiven()
    {
        const crypto::KeyFile file(m_places);
        QVERIFY(!file.exists());
        QCOMPARE(file.load().error().code, ErrorCode::NotFound);
        QVERIFY(file.save(Secret("K and more"_ba)));
        QVERIFY(file.exists());
        QCOMPARE(crypto::KeyFile(m_places).load(), Secret("K and more"_ba));
        QVERIFY(file.save(Secret("K of epoch 2"_ba)));
        QCOMPARE(file.load(), Secret("K of epoch 2"_ba));
        QVERIFY(!readFile(m_places.file, 1000)->contains("epoch"));
        constexpr auto others = QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther;
        QVERIFY(!(QFile::permissions(m_places.file) & others) && !(QFile::permissions(m_places.wrappingKey) & others));
    }

    void staysShutOnAnotherMachine()
    {
        QVERIFY(crypto::KeyFile(m_places).save(Secret("K"_ba)));
        QVERIFY(writeDurably(m_places.machineId, "fedcba9876543210\n"_ba));
        QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::CryptoFailed);
    }

    void staysShutWithoutItsWrappingKey()
    {
        QVERIFY(crypto::KeyFile(m_places).save(Secret("K"_ba)));
        QVERIFY(removeDurably(m_places.wrappingKey));
        QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::NotFound);
        QVERIFY(writeDurably(m_places.wrappingKey, QByteArray(32, 'w')));
        QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::CryptoFailed);
    }

    void refusesAWrappingKeyThatOthersMayRead()
    {
        QVERIFY(crypto::KeyFile(m_places).save(Secret("K"_ba)));
        QVERIFY(QFile::setPermissions(m_places.wrappingKey, QFile::ReadOwner | QFile::ReadGroup));
        QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::PermissionDenied);
        QCOMPARE(crypto::KeyFile(m_places).save(Secret("K"_ba)).error().code, ErrorCode::PermissionDenied);
    }

    void isSealedUnderTheCredentialWhereThereIsOne()
    {
        QVERIFY(crypto::KeyFile(m_places).save(Secret("K"_ba)));
        QCOMPARE(crypto::KeyFile(m_places).protection(), crypto::KeyFile::Protection::Machine);
        m_places.credential = m_folder->filePath(u"platen-agent.key"_s);
        const crypto::KeyFile file(m_places);
        QVERIFY(file.useCredential()); // there is none yet
        QCOMPARE(file.protection(), crypto::KeyFile::Protection::Machine);

        QVERIFY(writeDurably(m_places.credential, QByteArray(40, 'c')));
        QVERIFY(file.useCredential());
        QCOMPARE(file.protection(), crypto::KeyFile::Protection::Credential);
        QVERIFY(!QFile::exists(m_places.wrappingKey));
        QCOMPARE(file.load(), Secret("K"_ba));
        QVERIFY(file.useCredential());
        QVERIFY(file.save(Secret("K of epoch 2"_ba)));
        QCOMPARE(file.load(), Secret("K of epoch 2"_ba));

        QVERIFY(writeDurably(m_places.credential, QByteArray(40, 'd')));
        QCOMPARE(file.load().error().code, ErrorCode::CryptoFailed);
        QVERIFY(writeDurably(m_places.credential, QByteArray(15, 'c')));
        QCOMPARE(file.load().error().code, ErrorCode::InvalidInput);
        QVERIFY(removeDurably(m_places.credential));
        QCOMPARE(file.load().error().code, ErrorCode::NotFound);
        QVERIFY(file.load().error().detail.contains(u"systemd credential"_s));
    }

    void knowsNoProtectionOfWhatIsNoKeyFile()
    {
        QCOMPARE(crypto::KeyFile(m_places).protection(), std::nullopt);
        QVERIFY(writeDurably(m_places.file, "PLKF\x03 and more"_ba));
        QCOMPARE(crypto::KeyFile(m_places).protection(), std::nullopt);
        QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::CryptoFailed);
    }

    void refusesDamagedFiles()
    {
        QVERIFY(crypto::KeyFile(m_places).save(Secret("K"_ba)));
        const QByteArray good = *readFile(m_places.file, 1000);
        for (qsizetype i = 0; i < good.size(); i += 7) {
            QByteArray altered = good;
            altered[i] = static_cast<char>(altered[i] ^ 1);
            QVERIFY(writeDurably(m_places.file, altered));
            QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::CryptoFailed);
            QVERIFY(writeDurably(m_places.file, good.first(i)));
            QCOMPARE(crypto::KeyFile(m_places).load().error().code, ErrorCode::CryptoFailed);
        }
    }

    void worksWithoutAMachineId()
    {
        QVERIFY(removeDurably(m_places.machineId));
        QVERIFY(crypto::KeyFile(m_places).save(Secret("K"_ba)));
        QCOMPARE(crypto::KeyFile(m_places).load(), Secret("K"_ba));
    }

    void leavesNothingWhenDestroyed()
    {
        const crypto::KeyFile file(m_places);
        QVERIFY(file.save(Secret("K"_ba)));
        QVERIFY(file.destroy());
        QVERIFY(!QFile::exists(m_places.file) && !QFile::exists(m_places.wrappingKey));
        QVERIFY(file.destroy());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    crypto::KeyFile::Places m_places;
};

PLATEN_TEST(KeyFileTest)
#include "KeyFileTest.moc"
