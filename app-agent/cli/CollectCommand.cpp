// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "CredentialOptions.h"
#include "DryRun.h"
#include "Profiles.h"
#include "ReadingTable.h"

#include <agent/engine/Completions.h>
#include <agent/engine/Finder.h>
#include <agent/engine/InParallel.h>
#include <crypto/Crypto.h>
#include <profiles/Reader.h>
#include <protocol/ReadingCodec.h>

#include <QCommandLineParser>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct Order {
    Settings settings;
    snmp::SweepPace pace;
    bool asJson = false;
    bool withSources = false;
    bool isDry = false;
};

/// What a collection works with, and what it found so far.
struct Collection {
    snmp::Engine engine;
    std::shared_ptr<const profiles::Catalogue> catalogue;
    std::unique_ptr<completion::Completer> completer;
    std::unique_ptr<Completions> completions;
    Order order;
    Logins logins;
    QList<model::Reading> readings;
    QMap<snmp::IpNumber, QString> unread; ///< why, by address
    qsizetype others = 0; ///< answered, but are no printers
};

Result<QList<RangeSetting>> rangesFrom(const QStringList& texts)
{
    QList<RangeSetting> ranges;
    for (const QString& text : texts) {
        const auto range = snmp::AddressRange::parse(text);
        if (!range)
            return fail(range.error());
        ranges.append({text, {}, {}, {}});
    }
    return ranges;
}

Status checkExclusions(const QStringList& texts)
{
    for (const QString& text : texts)
        if (const auto range = snmp::AddressRange::parseExclusion(text); !range)
            return fail(range.error());
    return {};
}

