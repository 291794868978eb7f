// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/SweepPlan.h>
#include <testkit/Program.h>

#include <testkit/Wait.h>

#include <QNetworkInterface>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

namespace {

QList<AddressRange> parsed(const QStringList& texts)
{
    QList<AddressRange> ranges;
    for (const QString& text : texts)
        ranges.append(*AddressRange::parse(text));
    return ranges;
}

QList<AddressRange> excluded(const QStringList& texts)
{
    QList<AddressRange> ranges;
    for (const QString& text : texts)
        ranges.append(*AddressRange::parseExclusion(text));
    return ranges;
}

/// Every address that a sweep of these ranges asks.
Result<QList<QHostAddress>> expanded(const QList<AddressRange>& ranges, const QList<AddressRange>& exclusions = {})
{
    QList<SearchRange> search;
    for (const AddressRange& range : ranges)
        search.append({range});
    const Result<QList<SweepSpan>> spans = planned(search, exclusions, 1);
    if (!spans)
        return fail(spans.error());
    QList<QHostAddress> addresses;
    for (const SweepSpan& span : *spans) {
        for (IpNumber number = span.first; number <= span.last; number = number.next())
            addresses.append(span.address(number));
    }
    return addresses;
}

QStringList names(const QList<QHostAddress>& addresses)
{
    QStringList texts;
    for (const QHostAddress& address : addresses)
        texts.append(address.toString());
    return texts;
}

} // namespace

class AddressRangeTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryForm_data();
    void readsEveryForm();
    void keepsHostNames_data();
    void keepsHostNames();
    void refusesNonsenseInOneSentence_data();
    void refusesNonsenseInOneSentence();
    void takesTheLargestSweepAndNoMore();
    void excludesNetworksOfAnySize();
    void countsOverlappingRangesOnce();
    void leavesOutExclusions();
    void refusesTooManyAddressesAltogether();
    void refusesWhenNothingIsLeft();
    void looksUpHostNames();
    void saysWhichHostIsNotKnown();
    void refusesWhereNoNameMayLead_data();
    void refusesWhereNoNameMayLead();
    void leavesOutAllAddressesOfAName();
    void proposesTheLocalNetworks();
    void knowsWhatItContains();
};

void AddressRangeTest::readsEveryForm_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    QTest::addColumn<qsizetype>("count");

    QTest::newRow("address") << u"10.0.0.5"_s << u"10.0.0.5"_s << u"10.0.0.5"_s << qsizetype(1);
    QTest::newRow("network") << u"10.0.0.0/24"_s << u"10.0.0.1"_s << u"10.0.0.254"_s << qsizetype(254);
    QTest::newRow("network by one of its hosts")
        << u"10.0.0.77/24"_s << u"10.0.0.1"_s << u"10.0.0.254"_s << qsizetype(254);
    QTest::newRow("/30") << u"10.0.0.4/30"_s << u"10.0.0.5"_s << u"10.0.0.6"_s << qsizetype(2);
    QTest::newRow("/31") << u"10.0.0.4/31"_s << u"10.0.0.4"_s << u"10.0.0.5"_s << qsizetype(2);
    QTest::newRow("/32") << u"10.0.0.4/32"_s << u"10.0.0.4"_s << u"10.0.0.4"_s << qsizetype(1);
    QTest::newRow("/16") << u"172.16.0.0/16"_s << u"172.16.0.1"_s << u"172.16.255.254"_s << qsizetype(65534);
    QTest::newRow("from-to") << u"10.0.0.250-10.0.1.5"_s << u"10.0.0.250"_s << u"10.0.1.5"_s << qsizetype(12);
    QTest::newRow("from-to with spaces") << u" 10.0.0.1 - 10.0.0.2 "_s << u"10.0.0.1"_s << u"10.0.0.2"_s
                                         << qsizetype(2);
    QTest::newRow("last part") << u"10.0.0.10-20"_s << u"10.0.0.10"_s << u"10.0.0.20"_s << qsizetype(11);
    QTest::newRow("from itself") << u"10.0.0.10-10"_s << u"10.0.0.10"_s << u"10.0.0.10"_s << qsizetype(1);
    QTest::newRow("loopback") << u"127.0.2.0/24"_s << u"127.0.2.1"_s << u"127.0.2.254"_s << qsizetype(254);
    QTest::newRow("IPv6") << u"fd00::5"_s << u"fd00::5"_s << u"fd00::5"_s << qsizetype(1);
    QTest::newRow("IPv6 from-to") << u"fd00::fffe - fd00::1:1"_s << u"fd00::fffe"_s << u"fd00::1:1"_s << qsizetype(4);
    QTest::newRow("IPv6 /126") << u"fd00::5/126"_s << u"fd00::4"_s << u"fd00::7"_s << qsizetype(4);
    QTest::newRow("IPv6 /112") << u"fd00::/112"_s << u"fd00::"_s << u"fd00::ffff"_s << qsizetype(65536);
    QTest::newRow("IPv6 /128") << u"fd00::5/128"_s << u"fd00::5"_s << u"fd00::5"_s << qsizetype(1);
    QTest::newRow("link-local") << u"fe80::5%some-net"_s << u"fe80::5%some-net"_s << u"fe80::5%some-net"_s
                                << qsizetype(1);
}

