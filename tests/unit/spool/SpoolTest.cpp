// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <spool/Spool.h>
#include <testkit/Program.h>

#include <base/File.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace platen;
using namespace Qt::StringLiterals;
using spool::Entry;
using spool::Spool;

namespace {

/// Bytes with the head of PROTOCOL.md §3.1 around `text`, which stands for ciphertext and tag.
QByteArray envelope(quint64 seq, QByteArray text = "0123456789abcdef", char type = 1)
{
    QByteArray bytes(72, '\0');
    bytes.replace(0, 5, "PLE2\x02");
    bytes[5] = type;
    qToBigEndian(seq, bytes.data() + 28);
    qToBigEndian(static_cast<quint32>(text.size()), bytes.data() + 44);
    return bytes + text;
}

Spool::Seal sealing()
{
    return {[](const Entry& entry) -> Status {
                if (entry.envelope.contains("spoilt"))
                    return fail(ErrorCode::CryptoFailed, u"the seal does not open"_s);
                return {};
            },
        [](quint64 from, quint64 to, const QString& reason) -> Result<QByteArray> {
            return envelope(to, u"GAP %1-%2 %3"_s.arg(from).arg(to).arg(reason).toUtf8(), 3);
        }};
}

std::unique_ptr<Spool> opened(const QString& folder, quint64 lastSeq = 0, spool::Limits limits = {})
{
    Result<std::unique_ptr<Spool>> spool = Spool::open(folder, lastSeq, sealing(), limits);
    return spool ? std::move(*spool) : nullptr;
}

QList<quint64> numbersAfter(Spool& spool, quint64 seq)
{
    QList<quint64> numbers;
    for (Result<std::optional<Entry>> next = spool.nextAfter(seq); next && *next; next = spool.nextAfter(seq)) {
        seq = (*next)->seq;
        numbers << seq;
    }
    return numbers;
}

QByteArray textOf(const Result<std::optional<Entry>>& next)
{
    return next && *next ? (*next)->envelope.mid(72) : QByteArray("none");
}

QString pathOf(const QString& folder, int seq) { return u"%1/%2.ple"_s.arg(folder).arg(seq, 20, 10, QLatin1Char('0')); }

void overwrite(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(bytes) == bytes.size());
}

} // namespace

class SpoolTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    QString folder() const { return m_folder->path() + u"/spool"_s; }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void numbersFromOneAndReadsInOrder()
    {
        auto spool = opened(folder());
        QCOMPARE(spool->nextSeq(), 1u);
        for (quint64 seq = 1; seq <= 12; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
        QCOMPARE(numbersAfter(*spool, 10), (QList<quint64>{11, 12}));
        QCOMPARE(numbersAfter(*spool, 12), QList<quint64>());
    }

    void givesBackTheSameBytesAfterARestart()
    {
        const QByteArray bytes = envelope(1, QByteArray(70'000, 'x'));
        QVERIFY(opened(folder())->append(bytes));
        auto again = opened(folder());
        QCOMPARE(again->bytes(), bytes.size());
        const auto next = again->nextAfter(0);
        QVERIFY(next && *next);
        QCOMPARE((*next)->envelope, bytes);
        QCOMPARE(again->nextSeq(), 2u);
    }

    void deletesWhatTheServerHas()
    {
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 5; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        spool->acknowledged(3);
        QCOMPARE(spool->count(), 2);
        QVERIFY(!QFile::exists(pathOf(folder(), 3)));
        QCOMPARE(numbersAfter(*spool, 3), (QList<quint64>{4, 5}));
        spool->acknowledged(99);
        QCOMPARE(spool->count(), 0);
        QCOMPARE(spool->bytes(), 0);
    }

    void neverUsesANumberTwice()
    {
        auto spool = opened(folder(), 41); // from the state, when all files are gone
        QCOMPARE(spool->nextSeq(), 42u);
        QVERIFY(spool->append(envelope(42)));
        QCOMPARE(opened(folder(), 7)->nextSeq(), 43u); // from the files, when the state is older
        spool->acknowledged(42);
        QCOMPARE(spool->nextSeq(), 43u);
    }

    void refusesAnEnvelopeWithAnotherNumber()
    {
        auto spool = opened(folder());
        QCOMPARE(spool->append(envelope(2)).error().code, ErrorCode::InvalidInput);
        QCOMPARE(spool->append("PLE2").error().code, ErrorCode::InvalidInput);
        QCOMPARE(spool->nextSeq(), 1u);
    }

    void declaresADamagedFileLost_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut") << envelope(2).chopped(1);
        QTest::newRow("longer") << envelope(2) + 'x';
        QTest::newRow("another number") << envelope(3);
        QTest::newRow("not an envelope") << QByteArray(500, '\xff');
        QTest::newRow("seal broken") << envelope(2, "spoilt 0123456789");
    }

    void declaresADamagedFileLost()
    {
        QFETCH(QByteArray, bytes);
        for (const bool whileOpen : {true, false}) {
            const QString place = folder() + (whileOpen ? u"1"_s : u"2"_s);
            auto spool = opened(place);
            for (quint64 seq = 1; seq <= 3; ++seq)
                QVERIFY(spool->append(envelope(seq)));
            overwrite(pathOf(place, 2), bytes);
            if (!whileOpen)
                spool = opened(place);

            QCOMPARE(textOf(spool->nextAfter(1)), "GAP 2-2 its file was damaged");
            QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{1, 2, 3}));
            QCOMPARE(spool->quarantinedCount(), 1u);
            QCOMPARE(QDir(place + u"/quarantine"_s).entryList(QDir::Files).size(), 1);
            QCOMPARE(textOf(opened(place)->nextAfter(1)), "GAP 2-2 its file was damaged"); // and that is durable
        }
    }

    void declaresOneGapForNeighbouringHoles()
    {
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 6; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        for (const int gone : {2, 3, 6})
            QVERIFY(QFile::remove(pathOf(folder(), gone)));
        spool = opened(folder(), 6);
        QCOMPARE(textOf(spool->nextAfter(1)), "GAP 2-3 no longer in the agent's spool");
        QCOMPARE(numbersAfter(*spool, 1), (QList<quint64>{3, 4, 5, 6})); // 6: a hole at the end
        QCOMPARE(spool->nextSeq(), 7u);
    }

    void letsAGapGrowToMeetWhatTheServerHas()
    {
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 4; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        spool->acknowledged(2);
        QVERIFY(QFile::remove(pathOf(folder(), 3)));
        spool = opened(folder(), 4);
        QCOMPARE(textOf(spool->nextAfter(2)), "GAP 3-3 no longer in the agent's spool");
        spool = opened(folder(), 4);
        QCOMPARE(textOf(spool->nextAfter(2)), "GAP 3-3 no longer in the agent's spool"); // nothing is written again
        QCOMPARE(
            textOf(spool->nextAfter(0)), "GAP 1-3 no longer in the agent's spool"); // a server restored from a backup
        QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{3, 4}));
        QCOMPARE(spool->count(), 2);
    }

    void declaresWhatVanishesWhileItRuns()
    {
        auto spool = opened(folder());
        QVERIFY(spool->append(envelope(1)));
        QVERIFY(QFile::remove(pathOf(folder(), 1)));
        QCOMPARE(textOf(spool->nextAfter(0)), "GAP 1-1 its file could not be read");
    }

    void putsForeignFilesAside()
    {
        QVERIFY(opened(folder())->append(envelope(1)));
        for (const QString& name :
            {u"readme.txt"_s, u"1.ple"_s, u"18446744073709551615.ple"_s, u"00000000000009999999.ple"_s, u".hidden"_s})
            overwrite(folder() + u'/' + name, "what is this");
        QVERIFY(QDir(folder()).mkdir(u"a folder"_s));
        auto spool = opened(folder());
        QCOMPARE(spool->quarantinedCount(), 5u);
        QCOMPARE(spool->nextSeq(), 2u);
        QCOMPARE(numbersAfter(*spool, 0), QList<quint64>{1});
        QCOMPARE(opened(folder())->quarantinedCount(), 0u);
    }

    void keepsBothWhenANameIsQuarantinedTwice()
    {
        for (int time = 1; time <= 2; ++time) {
            QVERIFY(makePrivateFolder(folder()));
            overwrite(folder() + u"/odd"_s, QByteArray::number(time));
            opened(folder());
        }
        QCOMPARE(QDir(folder() + u"/quarantine"_s).entryList(QDir::Files), (QStringList{u"odd"_s, u"odd.2"_s}));
    }

    void removesWhatAnInterruptedWriteLeft()
    {
        opened(folder());
        overwrite(pathOf(folder(), 1) + u".Ab12Cd"_s, "half");
        auto spool = opened(folder());
        QVERIFY(!QFile::exists(pathOf(folder(), 1) + u".Ab12Cd"_s));
        QCOMPARE(spool->quarantinedCount(), 0u);
        QCOMPARE(spool->nextSeq(), 1u);
    }

    void rememberANumberWhoseFileWasJustPutAside()
    {
        QVERIFY(opened(folder())->append(envelope(1)));
        overwrite(pathOf(folder(), 1), "x");
        opened(folder()); // quarantined; cut off before the GAP is stored
        auto spool = opened(folder());
        QCOMPARE(spool->nextSeq(), 2u);
        QCOMPARE(numbersAfter(*spool, 0), QList<quint64>{1});
    }

    void refusesMoreThanItsCapacity()
    {
        const qint64 size = envelope(1).size();
        auto spool = opened(folder(), 0, {.bytes = 2 * size});
        QVERIFY(spool->append(envelope(1)));
        QVERIFY(spool->append(envelope(2)));
        const Status third = spool->append(envelope(3));
        QCOMPARE(third.error().code, ErrorCode::LimitExceeded);
        QVERIFY2(third.error().detail.contains(folder()), qPrintable(third.error().detail));
        QCOMPARE(spool->refusedCount(), 1u);
        QCOMPARE(spool->nextSeq(), 3u);
        spool->acknowledged(1);
        QVERIFY(spool->append(envelope(3)));
    }

    void givesItsReserveBackWhenTheDiskTakesNoMore()
    {
        auto spool = opened(folder());
        QCOMPARE(QFileInfo(folder() + u"/reserve"_s).size(), 1 << 20);
        QVERIFY(spool->append(envelope(1)));
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit before{}, tiny{};
        getrlimit(RLIMIT_FSIZE, &before);
        tiny = {100, before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tiny);
        const Status failed = spool->append(envelope(2, QByteArray(5000, 'x')));
        setrlimit(RLIMIT_FSIZE, &before);

        QVERIFY(!failed);
        QCOMPARE(failed.error().code, ErrorCode::StorageFailed);
        QVERIFY2(failed.error().detail.contains(pathOf(folder(), 2)), qPrintable(failed.error().detail));
        QVERIFY(!QFile::exists(folder() + u"/reserve"_s));
        QCOMPARE(numbersAfter(*spool, 0), QList<quint64>{1});
        QCOMPARE(spool->nextSeq(), 2u);
        spool->acknowledged(1); // room again
        QVERIFY(QFile::exists(folder() + u"/reserve"_s));
        QVERIFY(spool->append(envelope(2)));
        QCOMPARE(QDir(folder()).entryList(QDir::Files),
            (QStringList{QFileInfo(pathOf(folder(), 2)).fileName(), u"reserve"_s}));
    }

    void failsToOpenWhereItCannotWrite()
    {
        overwrite(m_folder->path() + u"/file"_s, "x");
        const auto spool = Spool::open(m_folder->path() + u"/file"_s, 0);
        QVERIFY(!spool);
        QCOMPARE(spool.error().code, ErrorCode::StorageFailed);
        QVERIFY(spool.error().detail.contains(u"/file"_s));
    }

    void isReadableByItsOwnerOnly()
    {
        auto spool = opened(folder());
        QVERIFY(spool->append(envelope(1)));
        const auto others = QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther;
        QVERIFY(!(QFile::permissions(pathOf(folder(), 1)) & others));
        QVERIFY(!(QFile::permissions(folder()) & others));
    }
};

PLATEN_TEST(SpoolTest)
#include "SpoolTest.moc"