Result<Order> orderFrom(const QCommandLineParser& parser)
{
    const QStringList texts = parser.values(u"range"_s) + parser.positionalArguments();
    if (texts.isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"say where to look, such as --range 192.168.1.0/24; see platen-agent collect --help"_s);
    Order order{{}, {}, parser.isSet(u"json"_s), parser.isSet(u"sources"_s), parser.isSet(u"dry-run"_s)};
    order.settings.profiles = parser.value(u"profiles"_s);
    order.settings.exclude = parser.values(u"exclude"_s);
    const auto ranges = rangesFrom(texts);
    const Status exclusions = checkExclusions(order.settings.exclude);
    const Status credentials = takeCredentials(parser, order.settings);
    const auto port = numberOf(parser, u"port"_s, 161, 1, 65535);
    const auto timeout = numberOf(parser, u"timeout"_s, 1000, 50, 60000);
    const auto rate = numberOf(parser, u"rate"_s, 1000, 10, 100'000);
    for (const Error* error :
        {ranges ? nullptr : &ranges.error(), exclusions ? nullptr : &exclusions.error(),
            credentials ? nullptr : &credentials.error(), port ? nullptr : &port.error(),
            timeout ? nullptr : &timeout.error(), rate ? nullptr : &rate.error()})
        if (error)
            return fail(*error);
    order.settings.ranges = *ranges;
    order.settings.ipp = order.settings.pages = !parser.isSet(u"snmp-only"_s);
    order.settings.port = *port;
    order.settings.timeout = std::chrono::milliseconds(*timeout);
    order.settings.packetsPerSecond = *rate;
    order.pace.packetsPerSecond = *rate;
    if (parser.isSet(u"timeout"_s))
        order.pace.timeout = order.settings.timeout;
    return order;
}

QCoro::Task<> readOne(std::shared_ptr<Collection> collection, Found where)
{
    profiles::Reader reader(collection->engine, collection->catalogue);
    const auto target = targetOf(where.place, collection->logins, collection->order.settings.timeout);
    profiles::ReadOptions options;
    options.known = where.known;
    options.sources = collection->order.withSources;
    const Result<profiles::ReadOutcome> reading = co_await reader.read(target, options);
    if (reading)
        collection->readings.append(
            (co_await collection->completions->complete(reading->reading, {}, completion::Rhythm::Full)).reading);
    else if (reading.error().code == ErrorCode::NotFound)
        ++collection->others;
    else
        collection->unread.insert(snmp::IpNumber::from(where.place.address), reading.error().detail);
    collection->completions->done();
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

/// "1 printer was read", "2 printers were read".
QString counted(qsizetype number, const QString& one, const QString& many)
{
    return QString::number(number) + u' ' + (number == 1 ? one : many);
}

/// "2 devices answer SNMP but refuse every community and user"
QString refusalOf(const Findings& findings)
{
    return counted(findings.refused, u"device answers SNMP but refuses"_s, u"devices answer SNMP but refuse"_s)
        + u" every community and user"_s;
}

/// "Searched 254 addresses: 20 answered SNMP; 17 printers were read, 2 are no printers, 1 was not read:" and a line for each of those.
void summarise(const Collection& collection, const Findings& findings)
{
    QString text = u"Searched %1: %2 answered SNMP; %3, %4"_s.arg(counted(findings.searched, u"address"_s, u"addresses"_s))
                       .arg(findings.devices.size() + findings.refused)
                       .arg(counted(collection.readings.size(), u"printer was read"_s, u"printers were read"_s),
                           counted(collection.others, u"is no printer"_s, u"are no printers"_s));
    if (findings.refused > 0)
        text += u", "_s + refusalOf(findings);
    if (!collection.unread.isEmpty())
        text += u", %1 could not be read:"_s.arg(collection.unread.size());
    say(text + (collection.unread.isEmpty() ? u"."_s : QString()));
    for (const auto& [address, why] : collection.unread.asKeyValueRange())
        say(u"  %1  %2"_s.arg(address.toAddress().toString().leftJustified(15), why));
}

/// Why there is nothing to show.
void sayNothingFound(const Findings& findings)
{
    const QString where = counted(findings.searched, u"address"_s, u"addresses"_s);
    if (findings.refused > 0)
        say(u"platen-agent: no printer was read at %1: %2. %3"_s.arg(where, refusalOf(findings), findings.refusal));
    else
        say(u"platen-agent: no printer answered at %1 (%2 answered SNMP at all); a printer may want another community, port or time-out."_s
                .arg(where)
                .arg(findings.devices.size()));
}

/// Where to look, if all of that can be looked up.
QCoro::Task<Result<ScanPlan>> planFor(std::shared_ptr<Collection> collection)
{
    const ScanPlan plan = co_await ScanPlan::make(collection->order.settings, collection->logins);
    if (!plan.left().isEmpty())
        co_return fail(ErrorCode::InvalidInput, plan.left().first());
    co_return plan;
}

QCoro::Task<int> collectNow(Order order)
{
    auto collection = std::make_shared<Collection>();
    const Result<Profiles> profiles = profilesWith(order.settings.profiles);
    if (!profiles)
        co_return failWith(profiles.error());
    collection->catalogue = profiles->catalogue;
    collection->order = order;
    collection->completer = std::make_unique<completion::Completer>(profiles->catalogue, profiles->pages);
    collection->completions = std::make_unique<Completions>(
        *collection->completer, completion::Ways{.ipp = order.settings.ipp, .pages = order.settings.pages});
    collection->logins = Logins(order.settings, crypto::randomSecret(32));
    const auto plan = co_await planFor(collection);
    if (!plan)
        co_return failWith(plan.error());
    if (order.isDry) {
        print(scanText(*plan, order.settings) + u"Nothing would be sent anywhere else; nothing was sent now.\n"_s);
        co_return 0;
    }
    if (const auto spans = plan->spans(); spans && isTerminal())
        say(u"Searching %1 …"_s.arg(counted(qsizetype(snmp::addressCount(*spans)), u"address"_s, u"addresses"_s)));

    Finder finder(collection->engine);
    const Result<Findings> findings = co_await finder.find(*plan, order.pace);
    if (!findings)
        co_return failWith(findings.error());
    collection->completions->begin(findings->devices.size());
    co_await inParallel<Found>(findings->devices, order.settings.devicesAtOnce,
        [collection](const Found& where) { return readOne(collection, where); });

    std::ranges::sort(collection->readings, {}, [](const model::Reading& reading) {
        return snmp::IpNumber::from(QHostAddress(reading.address));
    });
    if (order.asJson || !collection->readings.isEmpty())
        show(collection->readings, order);
    if (collection->readings.isEmpty() && collection->unread.isEmpty())
        sayNothingFound(*findings);
    else
        summarise(*collection, *findings);
    const bool isRefused = findings->devices.isEmpty() && findings->refused > 0; // by everybody who answers
    co_return collection->unread.isEmpty() && !isRefused ? 0 : 1;
}

} // namespace

int collect(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nReads printers once and prints what they say. Needs no server and no data folder, and sends nothing "
        u"anywhere else.\nExit code 0 when every printer that was found was read; 1 also when all that answer refuse the login.\n\n"
        "  platen-agent collect --range 192.168.1.0/24\n"
        "  platen-agent collect --range 10.0.0.5-10.0.0.90 --range copier.example --json\n"
        "  platen-agent collect --range 10.0.0.0/24 --v3 monitor --auth SHA-256 --auth-file auth.txt --priv AES-128 --priv-file priv.txt\n\n"
        "With --once it is the agent's scheduled task instead: one round as agent.json says, and its readings are delivered to the\n"
        "server before it ends."_s);
    parser.addOptions({
        {u"range"_s, u"Where to look: 10.0.0.0/24, 10.0.0.5-10.0.0.90, 10.0.0.5 or a host name; may be repeated."_s,
            u"RANGE"_s},
        {u"exclude"_s, u"What to leave out, written the same way; may be repeated."_s, u"RANGE"_s},
        {u"port"_s, u"UDP port of SNMP. Default: 161."_s, u"N"_s},
        {u"timeout"_s,
            u"How long a request waits for its answer, in milliseconds. Default: 500 while searching, then 1000."_s,
            u"MS"_s},
        {u"rate"_s, u"The most packets a search sends in a second. Default: 1000."_s, u"N"_s},
        {u"json"_s, u"A JSON array of readings instead of a table."_s},
        {u"sources"_s, u"Also where each value came from: the object and what it said."_s},
        {u"profiles"_s, u"Also the profiles of a folder, before those built in (docs/profiles.md)."_s, u"DIR"_s},
        {u"snmp-only"_s, u"Do not ask by IPP or web page for what SNMP does not give."_s},
        {u"dry-run"_s, u"Only say what would be asked; no packet is sent (host names are looked up)."_s},
        {u"once"_s, u"One round of the activated agent, delivered to its server; for cron and timers."_s},
    });
    addOnceOptions(parser);
    addCredentialOptions(parser);
    parser.addPositionalArgument(u"range"_s, u"The same as --range."_s, u"[RANGE …]"_s);
    if (const auto code = parse(parser, u"collect"_s, arguments))
        return *code;
    if (parser.isSet(u"once"_s))
        return collectOnce(parser);
    if (const Status awake = crypto::start(); !awake)
        return failWith(awake.error());
    const Result<Order> order = orderFrom(parser);
    if (!order)
        return failWith(order.error());
    return exitCodeOf([order = *order] { return collectNow(order); });
}

} // namespace platen::agent