void AddressRangeTest::readsEveryForm()
{
    QFETCH(QString, text);
    QFETCH(QString, first);
    QFETCH(QString, last);
    QFETCH(qsizetype, count);

    const Result<AddressRange> range = AddressRange::parse(text);
    QVERIFY2(range, range ? "" : qPrintable(range.error().detail));
    const Result<QList<QHostAddress>> addresses = expanded({*range});
    QVERIFY(addresses);
    QCOMPARE(addresses->first().toString(), first);
    QCOMPARE(addresses->last().toString(), last);
    QCOMPARE(addresses->size(), count);
}

void AddressRangeTest::keepsHostNames_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text :
        {"printer", "printer-3.example.com", "hp_lj.local", "3com", "a-1", "drucker-größe.example", "10-floor"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void AddressRangeTest::keepsHostNames()
{
    QFETCH(QString, text);
    QCOMPARE(AddressRange::parse(text)->hostName, text);
}

void AddressRangeTest::refusesNonsenseInOneSentence_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("hint");

    QTest::newRow("too large") << u"10.0.0.0/2"_s << u"1073741822 addresses"_s;
    QTest::newRow("everything") << u"0.0.0.0/0"_s << u"4294967294 addresses"_s;
    QTest::newRow("too large from-to") << u"10.0.0.0-10.1.0.0"_s << u"65537 addresses"_s;
    QTest::newRow("reversed") << u"10.0.0.20-10.0.0.10"_s << u"reversed"_s;
    QTest::newRow("reversed last part") << u"10.0.0.20-10"_s << u"reversed"_s;
    QTest::newRow("prefix 33") << u"10.0.0.0/33"_s << u"prefix length"_s;
    QTest::newRow("no prefix") << u"10.0.0.0/"_s << u"prefix length"_s;
    QTest::newRow("negative prefix") << u"10.0.0.0/-1"_s << u"prefix length"_s;
    QTest::newRow("network of a name") << u"printer/24"_s << u"prefix length"_s;
    QTest::newRow("part too large") << u"10.0.0.256"_s << u"write 10.0.0.5"_s;
    QTest::newRow("last part too large") << u"10.0.0.10-256"_s << u"10.0.0.10-20"_s;
    QTest::newRow("octal") << u"010.0.0.5"_s << u"write 10.0.0.5"_s;
    QTest::newRow("three parts") << u"10.0.5"_s << u"write 10.0.0.5"_s;
    QTest::newRow("five parts") << u"10.0.0.0.5"_s << u"write 10.0.0.5"_s;
    QTest::newRow("a number") << u"3232235777"_s << u"write 10.0.0.5"_s;
    QTest::newRow("nothing") << u"  "_s << u"write 10.0.0.5"_s;
    QTest::newRow("wildcard") << u"10.0.0.*"_s << u"write 10.0.0.5"_s;
    QTest::newRow("half a range") << u"10.0.0.1-"_s << u"10.0.0.10-20"_s;
    QTest::newRow("two ranges") << u"10.0.0.1-2-3"_s << u"10.0.0.10-20"_s;
    QTest::newRow("a URL") << u"http://printer/"_s << u"IPv6"_s;
    QTest::newRow("a name with a space") << u"my printer"_s << u"host name"_s;
    QTest::newRow("a name with an empty label") << u"printer..example"_s << u"host name"_s;
    QTest::newRow("multicast") << u"239.0.0.1"_s << u"no device"_s;
    QTest::newRow("broadcast") << u"255.255.255.255"_s << u"no device"_s;
    QTest::newRow("this network") << u"0.0.0.0"_s << u"no device"_s;
    QTest::newRow("IPv6 network") << u"fd00::/64"_s << u"one by one"_s;
    QTest::newRow("IPv6 /111") << u"fd00::/111"_s << u"/112 to /128"_s;
    QTest::newRow("all of IPv6") << u"::/0"_s << u"one by one"_s;
    QTest::newRow("large IPv6 range") << u"fd00::-fd00::1:0"_s << u"one by one"_s;
    QTest::newRow("reversed IPv6 range") << u"fd00::9-fd00::5"_s << u"reversed"_s;
    QTest::newRow("IPv6 prefix 129") << u"fd00::/129"_s << u"fd00::/120"_s;
    QTest::newRow("IPv6 without prefix") << u"fd00::/"_s << u"fd00::/120"_s;
    QTest::newRow("half an IPv6 range") << u"fd00::5-"_s << u"fd00::10-fd00::20"_s;
    QTest::newRow("both families in a range") << u"fd00::5-10.0.0.9"_s << u"fd00::10-fd00::20"_s;
    QTest::newRow("IPv6 nowhere") << u"::"_s << u"fd00::5"_s;
    QTest::newRow("IPv6 multicast") << u"ff02::1"_s << u"fd00::5"_s;
}

