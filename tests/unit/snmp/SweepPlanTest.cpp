// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/SweepPlan.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

namespace {

SearchRange range(QStringView text, quint16 port = 161, QList<int> credentials = {}, QStringList exclusions = {})
{
    SearchRange range{*AddressRange::parse(text), port, std::move(credentials), {}};
    for (const QString& exclusion : exclusions)
        range.exclusions.append(*AddressRange::parseExclusion(exclusion));
    return range;
}

QList<AddressRange> excluded(const QStringList& texts)
{
    QList<AddressRange> ranges;
    for (const QString& text : texts)
        ranges.append(*AddressRange::parseExclusion(text));
    return ranges;
}

/// "10.0.0.1-10.0.0.5:161 01" for each.
QStringList texts(const Result<QList<SweepSpan>>& spans)
{
    QStringList lines;
    for (const SweepSpan& span : spans.value_or(QList<SweepSpan>())) {
        QString credentials;
        for (const int index : span.credentials)
            credentials += QString::number(index);
        lines.append(u"%1-%2:%3 %4"_s.arg(span.address(span.first).toString(), span.address(span.last).toString())
                .arg(span.port)
                .arg(credentials));
    }
    return lines;
}

} // namespace

class SweepPlanTest : public QObject {
    Q_OBJECT

private slots:
    void countsWithAddressesOfBothKinds();
    void knowsHowManyAddressesThereAre();
    void isAFewSpansHoweverLargeTheNetwork();
    void givesEachRangeItsPortAndCredentials();
    void asksAnAddressOnceByTheFirstRangeThatHasIt();
    void leavesOutExclusionsOfAllAndOfOne();
    void excludesIpv6Networks();
    void keepsTheScopeOfLinkLocalAddresses();
    void refusesTooManyAndNone();
    void copesWithTheEndsOfTheAddressSpace();
};

void SweepPlanTest::countsWithAddressesOfBothKinds()
{
    for (const QString& text : {u"10.0.0.255"_s, u"255.255.255.255"_s, u"fd00::ffff"_s, u"fe80::1"_s, u"::1"_s})
        QCOMPARE(IpNumber::from(QHostAddress(text)).toAddress().toString(), text);
    QCOMPARE(IpNumber::from(QHostAddress(u"10.0.0.255"_s)).next().toAddress().toString(), u"10.0.1.0"_s);
    QCOMPARE(
        IpNumber::from(QHostAddress(u"fd00::ffff:ffff:ffff:ffff"_s)).next().toAddress().toString(), u"fd00:0:0:1::"_s);
    QCOMPARE(IpNumber::from(QHostAddress(u"fd00:0:0:1::"_s)).previous().toAddress().toString(),
        u"fd00::ffff:ffff:ffff:ffff"_s);
    QVERIFY(IpNumber::from(QHostAddress(u"255.255.255.255"_s)) < IpNumber::from(QHostAddress(u"fd00::"_s)));
    QCOMPARE(IpNumber::from(QHostAddress(u"::ffff:10.0.0.5"_s)), IpNumber::from(QHostAddress(u"10.0.0.5"_s)));
}

void SweepPlanTest::knowsHowManyAddressesThereAre()
{
    const IpNumber first = IpNumber::from(QHostAddress(u"fd00::ffff:ffff:ffff:fff0"_s));
    QCOMPARE(first.countTo(first), 1U);
    QCOMPARE(first.countTo(first + 31), 32U); // over the border of the halves
    QCOMPARE((IpNumber{0, 0}).countTo({1, 5}), std::numeric_limits<quint64>::max());
    QCOMPARE((IpNumber{0, 0}).countTo({0, std::numeric_limits<quint64>::max()}), std::numeric_limits<quint64>::max());
    QCOMPARE((IpNumber{1, 0}).countTo({3, 0}), std::numeric_limits<quint64>::max());
}

void SweepPlanTest::isAFewSpansHoweverLargeTheNetwork()
{
    const auto spans = planned({range(u"10.1.0.0/16")}, {}, 1);
    QCOMPARE(texts(spans), QStringList{u"10.1.0.1-10.1.255.254:161 0"_s});
    QCOMPARE(addressCount(*spans), 65534);
}

