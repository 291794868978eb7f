// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceState.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace platen::store {

namespace {

// hrPrinterDetectedErrorState's names, most severe first; and what alerts say beside them.
constexpr std::array stopping{u"jammed", u"doorOpen", u"noPaper", u"noToner", u"markerSupplyEmpty",
    u"markerSupplyMissing", u"wasteFull", u"outputFull", u"serviceRequested", u"offline"};
constexpr std::array warning{u"inputTrayMissing", u"outputTrayMissing", u"inputTrayEmpty", u"lowPaper", u"lowToner",
    u"markerSupplyLow", u"wasteNearFull", u"outputNearFull", u"overduePreventMaint"};

struct AlertMeaning {
    qint64 code; ///< prtAlertCode
    const char16_t* keyword;
};
constexpr std::array meanings{
    AlertMeaning{3, u"doorOpen"},
    AlertMeaning{5, u"doorOpen"},
    AlertMeaning{501, u"doorOpen"},
    AlertMeaning{8, u"jammed"},
    AlertMeaning{801, u"inputTrayMissing"},
    AlertMeaning{807, u"lowPaper"},
    AlertMeaning{808, u"noPaper"},
    AlertMeaning{901, u"outputTrayMissing"},
    AlertMeaning{902, u"outputNearFull"},
    AlertMeaning{903, u"outputFull"},
    AlertMeaning{1101, u"noToner"},
    AlertMeaning{1102, u"markerSupplyEmpty"},
    AlertMeaning{1103, u"markerSupplyEmpty"},
    AlertMeaning{1104, u"lowToner"},
    AlertMeaning{1105, u"markerSupplyLow"},
    AlertMeaning{1106, u"markerSupplyLow"},
    AlertMeaning{1107, u"wasteNearFull"},
    AlertMeaning{1108, u"wasteNearFull"},
    AlertMeaning{1109, u"wasteFull"},
    AlertMeaning{1110, u"wasteFull"},
    AlertMeaning{1115, u"markerSupplyMissing"},
};
constexpr qint64 powerSaver = 23;
/// Closed, turned on, configuration changed, warming up, added, ready to print …: events, nothing that someone has to do.
constexpr std::array<qint64, 15> harmless{4, 6, 7, 19, 20, powerSaver, 24, 25, 27, 502, 503, 504, 505, 506, 507};

template <typename Range, typename Value>
bool contains(const Range& range, const Value& value)
{
    return std::ranges::any_of(range, [&](const auto& one) { return value == one; });
}

QString keywordOf(qint64 code)
{
    const auto* const found = std::ranges::find(meanings, code, &AlertMeaning::code);
    return found == meanings.end() ? QString() : QString::fromUtf16(found->keyword);
}

bool speaksOfSleep(const QString& text)
{
    constexpr std::array words{
        u"sleep", u"energy sav", u"power sav", u"powersav", u"energysav", u"energiespar", u"ruhezustand", u"standby"};
    return std::ranges::any_of(
        words, [&](const char16_t* word) { return text.contains(QStringView(word), Qt::CaseInsensitive); });
}

bool isSleeping(const model::Reading& reading)
{
    return std::ranges::any_of(reading.status.display, speaksOfSleep)
        || std::ranges::any_of(reading.alerts,
            [](const model::Alert& alert) { return alert.code == powerSaver || speaksOfSleep(alert.description); });
}

bool asksForSomeone(const model::Alert& alert)
{
    return !contains(harmless, alert.code) && !speaksOfSleep(alert.description)
        && alert.description.trimmed().compare(u"ready"_s, Qt::CaseInsensitive) != 0;
}

/// The first word of `order` that is among `words`.
template <typename Order>
QString mostSevere(const Order& order, const QStringList& words)
{
    for (const char16_t* word : order) {
        if (words.contains(QStringView(word)))
            return QString::fromUtf16(word);
    }
    return {};
}

/// The bits, and what the alerts of these severities mean.
QStringList conditions(const model::Reading& reading, const QStringList& severities, bool* any)
{
    QStringList words = reading.status.errors.value_or(QStringList());
    for (const model::Alert& alert : reading.alerts) {
        if (!severities.contains(alert.severity) || !asksForSomeone(alert))
            continue;
        *any = true;
        words.append(keywordOf(alert.code));
    }
    return words;
}

QString calmState(const model::Reading& reading)
{
    const QString& state = reading.status.state;
    if (state == u"printing" || state == u"warmup")
        return state;
    if (isSleeping(reading))
        return u"sleeping"_s;
    return state == u"idle" ? u"ready"_s : u"unknown"_s;
}

} // namespace

DeviceState stateOf(const model::Reading& reading)
{
    if (reading.status.state == u"offline")
        return {u"offline"_s, {}};

    bool anyCritical = false;
    const QStringList critical = conditions(reading, {u"critical"_s}, &anyCritical);
    const QString stopped = mostSevere(stopping, critical);
    if (anyCritical || !stopped.isEmpty())
        return {u"error"_s, stopped.isEmpty() ? mostSevere(warning, critical) : stopped};

    bool anyWarning = false;
    const QStringList warnings = conditions(reading, {u"warning"_s, u"warningBinaryChangeEvent"_s}, &anyWarning);
    QString warned = mostSevere(warning, warnings);
    if (warned.isEmpty())
        warned = mostSevere(stopping, warnings); // e.g. an empty tray of two, said as a warning
    if (anyWarning || !warned.isEmpty())
        return {u"attention"_s, warned};
    return {calmState(reading), {}};
}

std::optional<double> percentOf(const model::SupplyLevel& level)
{
    using Kind = model::SupplyLevel::Kind;
    switch (level.kind) {
    case Kind::Percent:
        return level.percent;
    case Kind::Range:
        return level.low;
    case Kind::None:
    case Kind::Unknown:
    case Kind::Some:
        return std::nullopt;
    }
    return std::nullopt;
}

std::optional<model::Supply> lowestSupply(const model::Reading& reading)
{
    std::optional<model::Supply> lowest;
    for (const model::Supply& supply : reading.supplies) {
        if (supply.supplyClass == model::SupplyClass::Filled)
            continue;
        const auto percent = percentOf(supply.level);
        if (!percent && supply.level.kind != model::SupplyLevel::Kind::Some)
            continue;
        const auto before = lowest ? percentOf(lowest->level) : std::nullopt;
        if (!lowest || (percent && (!before || *percent < *before)))
            lowest = supply;
    }
    return lowest;
}

std::optional<model::Meter> totalMeter(const model::Reading& reading)
{
    std::optional<model::Meter> total;
    for (const model::Meter& meter : reading.meters) {
        if (meter.name != u"total")
            continue;
        if (meter.marker.isEmpty())
            return meter;
        if (!total || meter.value > total->value)
            total = meter;
    }
    return total;
}

} // namespace platen::store