void AddressRangeTest::refusesNonsenseInOneSentence()
{
    QFETCH(QString, text);
    QFETCH(QString, hint);

    const Result<AddressRange> range = AddressRange::parse(text);
    QVERIFY(!range);
    QCOMPARE(range.error().code, ErrorCode::InvalidInput);
    QVERIFY2(range.error().detail.contains(u'"' + text.trimmed() + u'"'), qPrintable(range.error().detail));
    QVERIFY2(range.error().detail.contains(hint), qPrintable(range.error().detail));
}

void AddressRangeTest::takesTheLargestSweepAndNoMore()
{
    QCOMPARE(expanded(parsed({u"10.0.0.0-10.0.255.255"_s}))->size(), 65536);
    QVERIFY(!AddressRange::parse(u"10.0.0.0/15"));
}

void AddressRangeTest::excludesNetworksOfAnySize()
{
    const Result<AddressRange> range = AddressRange::parseExclusion(u"10.0.0.0/8");
    QVERIFY(range);
    QCOMPARE(names(*expanded(parsed({u"10.255.255.254-11.0.0.2"_s}), {*range})),
        (QStringList{u"11.0.0.0"_s, u"11.0.0.1"_s, u"11.0.0.2"_s}));
    QVERIFY(AddressRange::parseExclusion(u"0.0.0.0/0"));
    QVERIFY(!AddressRange::parseExclusion(u"10.0.0.9-10.0.0.1"));
}

void AddressRangeTest::countsOverlappingRangesOnce()
{
    const QStringList addresses = names(*expanded(
        parsed({u"10.0.0.4-6"_s, u"10.0.0.1-5"_s, u"fd00::5"_s, u"10.0.0.5"_s, u"fd00:0::5"_s, u"10.0.0.7"_s})));
    QCOMPARE(addresses,
        (QStringList{u"10.0.0.1"_s, u"10.0.0.2"_s, u"10.0.0.3"_s, u"10.0.0.4"_s, u"10.0.0.5"_s, u"10.0.0.6"_s,
            u"10.0.0.7"_s, u"fd00::5"_s}));
}

void AddressRangeTest::leavesOutExclusions()
{
    const QList<AddressRange> ranges = parsed({u"10.0.0.1-10"_s, u"10.0.1.1-2"_s, u"fd00::5"_s, u"fd00::6"_s});
    const QStringList left = names(*expanded(ranges,
        excluded(
            {u"10.0.0.3-4"_s, u"10.0.0.4-8"_s, u"10.0.0.10"_s, u"10.0.1.2/32"_s, u"192.168.0.0/16"_s, u"fd00::6"_s})));
    QCOMPARE(left, (QStringList{u"10.0.0.1"_s, u"10.0.0.2"_s, u"10.0.0.9"_s, u"10.0.1.1"_s, u"fd00::5"_s}));
}

void AddressRangeTest::refusesTooManyAddressesAltogether()
{
    const auto addresses = expanded(parsed({u"10.0.0.0/16"_s, u"10.2.0.0/16"_s}));
    QVERIFY(!addresses);
    QVERIFY(addresses.error().detail.contains(u"10.2.0.0/16"_s));
    QCOMPARE(
        expanded(parsed({u"10.0.0.0/16"_s, u"10.2.0.0/16"_s}), excluded({u"10.2.0.0/17"_s, u"10.0.0.0/17"_s}))->size(),
        65534);
}

