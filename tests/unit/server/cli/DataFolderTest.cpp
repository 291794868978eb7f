// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <server/cli/DataFolder.h>
#include <server/cli/KekFile.h>
#include <server/store/KekRotation.h>
#include <server/store/PinStore.h>
#include <storage/Query.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using platen::test::wait;

class DataFolderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_parent;

    QString path(const QString& file = {}) const
    {
        return m_parent->filePath(u"data"_s) + (file.isEmpty() ? file : u'/' + file);
    }
    Result<std::shared_ptr<cli::DataFolder>> open() const { return wait(cli::DataFolder::openOrCreate(path())); }

    static void put(const QString& file, const QByteArray& bytes)
    {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
        out.write(bytes);
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }
    void init() { m_parent = std::make_unique<QTemporaryDir>(); }

    void makesEverythingForItsOwnerOnly()
    {
        const auto folder = open();
        QVERIFY2(folder, qPrintable(folder ? QString() : folder.error().detail));
        QVERIFY(wait((*folder)->certificate()));
        constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther
            | QFile::WriteOther | QFile::ExeOther;
        for (const QString& file : {QString(), u"kek"_s, u"tls.key"_s})
            QVERIFY2(!(QFile::permissions(path(file)) & others), qPrintable(file));
    }

    /// `platen-server kek rotate`, cut short before and after everything was sealed anew.
    void finishesAChangeOfTheKeyThatWasCutShort_data()
    {
        QTest::addColumn<bool>("isSealed");
        QTest::newRow("before") << false;
        QTest::newRow("after") << true;
    }
    void finishesAChangeOfTheKeyThatWasCutShort()
    {
        QFETCH(const bool, isSealed);
        QByteArray serverId, oldKey, nextKey;
        {
            const auto folder = open();
            QVERIFY(folder);
            serverId = (*folder)->installation().serverId;
            const auto file = cli::KekFile::of(path());
            const auto next = file.makeNext();
            QVERIFY(next);
            oldKey = (*folder)->kek().id();
            nextKey = next->id();
            QVERIFY(wait((*folder)->database().write([&](QSqlDatabase db) -> Result<qint64> {
                return isSealed ? store::sealAnew(db, (*folder)->kek(), *next) : Result<qint64>(0);
            })));
        }
        const auto folder = open();
        QVERIFY2(folder, qPrintable(folder ? QString() : folder.error().detail));
        QCOMPARE((*folder)->installation().serverId, serverId);
        QCOMPARE((*folder)->kek().id(), isSealed ? nextKey : oldKey);
        QCOMPARE(QFile::exists(path(u"kek.next"_s)), !isSealed);
        QCOMPARE(cli::KekFile::of(path()).load(false)->id(), isSealed ? nextKey : oldKey);
    }

    void saysSoWhenTheKeyIsNotTheOneOfTheDatabase()
    {
        {
            const auto folder = open();
            const auto next = cli::KekFile::of(path()).makeNext();
            QVERIFY(wait((*folder)->database().write(
                [&](QSqlDatabase db) { return store::sealAnew(db, (*folder)->kek(), *next); })));
        }
        QVERIFY(QFile::remove(path(u"kek.next"_s))); // the old one was put back
        const auto folder = open();
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, ErrorCode::CryptoFailed);
        QVERIFY(folder.error().detail.contains(path(u"kek"_s)));
    }

    void endsAgainWhatABackupBringsBack()
    {
        QString locator;
        {
            const auto folder = open();
            store::PinStore pins((*folder)->database(), (*folder)->kek(), Clock::system());
            locator = wait(pins.create({}))->locator;
            const auto rows = wait(pins.list());
            QVERIFY((*folder)->endings()->pin(locator, rows->first().createdAt, 0));
        }
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"older than its folder: ended again 1 used PINs"_s));
        const auto folder = open();
        QVERIFY(wait(store::PinStore((*folder)->database(), (*folder)->kek(), Clock::system()).list())->isEmpty());
    }

    void isTheSameServerTheNextTime()
    {
        QByteArray id, certificate;
        for (int i = 0; i < 2; ++i) {
            const auto folder = open();
            QVERIFY(folder);
            const auto pair = wait((*folder)->certificate());
            QVERIFY(i == 0 || (*folder)->installation().serverId == id);
            QVERIFY(i == 0 || pair->certificatePem == certificate);
            id = (*folder)->installation().serverId;
            certificate = pair->certificatePem;
        }
    }

    void isMadeByTheServerAlone()
    {
        const auto refused = wait(cli::DataFolder::open(path()));
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
        QVERIFY2(refused.error().detail.contains(path()), qPrintable(refused.error().detail));
        QVERIFY(!QFile::exists(path()));
    }

    void canBeOpenedTwiceAtOnce()
    {
        const auto running = open();
        const auto command = wait(cli::DataFolder::open(path()));
        QVERIFY(running && command);
        QVERIFY(wait(cli::noteFact((*command)->database(), u"url"_s, u"https://here"_s)));
        QCOMPARE(wait(cli::fact((*running)->database(), u"url"_s)), Result<QString>(u"https://here"_s));
    }

    void goesOnWithAFirstStartThatWasCutShort()
    {
        QVERIFY(wait((*open())->certificate()));
        QVERIFY(QFile::remove(path(u"tls.key"_s)));
        QVERIFY(wait((*open())->certificate()));
        QVERIFY(QFile::exists(path(u"tls.key"_s)));
    }

    void makesNoNewKeyWhenAgentsKnowTheOldOne()
    {
        QVERIFY(wait((*open())->certificate()));
        QVERIFY(wait((*open())->database().write([](QSqlDatabase db) {
            return storage::execute(db,
                u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, forks) VALUES (?, 'x', 'ACTIVE', 1, 0, 0, 0)"_s,
                {QByteArray(16, 'a')});
        })));
        QVERIFY(QFile::remove(path(u"tls.key"_s)));
        const auto refused = wait((*open())->certificate());
        QCOMPARE(refused.error().code, ErrorCode::CertificateRefused);
        QVERIFY(refused.error().detail.contains(path(u"tls.key"_s)));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("names");
        QTest::newRow("a certificate that is none") << u"tls.crt"_s << u"tls.crt"_s;
        QTest::newRow("a key that is none") << u"tls.key"_s << u"tls.key"_s;
        QTest::newRow("a database that is none") << u"platen.sqlite"_s << u"platen.sqlite"_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, file);
        QFETCH(QString, names);
        QVERIFY(wait((*open())->certificate()));
        put(path(file), QByteArray(4096, 'x'));
        const auto folder = open();
        const Error error = folder ? wait((*folder)->certificate()).error() : folder.error();
        QVERIFY2(error.detail.contains(path(names)), qPrintable(error.detail));
    }

    void wantsItsKeyEncryptionKeyBack()
    {
        QVERIFY(open());
        QVERIFY(QFile::remove(path(u"kek"_s)));
        QCOMPARE(open().error().code, ErrorCode::NotFound);
        QVERIFY(!QFile::exists(path(u"kek"_s)));
    }

    void refusesAKeyEncryptionKeyThatOthersMayRead()
    {
        QVERIFY(open());
        QVERIFY(QFile::setPermissions(path(u"kek"_s), QFile::ReadOwner | QFile::ReadOther));
        QCOMPARE(open().error().code, ErrorCode::PermissionDenied);
    }
};

PLATEN_TEST(DataFolderTest)
#include "DataFolderTest.moc"