void SweepPlanTest::givesEachRangeItsPortAndCredentials()
{
    const auto spans =
        planned({range(u"10.0.1.0/30", 1161, {2, 0}), range(u"10.0.0.5"), range(u"fd00::5", 200, {1})}, {}, 3);
    QCOMPARE(texts(spans),
        (QStringList{u"10.0.0.5-10.0.0.5:161 012"_s, u"10.0.1.1-10.0.1.2:1161 20"_s, u"fd00::5-fd00::5:200 1"_s}));
}

void SweepPlanTest::asksAnAddressOnceByTheFirstRangeThatHasIt()
{
    const auto spans = planned(
        {range(u"10.0.0.20-29", 1), range(u"10.0.0.25", 2), range(u"10.0.0.10-39", 3), range(u"10.0.0.0/24", 4)}, {},
        1);
    QCOMPARE(texts(spans),
        (QStringList{u"10.0.0.1-10.0.0.9:4 0"_s, u"10.0.0.10-10.0.0.19:3 0"_s, u"10.0.0.20-10.0.0.29:1 0"_s,
            u"10.0.0.30-10.0.0.39:3 0"_s, u"10.0.0.40-10.0.0.254:4 0"_s}));
    QCOMPARE(addressCount(*spans), 254);
}

void SweepPlanTest::leavesOutExclusionsOfAllAndOfOne()
{
    const auto spans =
        planned({range(u"10.0.0.1-20", 1, {}, {u"10.0.0.4-5"_s, u"10.0.1.0/24"_s}), range(u"10.0.1.1-4", 2)},
            excluded({u"10.0.0.10-12"_s, u"10.0.0.11-14"_s, u"10.0.1.2"_s, u"192.168.0.0/16"_s}), 1);
    QCOMPARE(texts(spans),
        (QStringList{u"10.0.0.1-10.0.0.3:1 0"_s, u"10.0.0.6-10.0.0.9:1 0"_s, u"10.0.0.15-10.0.0.20:1 0"_s,
            u"10.0.1.1-10.0.1.1:2 0"_s, u"10.0.1.3-10.0.1.4:2 0"_s}));
    // What one range leaves out another may have.
    QCOMPARE(texts(planned({range(u"10.0.0.1-3", 1, {}, {u"10.0.0.2"_s}), range(u"10.0.0.2", 2)}, {}, 1)),
        (QStringList{u"10.0.0.1-10.0.0.1:1 0"_s, u"10.0.0.2-10.0.0.2:2 0"_s, u"10.0.0.3-10.0.0.3:1 0"_s}));
}

void SweepPlanTest::excludesIpv6Networks()
{
    const auto spans = planned({range(u"fd00::/120"), range(u"fd00:1::1-fd00:1::9"), range(u"fd00:2::7")},
        excluded({u"fd00::80/121"_s, u"fd00:1::3-fd00:1::4"_s, u"fd00:2::/32"_s}), 1);
    QCOMPARE(texts(spans),
        (QStringList{u"fd00::-fd00::7f:161 0"_s, u"fd00:1::1-fd00:1::2:161 0"_s, u"fd00:1::5-fd00:1::9:161 0"_s}));
}

void SweepPlanTest::keepsTheScopeOfLinkLocalAddresses()
{
    QCOMPARE(texts(planned({range(u"fe80::5%lo")}, {}, 1)), QStringList{u"fe80::5%lo-fe80::5%lo:161 0"_s});
}

void SweepPlanTest::refusesTooManyAndNone()
{
    const auto many = planned({range(u"10.0.0.0/16"), range(u"10.1.0.0/29")}, {}, 1);
    QVERIFY(!many && many.error().detail.contains(u"10.1.0.0/29"_s));
    QCOMPARE(planned({}, {}, 1).error().code, ErrorCode::InvalidInput);
    QCOMPARE(planned({range(u"10.0.0.5")}, excluded({u"10.0.0.0/8"_s}), 1).error().code, ErrorCode::InvalidInput);
}

void SweepPlanTest::copesWithTheEndsOfTheAddressSpace()
{
    const auto all = excluded({u"::/0"_s});
    QVERIFY(!planned({range(u"10.0.0.5"), range(u"fd00::5")}, all, 1));
    QCOMPARE(texts(planned({range(u"fd00::5")},
                 excluded({u"0.0.0.0/0"_s, u"fe00::/7"_s, u"fd00::6-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"_s}), 1)),
        QStringList{u"fd00::5-fd00::5:161 0"_s});
}

PLATEN_TEST(SweepPlanTest)
#include "SweepPlanTest.moc"