void AddressRangeTest::refusesWhenNothingIsLeft()
{
    QCOMPARE(expanded({}).error().code, ErrorCode::InvalidInput);
    QCOMPARE(expanded(parsed({u"10.0.0.5"_s}), excluded({u"10.0.0.0/24"_s})).error().code, ErrorCode::InvalidInput);
}

void AddressRangeTest::looksUpHostNames()
{
    const auto ranges = test::wait(resolved(parsed({u"10.0.0.5"_s, u"localhost"_s}), Use::LeavingOut));
    QVERIFY2(ranges, ranges ? "" : qPrintable(ranges.error().detail));
    QCOMPARE(ranges->at(0).text, u"10.0.0.5"_s);
    QCOMPARE(ranges->at(1).text, u"localhost"_s);
    QVERIFY(ranges->at(1).hostName.isEmpty());
    const QHostAddress address = expanded({ranges->at(1)})->first();
    QVERIFY(address.isLoopback());
    QCOMPARE(test::wait(resolved(parsed({u"localhost"_s}))).error().code, ErrorCode::InvalidInput);
}

void AddressRangeTest::saysWhichHostIsNotKnown()
{
    const auto ranges = test::wait(resolved(parsed({u"no-such-printer.invalid"_s})));
    QVERIFY(!ranges);
    QVERIFY(ranges.error().detail.contains(u"no-such-printer.invalid"_s));
}

void AddressRangeTest::refusesWhereNoNameMayLead_data()
{
    QTest::addColumn<bool>("isRefused");
    for (const char* address : {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "224.0.0.251", "239.1.2.3",
             "255.255.255.255", "ff02::fb", "169.254.169.254"})
        QTest::newRow(address) << true;
    for (const char* address : {"10.0.0.5", "192.0.2.7", "169.254.7.7", "fd00::5"})
        QTest::newRow(address) << false;
}

void AddressRangeTest::refusesWhereNoNameMayLead()
{
    QFETCH(bool, isRefused);
    const QHostAddress address(QString::fromLatin1(QTest::currentDataTag()));
    const AddressRange named = *AddressRange::parse(u"copier.example");
    const auto ranges = withAddresses(named, {address}, Use::Asking);
    QCOMPARE(!ranges, isRefused);
    if (isRefused)
        QVERIFY2(ranges.error().detail.contains(u"copier.example"_s), qPrintable(ranges.error().detail));
    QVERIFY(withAddresses(named, {address}, Use::LeavingOut));
}

void AddressRangeTest::leavesOutAllAddressesOfAName()
{
    const AddressRange named = *AddressRange::parseExclusion(u"copier.example");
    const QList<QHostAddress> addresses{QHostAddress(u"fd00::5"_s), QHostAddress(u"10.0.0.5"_s), QHostAddress(u"10.0.0.6"_s)};
    QCOMPARE(withAddresses(named, addresses, Use::LeavingOut)->size(), 3);
    const auto asked = withAddresses(named, addresses, Use::Asking);
    QCOMPARE(asked->size(), 1);
    QVERIFY(asked->first().contains(QHostAddress(u"10.0.0.5"_s)));
}

void AddressRangeTest::proposesTheLocalNetworks()
{
    const LocalRanges local = localRanges();
    QCOMPARE(parsed([&] {
        QStringList texts;
        for (const AddressRange& range : local.ranges)
            texts.append(range.text);
        return texts;
    }()),
        local.ranges);
    for (const AddressRange& range : local.ranges) {
        QVERIFY(range.first.countTo(range.last) < 4096);
        QVERIFY(range.first.toAddress().isPrivateUse());
    }
    for (const QString& sentence : local.left)
        QVERIFY2(sentence.contains(u"name"_s), qPrintable(sentence)); // says what to do
}

void AddressRangeTest::knowsWhatItContains()
{
    const QHostAddress ipv4(u"10.0.0.7"_s), ipv6(u"fd00::7"_s);
    QVERIFY(AddressRange::parse(u"10.0.0.7-9")->contains(ipv4));
    QVERIFY(!AddressRange::parse(u"10.0.0.8-9")->contains(ipv4));
    QVERIFY(AddressRange::parseExclusion(u"fd00::/16")->contains(ipv6));
    QVERIFY(!AddressRange::parseExclusion(u"fd00::/16")->contains(ipv4));
    QVERIFY(!AddressRange::parseExclusion(u"0.0.0.0/0")->contains(ipv6));
    QVERIFY(!AddressRange::parse(u"printer.example")->contains(ipv4));
    QVERIFY(!AddressRange::parseExclusion(u"::/0")->contains(QHostAddress()));
}

PLATEN_TEST(AddressRangeTest)
#include "AddressRangeTest.moc"
