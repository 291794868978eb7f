// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/Secret.h>
#include <base/SecretMemory.h>
#include <testkit/Program.h>

#include <QFile>
#include <QTest>

#include <atomic>
#include <thread>

using namespace platen;
using namespace Qt::StringLiterals;

namespace {

/// The flags of the mapping that holds `address`, as /proc/self/smaps has them: "rd wr mr mw me lo ac dd".
QByteArray flagsOf(const void* address)
{
    QFile file(u"/proc/self/smaps"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    bool isOurs = false;
    for (const QByteArray& line : file.readAll().split('\n')) {
        const qsizetype dash = line.indexOf('-'), space = line.indexOf(' ');
        bool isStart = false, isEnd = false;
        const quint64 start = line.first(std::max(dash, qsizetype(0))).toULongLong(&isStart, 16);
        const quint64 end = dash > 0 && space > dash ? line.mid(dash + 1, space - dash - 1).toULongLong(&isEnd, 16) : 0;
        if (isStart && isEnd)
            isOurs = start <= quint64(quintptr(address)) && quint64(quintptr(address)) < end;
        else if (isOurs && line.startsWith("VmFlags:"))
            return line;
    }
    return {};
}

} // namespace

class SecretTest : public QObject {
    Q_OBJECT

private slots:
    void givesBackWhatItWasGiven_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        for (const qsizetype size : {0, 1, 16, 32, 39, 40, 64, 119, 120, 500, 503, 504, 2039, 2040, 5000, 100'000})
            QTest::addRow("%lld bytes", size) << QByteArray(size, 's');
    }
    void givesBackWhatItWasGiven()
    {
        QFETCH(const QByteArray, bytes);
        const Secret secret(bytes);
        QCOMPARE(secret.reveal(), bytes);
        QCOMPARE(secret.size(), bytes.size());
        QCOMPARE(secret.isEmpty(), bytes.isEmpty());
        QCOMPARE(secret, Secret(bytes));
        QVERIFY(secret != Secret(bytes + 'x'));
        QCOMPARE(strlen(secret.reveal().constData()), size_t(bytes.size())); // a NUL behind it
    }

    void leavesAloneWhatOthersHaveToo()
    {
        QByteArray shared(64, 'k');
        const QByteArray other = shared;
        const Secret secret(std::move(shared));
        QCOMPARE(other, QByteArray(64, 'k'));
    }

    void copiesOutOfATemporary()
    {
        const QByteArray kept = Secret("short lived"_ba).reveal();
        const Secret another("overwrites it"_ba);
        QCOMPARE(kept, "short lived"_ba);
    }

    void liesWhereNoCoreDumpLooks()
    {
        for (const qsizetype size : {32, 5000}) {
            const Secret secret(QByteArray(size, 's'));
            const QByteArray flags = flagsOf(secret.reveal().constData());
            if (flags.isEmpty())
                QSKIP("this system does not tell the flags of memory");
            QVERIFY2(flags.split(' ').contains("dd"), flags.constData());
        }
    }

    void wipesItsMemory()
    {
        void* const memory = secretMemory::take(32);
        std::memset(memory, 's', 32);
        secretMemory::giveBack(memory, 32);
        void* const again = secretMemory::take(32);
        QCOMPARE(again, memory); // the last given back is the first taken
        QCOMPARE(QByteArray(static_cast<const char*>(again) + sizeof(void*), 32 - qsizetype(sizeof(void*))),
            QByteArray(32 - qsizetype(sizeof(void*)), '\0')); // behind what the list of free places needs
        secretMemory::giveBack(again, 32);
    }

    void isSharedBetweenThreads()
    {
        const Secret one(QByteArray(32, 'k'));
        std::atomic<int> wrong = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (int n = 0; n < 10'000; ++n) {
                    const Secret copy = one, fresh(QByteArray(32 + n % 100, 'f'));
                    wrong += copy.reveal() != QByteArray(32, 'k') || fresh.size() != 32 + n % 100;
                }
            });
        threads.clear();
        QCOMPARE(wrong, 0);
    }
};

PLATEN_TEST(SecretTest)
#include "SecretTest.moc"
