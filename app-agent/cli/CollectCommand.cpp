// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "CommunityOptions.h"
#include "ReadingTable.h"

#include <agent/engine/Finder.h>
#include <agent/engine/InParallel.h>
#include <profiles/Reader.h>
#include <protocol/ReadingCodec.h>
#include <snmp/AddressRange.h>

#include <QCommandLineParser>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct Order {
    QList<snmp::AddressRange> ranges;
    QList<snmp::AddressRange> exclusions;
    Search search;
    std::chrono::milliseconds timeout{1000};
    bool asJson = false;
    bool withSources = false;
};

/// What a collection works with, and what it found so far.
struct Collection {
    snmp::Engine engine;
    std::shared_ptr<const profiles::Catalogue> catalogue;
    Order order;
    QList<model::Reading> readings;
};

constexpr int readAtOnce = 64;

Result<QList<snmp::AddressRange>> rangesFrom(const QStringList& texts, bool excluded)
{
    QList<snmp::AddressRange> ranges;
    for (const QString& text : texts) {
        const auto range = excluded ? snmp::AddressRange::parseExclusion(text) : snmp::AddressRange::parse(text);
        if (!range)
            return fail(range.error());
        ranges.append(*range);
    }
    return ranges;
}

Result<Order> orderFrom(const QCommandLineParser& parser)
{
    const QStringList texts = parser.values(u"range"_s) + parser.positionalArguments();
    if (texts.isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"say where to look, such as --range 192.168.1.0/24; see platen-agent collect --help"_s);
    const auto ranges = rangesFrom(texts, false);
    const auto exclusions = rangesFrom(parser.values(u"exclude"_s), true);
    const auto communities = communitiesOf(parser);
    const auto port = numberOf(parser, u"port"_s, 161, 1, 65535);
    const auto timeout = numberOf(parser, u"timeout"_s, 1000, 50, 60000);
    for (const Error* error : {ranges ? nullptr : &ranges.error(), exclusions ? nullptr : &exclusions.error(),
             communities ? nullptr : &communities.error(), port ? nullptr : &port.error(),
             timeout ? nullptr : &timeout.error()})
        if (error)
            return fail(*error);
    Order order{*ranges, *exclusions, {{}, *communities, quint16(*port), {}}, std::chrono::milliseconds(*timeout),
        parser.isSet(u"json"_s), parser.isSet(u"sources"_s)};
    order.search.pace.timeout =
        std::min(order.timeout, parser.isSet(u"timeout"_s) ? order.timeout : order.search.pace.timeout);
    return order;
}

QCoro::Task<> readOne(std::shared_ptr<Collection> collection, Place place)
{
    profiles::Reader reader(collection->engine, collection->catalogue);
    const auto target = targetOf(place, collection->order.search.communities, collection->order.timeout);
    profiles::ReadOptions options;
    options.sources = collection->order.withSources;
    const Result<profiles::ReadOutcome> reading = co_await reader.read(target, options);
    if (reading)
        collection->readings.append(reading->reading);
    else
        say(u"platen-agent: %1 is a printer but was not read: %2"_s.arg(
            place.address.toString(), reading.error().detail));
}

void show(const QList<model::Reading>& readings, const Order& order)
{
    if (!order.asJson) {
        print(tableOf(readings));
        if (order.withSources)
            print(u'\n' + sourcesOf(readings));
        return;
    }
    QJsonArray array;
    for (const model::Reading& reading : readings)
        array.append(protocol::toJson(reading, order.withSources));
    print(QString::fromUtf8(QJsonDocument(array).toJson()));
}

QCoro::Task<Result<QList<QHostAddress>>> addressesOf(Order order)
{
    const auto ranges = co_await snmp::resolved(order.ranges);
    if (!ranges)
        co_return fail(ranges.error());
    const auto exclusions = co_await snmp::resolved(order.exclusions);
    if (!exclusions)
        co_return fail(exclusions.error());
    co_return snmp::expanded(*ranges, *exclusions);
}

QCoro::Task<int> collectNow(Order order)
{
    auto collection = std::make_shared<Collection>();
    const auto catalogue = profiles::Catalogue::builtIn();
    if (!catalogue)
        co_return failWith(catalogue.error());
    const auto addresses = co_await addressesOf(order);
    if (!addresses)
        co_return failWith(addresses.error());
    collection->catalogue = *catalogue;
    collection->order = order;
    collection->order.search.addresses = *addresses;
    if (isTerminal())
        say(u"Searching %1 addresses …"_s.arg(addresses->size()));

    Finder finder(collection->engine, *catalogue);
    const Result<Findings> findings = co_await finder.find(collection->order.search);
    if (!findings)
        co_return failWith(findings.error());
    co_await inParallel<Place>(
        findings->printers, readAtOnce, [collection](const Place& place) { return readOne(collection, place); });

    const auto order4 = [](const model::Reading& reading) {
        return std::pair(QHostAddress(reading.address).toIPv4Address(), reading.address);
    };
    std::ranges::sort(collection->readings, {}, order4);
    if (collection->readings.isEmpty())
        say(u"platen-agent: no printer answered at the %1 addresses (%2 answered SNMP at all); a printer may want another community, port or time-out."_s
                .arg(addresses->size())
                .arg(findings->answered));
    if (order.asJson || !collection->readings.isEmpty())
        show(collection->readings, order);
    co_return 0;
}

} // namespace

int collect(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nReads printers once and prints what they say. Needs no server and no data folder, and sends nothing "
        u"anywhere else.\n\n"
        "  platen-agent collect --range 192.168.1.0/24\n"
        "  platen-agent collect --range 10.0.0.5-10.0.0.90 --range copier.example --json"_s);
    parser.addOptions({
        {u"range"_s, u"Where to look: 10.0.0.0/24, 10.0.0.5-10.0.0.90, 10.0.0.5 or a host name; may be repeated."_s,
            u"RANGE"_s},
        {u"exclude"_s, u"What to leave out, written the same way; may be repeated."_s, u"RANGE"_s},
        {u"port"_s, u"UDP port of SNMP. Default: 161."_s, u"N"_s},
        {u"timeout"_s,
            u"How long a request waits for its answer, in milliseconds. Default: 500 while searching, then 1000."_s,
            u"MS"_s},
        {u"json"_s, u"A JSON array of readings instead of a table."_s},
        {u"sources"_s, u"Also where each value came from: the object and what it said."_s},
    });
    addCommunityOptions(parser);
    parser.addPositionalArgument(u"range"_s, u"The same as --range."_s, u"[RANGE …]"_s);
    if (const auto code = parse(parser, u"collect"_s, arguments))
        return *code;
    const Result<Order> order = orderFrom(parser);
    if (!order)
        return failWith(order.error());
    return exitCodeOf([order = *order] { return collectNow(order); });
}

} // namespace platen::agent
