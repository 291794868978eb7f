// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Folding.h>
#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <testkit/Program.h>

#include <QCborValue>
#include <QRandomGenerator>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::Folding;
using protocol::ReadingPart;

namespace {

model::Reading reading(qint64 pages, const QStringList& alerts = {})
{
    model::Reading made;
    made.address = u"10.0.0.5"_s;
    made.takenAt = fromMs(1'764'000'000'000 + pages);
    made.identity.serialNumber = u"CN1"_s;
    made.meters = {{u"total"_s, u"impressions"_s, pages, {}}};
    for (const QString& index : alerts) {
        model::Alert alert;
        alert.index = index;
        alert.description = u"alert "_s + index;
        if (pages % 2)
            alert.severity = u"warning"_s; // one row has more members than the other
        made.alerts.append(alert);
    }
    return made;
}

ReadingPart delta(const QCborMap& from, const QCborMap& to, quint64 id = 1)
{
    return {id, protocol::baseOf(from), protocol::difference(from, to)};
}

/// What a server holds of device `id` after these, from `base` on; deltas against something else are left out, as it does.
QCborMap applied(QCborMap base, const QList<protocol::Data>& messages, quint64 id = 1)
{
    for (const protocol::Data& message : messages)
        for (const ReadingPart& part : message.readings)
            if (part.localDeviceId == id && part.isFull())
                base = part.reading;
            else if (part.localDeviceId == id && part.base == protocol::baseOf(base))
                base = *protocol::patched(base, part.reading);
    return base;
}

QList<protocol::Data> folded(const QList<protocol::Data>& messages)
{
    Folding folding;
    for (const protocol::Data& message : messages)
        folding.add(message);
    return folding.take();
}

} // namespace

class FoldingTest : public QObject {
    Q_OBJECT

private slots:
    void makesOneDeltaOfMany()
    {
        QList<protocol::Data> messages;
        for (qint64 pages = 100; pages < 140; ++pages)
            messages.append({{delta(protocol::toKeyed(reading(pages)), protocol::toKeyed(reading(pages + 1)))}, {}});
        const QList<protocol::Data> less = folded(messages);
        QCOMPARE(less.size(), 1);
        QCOMPARE(less[0].readings, (QList<ReadingPart>{delta(protocol::toKeyed(reading(100)), protocol::toKeyed(reading(140)))}));
    }

    void bringsAFullReadingUpToDate()
    {
        const QList<protocol::Data> less = folded({{{{1, {}, protocol::toKeyed(reading(100))}}, {}},
            {{delta(protocol::toKeyed(reading(100)), protocol::toKeyed(reading(105)))}, {}}});
        QCOMPARE(less, (QList<protocol::Data>{{{{1, {}, protocol::toKeyed(reading(105))}}, {}}}));
    }

    void keepsDevicesApart()
    {
        const QList<protocol::Data> less = folded({{{{1, {}, protocol::toKeyed(reading(100))}, {2, {}, protocol::toKeyed(reading(7))}}, {}},
            {{delta(protocol::toKeyed(reading(100)), protocol::toKeyed(reading(105)))}, {}}, {{delta(protocol::toKeyed(reading(7)), protocol::toKeyed(reading(8)), 2)}, {}}});
        QCOMPARE(applied({}, less, 1), protocol::toKeyed(reading(105)));
        QCOMPARE(applied({}, less, 2), protocol::toKeyed(reading(8)));
    }

    void saysWhomTheLastSaw()
    {
        const QList<protocol::Data> less = folded({{{}, {1, 2, 3}}, {{}, {2}}});
        QCOMPARE(less, (QList<protocol::Data>{{{}, {2}}}));
    }

    /// A merge patch cannot say "this object in place of that one".
    void needsASecondPartWhereARowCameBack()
    {
        const QCborMap with = protocol::toKeyed(reading(101, {u"1.1"_s})), without = protocol::toKeyed(reading(102)), again = protocol::toKeyed(reading(104, {u"1.2"_s}));
        const QList<protocol::Data> less = folded({{{delta(with, without)}, {}}, {{delta(without, again)}, {}}});
        QCOMPARE(less.size(), 1);
        QCOMPARE(less[0].readings.size(), 2);
        QCOMPARE(applied(with, less), again);
    }

    void needsNoMoreHoweverOftenItCameBack()
    {
        const QCborMap with = protocol::toKeyed(reading(101, {u"1.1"_s})), without = protocol::toKeyed(reading(102));
        QList<protocol::Data> messages;
        for (int time = 0; time < 20; ++time)
            messages << protocol::Data{{delta(with, without)}, {}} << protocol::Data{{delta(without, with)}, {}};
        const QList<protocol::Data> less = folded(messages);
        QCOMPARE(less[0].readings.size(), 2);
        QCOMPARE(applied(with, less), with);
    }

    void keepsADeltaThatDoesNotFitForTheServerToJudge()
    {
        const QList<protocol::Data> less = folded({{{{1, {}, protocol::toKeyed(reading(100))}}, {}},
            {{delta(protocol::toKeyed(reading(7)), protocol::toKeyed(reading(8)))}, {}}});
        QCOMPARE(less[0].readings.size(), 2);
        QCOMPARE(less[0].readings[1].base, protocol::baseOf(protocol::toKeyed(reading(7))));
    }

    void leavesTheServerWhereTheEnvelopesWouldHave()
    {
        const quint32 seed = QRandomGenerator::system()->generate();
        QRandomGenerator random(seed);
        for (int round = 0; round < 300; ++round) {
            const auto some = [&] {
                QStringList alerts;
                for (int index = 1; index <= 4; ++index)
                    if (random.bounded(3) == 0)
                        alerts.append(u"1.%1"_s.arg(index));
                return protocol::toKeyed(reading(random.bounded(1000), alerts));
            };
            const QCborMap base = some();
            QCborMap now = base;
            QList<protocol::Data> messages;
            for (int step = 0; step < 30; ++step) {
                const QCborMap next = some();
                const bool isFull = random.bounded(12) == 0;
                messages.append({{isFull ? ReadingPart{1, {}, next} : delta(now, next)}, {}});
                now = next;
            }
            // In one piece, and folded twice with what follows, as a spool does it.
            const QByteArray expected = protocol::encodeMap(now); // a map's order says nothing, and a patch does not keep it
            QVERIFY2(protocol::encodeMap(applied(base, folded(messages))) == expected, qPrintable(u"seed %1, round %2"_s.arg(seed).arg(round)));
            const qsizetype cut = random.bounded(30);
            const QList<protocol::Data> twice = folded(folded(messages.first(cut)) + messages.sliced(cut));
            QVERIFY2(protocol::encodeMap(applied(base, twice)) == expected, qPrintable(u"seed %1, round %2"_s.arg(seed).arg(round)));
        }
    }
};

PLATEN_TEST(FoldingTest)
#include "FoldingTest.moc"
