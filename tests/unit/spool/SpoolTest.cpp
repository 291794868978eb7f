// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <spool/Spool.h>
#include <testkit/Program.h>

#include <base/File.h>

#include <QDir>
#include <QRegularExpression>
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
QByteArray envelope(quint64 seq, QByteArray text = "0123456789abcdef", char type = 1, Instant created = fromMs(1'764'000'000'000))
{
    QByteArray bytes(72, '\0');
    bytes.replace(0, 5, "PLE2\x02");
    bytes[5] = type;
    qToBigEndian(seq, bytes.data() + 28);
    qToBigEndian(toMs(created), bytes.data() + 36);
    qToBigEndian(static_cast<quint32>(text.size()), bytes.data() + 44);
    return bytes + text;
}

Instant createdOf(const QByteArray& envelope) { return fromMs(qFromBigEndian<qint64>(envelope.data() + 36)); }

Spool::Seal sealing()
{
    return {.check = [](const Entry& entry) -> Status {
                if (entry.envelope.contains("spoilt"))
                    return fail(ErrorCode::CryptoFailed, u"the seal does not open"_s);
                return {};
            },
        .gap = [](const spool::Lost& lost, Instant created) -> Result<QByteArray> {
            return envelope(lost.to, u"GAP %1-%2 %3"_s.arg(lost.from).arg(lost.to).arg(lost.reason).toUtf8(), 3, created);
        },
        .declared = [](const Entry& gap) -> std::optional<spool::Lost> {
            static const QRegularExpression form(u"^GAP (\\d+)-(\\d+) (.*)$"_s);
            const auto match = form.match(QString::fromUtf8(gap.envelope.mid(72)));
            if (!match.hasMatch())
                return std::nullopt;
            return spool::Lost{match.captured(1).toULongLong(), match.captured(2).toULongLong(), match.captured(3)};
        },
        // Every text once, joined: what is folded twice shows.
        .folded = [](const QList<Entry>& entries) -> Result<QList<QByteArray>> {
            QByteArray text;
            for (const Entry& entry : entries)
                if (entry.envelope.at(5) == 1)
                    text += entry.envelope.mid(72) + ' ';
            return QList<QByteArray>{envelope(entries.last().seq, text, 1, createdOf(entries.last().envelope))};
        },
        .wasLost = {}, .wasThinned = {}};
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
        QCOMPARE(again->bytes(), 18 * 4096); // whole blocks of disk
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
            QCOMPARE(spool->counts().quarantined, 1u);
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

    void doesNotTakeADiskThatIsAwayForDamage()
    {
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 2; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        QVERIFY(QFile::rename(pathOf(folder(), 1), folder() + u".away"_s) && QDir().mkdir(pathOf(folder(), 1)));
        for (int time = 0; time < 4; ++time)
            QCOMPARE(spool->nextAfter(0).error().code, ErrorCode::StorageFailed);
        QVERIFY(QDir().rmdir(pathOf(folder(), 1)) && QFile::rename(folder() + u".away"_s, pathOf(folder(), 1)));
        QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{1, 2}));
        QCOMPARE(spool->counts().lost, 0u);

        QVERIFY(QFile::remove(pathOf(folder(), 1)) && QDir().mkdir(pathOf(folder(), 1)));
        for (int time = 0; time < 4; ++time)
            QVERIFY(!spool->nextAfter(0));
        QCOMPARE(textOf(spool->nextAfter(0)), "GAP 1-1 its file could not be read"); // but it does not stop for good
        QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{1, 2}));
    }

    void putsAFolderAsideThatStandsInAFilesPlace()
    {
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 2; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        QVERIFY(QFile::remove(pathOf(folder(), 1)) && QDir().mkdir(pathOf(folder(), 1)));
        spool = opened(folder());
        QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{1, 2}));
        QCOMPARE(spool->counts().lost, 1u);
    }

    void putsForeignFilesAside()
    {
        QVERIFY(opened(folder())->append(envelope(1)));
        for (const QString& name :
            {u"readme.txt"_s, u"1.ple"_s, u"18446744073709551615.ple"_s, u"00000000000009999999.ple"_s, u".hidden"_s})
            overwrite(folder() + u'/' + name, "what is this");
        QVERIFY(QDir(folder()).mkdir(u"a folder"_s));
        auto spool = opened(folder());
        QCOMPARE(spool->counts().quarantined, 5u);
        QCOMPARE(spool->nextSeq(), 2u);
        QCOMPARE(numbersAfter(*spool, 0), QList<quint64>{1});
        QCOMPARE(opened(folder())->counts().quarantined, 0u);
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
        QCOMPARE(spool->counts().quarantined, 0u);
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
        auto spool = opened(folder(), 0, {.bytes = 2 * 4096});
        QVERIFY(spool->append(envelope(1)));
        QVERIFY(spool->append(envelope(2)));
        const Status third = spool->append(envelope(3));
        QCOMPARE(third.error().code, ErrorCode::LimitExceeded);
        QVERIFY2(third.error().detail.contains(folder()), qPrintable(third.error().detail));
        QCOMPARE(spool->counts().refused, 1u);
        QCOMPARE(spool->nextSeq(), 3u);
        spool->acknowledged(1);
        QVERIFY(spool->append(envelope(3)));
    }

    void thinsADayIntoItsLastNumber()
    {
        const Instant today = fromMs(1'764'000'000'000);
        auto spool = opened(folder(), 0, {.bytes = 200 * 4096});
        for (quint64 seq = 1; seq <= 180; ++seq) // three days of sixty
            QVERIFY(spool->append(envelope(seq, "envelope number " + QByteArray::number(seq), 1, today - std::chrono::days(3 - (seq - 1) / 60))));
        while (*spool->thin(today)) { }
        QVERIFY2(spool->bytes() <= 200 * 4096 / 4 * 3, qPrintable(QString::number(spool->bytes())));
        const QList<quint64> numbers = numbersAfter(*spool, 0);
        QCOMPARE(numbers.first(64).last(), 64u); // may have been sent
        QCOMPARE(numbers.sliced(64, 2), (QList<quint64>{119, 120}));
        QVERIFY(textOf(spool->nextAfter(64)).startsWith("GAP 65-119 thinned to one reading per device and day"));
        QByteArray all;
        for (int seq = 65; seq <= 120; ++seq)
            all += "envelope number " + QByteArray::number(seq) + ' ';
        QCOMPARE(textOf(spool->nextAfter(119)), all);
        QCOMPARE(spool->nextSeq(), 181u);
        QCOMPARE(spool->counts().lost, 0u);

        auto again = opened(folder(), 0, {.bytes = 200 * 4096}); // and it stays so
        QCOMPARE(numbersAfter(*again, 0), numbers);
        QCOMPARE(again->counts().quarantined, 0u);
        QCOMPARE(again->counts().lost, 0u);
    }

    void thinsWhatIsTooOldThoughThereIsRoom()
    {
        const Instant today = fromMs(1'764'000'000'000);
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 200; ++seq)
            QVERIFY(spool->append(envelope(seq, "envelope number " + QByteArray::number(seq), 1, today - std::chrono::days(seq <= 150 ? 31 : 29))));
        while (*spool->thin(today)) { }
        QCOMPARE(numbersAfter(*spool, 64).first(3), (QList<quint64>{149, 150, 151}));
        QCOMPARE(spool->count(), 64 + 2 + 50);
        QVERIFY(!*spool->thin(today));
    }

    void leavesALossWhereItIs()
    {
        const Instant today = fromMs(1'764'000'000'000);
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 100; ++seq)
            QVERIFY(spool->append(envelope(seq, "envelope number " + QByteArray::number(seq), 1, today - std::chrono::days(40))));
        overwrite(pathOf(folder(), 80), "x");
        while (*spool->thin(today)) { }
        QCOMPARE(numbersAfter(*spool, 64), (QList<quint64>{78, 79, 80, 99, 100}));
        QCOMPARE(textOf(spool->nextAfter(79)), "GAP 80-80 its file was damaged");
        QCOMPARE(spool->counts().lost, 1u);
    }

    void endsAThinningThatWasCutOff_data()
    {
        QTest::addColumn<int>("stored");
        QTest::newRow("nothing done") << -1;
        QTest::newRow("all of the old deleted") << 0;
        QTest::newRow("the GAP stored") << 1;
        QTest::newRow("only the end is missing") << 2;
    }

    void endsAThinningThatWasCutOff()
    {
        QFETCH(int, stored);
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 9; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        const QList<QByteArray> now{envelope(7, "GAP 3-7 " + Spool::thinnedReason.toUtf8(), 3), envelope(8, "all of them from 3 to 8")};
        QVERIFY(spool::Rewrite(folder()).begin({3, now}));
        for (int seq = 3; seq <= 8 && stored >= 0; ++seq)
            QVERIFY(QFile::remove(pathOf(folder(), seq)));
        for (int index = 0; index < stored; ++index)
            overwrite(pathOf(folder(), 7 + index), now[index]);

        spool = opened(folder());
        QCOMPARE(numbersAfter(*spool, 0), (QList<quint64>{1, 2, 7, 8, 9}));
        QVERIFY(textOf(spool->nextAfter(2)).startsWith("GAP 3-7 thinned"));
        QCOMPARE(textOf(spool->nextAfter(7)), "all of them from 3 to 8");
        QVERIFY(!QFile::exists(folder() + u"/thinning"_s));
        QCOMPARE(spool->counts().quarantined, 0u);
    }

    void forgetsAThinningThatIsDamaged()
    {
        auto spool = opened(folder());
        for (quint64 seq = 1; seq <= 9; ++seq)
            QVERIFY(spool->append(envelope(seq)));
        QVERIFY(spool::Rewrite(folder()).begin({3, {envelope(7, "spoilt 0123456789"), envelope(8)}}));
        spool = opened(folder());
        QCOMPARE(numbersAfter(*spool, 0).size(), 9);
        QCOMPARE(spool->counts().quarantined, 1u);
        overwrite(folder() + u"/thinning"_s, "what is this");
        QCOMPARE(numbersAfter(*opened(folder()), 0).size(), 9);
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
