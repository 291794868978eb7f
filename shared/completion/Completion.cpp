// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Completion.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace platen::completion {

namespace {

using model::Reading;
using model::Supply;
using model::SupplyLevel;

constexpr std::array identityTexts{
    std::pair{"identity.manufacturer"_L1, &model::Identity::manufacturer},
    std::pair{"identity.model"_L1, &model::Identity::model},
    std::pair{"identity.description"_L1, &model::Identity::description},
    std::pair{"identity.serialNumber"_L1, &model::Identity::serialNumber},
    std::pair{"identity.assetNumber"_L1, &model::Identity::assetNumber},
    std::pair{"identity.mac"_L1, &model::Identity::mac},
    std::pair{"identity.location"_L1, &model::Identity::location},
    std::pair{"identity.firmware"_L1, &model::Identity::firmware},
};

bool hasState(const Reading& reading)
{
    return !reading.status.state.isEmpty() && reading.status.state != "unknown"_L1;
}

bool hasLevel(const Supply& supply)
{
    return supply.level.kind != SupplyLevel::Kind::None && supply.level.kind != SupplyLevel::Kind::Unknown;
}

bool isCartridge(const Supply& supply)
{
    static const QStringList kinds{u"toner"_s, u"tonerCartridge"_s, u"ink"_s, u"inkCartridge"_s};
    return kinds.contains(supply.kind);
}

bool lacksMeter(const Reading& reading, const QString& name)
{
    const bool isOfColor = name == "mono"_L1 || name == "color"_L1 || name == "printMono"_L1 || name == "printColor"_L1;
    const bool isOfMfp = name.startsWith("copy"_L1) || name == "scan"_L1 || name == "fax"_L1;
    if ((isOfColor && !reading.identity.color.value_or(false)) || (isOfMfp && reading.identity.deviceType != "mfp"_L1))
        return false;
    const bool isExpected = isOfColor || isOfMfp || name == "total"_L1;
    return isExpected && !std::ranges::contains(reading.meters, name, &model::Meter::name);
}

/// Takes over single values, with their sources.
class Filling {
public:
    Filling(Reading& reading, const Reading& supplement, bool lastingOnly)
        : m_reading(reading)
        , m_supplement(supplement)
        , m_lastingOnly(lastingOnly)
        , m_withSources(!reading.sources.isEmpty())
    {
    }

    void fill()
    {
        fillIdentity();
        if (!m_lastingOnly) {
            fillStatus();
            fillMeters();
        }
        if (m_reading.supplies.isEmpty() && !m_lastingOnly)
            takeSupplies();
        else
            fillSupplies();
    }

private:
    void note(const QString& path, const QString& as)
    {
        const auto source = m_supplement.sources.find(path);
        if (m_withSources && source != m_supplement.sources.end())
            m_reading.sources.insert(as, *source);
    }

    template <typename T>
    void take(T& value, const T& other, const QString& path)
    {
        value = other;
        note(path, path);
    }

    void fillIdentity()
    {
        model::Identity& identity = m_reading.identity;
        const model::Identity& other = m_supplement.identity;
        const bool isNamed = !identity.model.isEmpty();
        for (const auto& [path, text] : identityTexts) {
            if ((identity.*text).isEmpty() && !(other.*text).isEmpty())
                take(identity.*text, other.*text, path);
        }
        if (!isNamed && !other.modelId.isEmpty()) {
            identity.modelId = other.modelId;
            identity.modelMatch = other.modelMatch;
            if (identity.deviceType.isEmpty() || identity.deviceType == "printer"_L1)
                identity.deviceType = other.deviceType;
        }
        if (!identity.color && other.color)
            take(identity.color, other.color, u"identity.color"_s);
    }

    // Of status and alerts only who knows the state is believed: an empty list may mean that all is well.
    void fillStatus()
    {
        model::DeviceStatus& status = m_reading.status;
        const model::DeviceStatus& other = m_supplement.status;
        const bool knewNothing = !hasState(m_reading) && !status.errors;
        if (!hasState(m_reading) && hasState(m_supplement))
            take(status.state, other.state, u"status.state"_s);
        if (!status.errors && other.errors)
            take(status.errors, other.errors, u"status.errors"_s);
        if (status.display.isEmpty() && !other.display.isEmpty())
            take(status.display, other.display, u"status.display"_s);
        if (knewNothing && m_reading.alerts.isEmpty())
            m_reading.alerts = m_supplement.alerts;
    }

    void fillMeters()
    {
        const Reading before = m_reading;
        for (const model::Meter& meter : m_supplement.meters) {
            if (std::ranges::contains(before.meters, meter.name, &model::Meter::name))
                continue;
            m_reading.meters += meter;
            note(u"meters."_s + meter.name, u"meters."_s + meter.name);
        }
        std::ranges::stable_sort(
            m_reading.meters, {}, [](const model::Meter& meter) { return std::pair(meter.name, meter.marker); });
    }

    void takeSupplies()
    {
        for (const Supply& supply : m_supplement.supplies) {
            if (supply.kind.isEmpty() && supply.name.isEmpty())
                continue;
            m_reading.supplies += supply;
            for (const auto field : {"level"_L1, "serialNumber"_L1}) {
                const QString path = u"supplies.%1.%2"_s.arg(supply.index, field);
                note(path, path);
            }
        }
    }

    void fillSupplies()
    {
        for (Supply& supply : m_reading.supplies) {
            const Supply* other = otherOf(supply);
            if (!other)
                continue;
            const auto noteField = [&](QLatin1StringView field) {
                note(u"supplies.%1.%2"_s.arg(other->index, field), u"supplies.%1.%2"_s.arg(supply.index, field));
            };
            if (!hasLevel(supply) && hasLevel(*other) && !m_lastingOnly) {
                supply.level = other->level;
                noteField("level"_L1);
            }
            if (supply.serialNumber.isEmpty() && !other->serialNumber.isEmpty()) {
                supply.serialNumber = other->serialNumber;
                noteField("serialNumber"_L1);
            }
        }
    }

    // The one that can only be the same: of the same colour and of a kind that agrees, and alone in that on both sides.
    const Supply* otherOf(const Supply& supply) const
    {
        const auto agrees = [](const Supply& a, const Supply& b) {
            const bool sameKind = a.kind == b.kind || (isCartridge(a) && isCartridge(b));
            return sameKind && a.color == b.color && !(a.color.isEmpty() && isCartridge(a));
        };
        const auto asThis = [&](const Supply& other) { return agrees(supply, other); };
        const QList<Supply>& others = m_supplement.supplies;
        if (std::ranges::count_if(m_reading.supplies, asThis) != 1 || std::ranges::count_if(others, asThis) != 1)
            return nullptr;
        return &*std::ranges::find_if(others, asThis);
    }

    Reading& m_reading;
    const Reading& m_supplement;
    bool m_lastingOnly;
    bool m_withSources;
};

} // namespace

bool lacks(const Reading& reading, const QString& path)
{
    for (const auto& [textPath, text] : identityTexts) {
        if (path == textPath)
            return (reading.identity.*text).isEmpty();
    }
    if (path == "identity.color"_L1)
        return !reading.identity.color;
    if (path == "status.state"_L1)
        return !hasState(reading);
    if (path == "status.display"_L1)
        return reading.status.display.isEmpty();
    if (path.startsWith("meters."_L1))
        return lacksMeter(reading, path.sliced(7));
    if (path == "supplies"_L1)
        return reading.supplies.isEmpty();
    if (path == "supplies.level"_L1)
        return !std::ranges::all_of(reading.supplies, hasLevel);
    if (path == "supplies.serialNumber"_L1)
        return std::ranges::any_of(reading.supplies,
            [](const Supply& supply) { return isCartridge(supply) && supply.serialNumber.isEmpty(); });
    return false;
}

bool lacksForIpp(const Reading& reading)
{
    static const QStringList paths{u"identity.model"_s, u"identity.serialNumber"_s, u"identity.firmware"_s,
        u"identity.color"_s, u"status.state"_s, u"meters.total"_s, u"supplies"_s, u"supplies.level"_s};
    return std::ranges::any_of(paths, [&](const QString& path) { return lacks(reading, path); });
}

bool isGone(const Reading& reading, const QString& path)
{
    if (path.startsWith("meters."_L1))
        return !std::ranges::contains(reading.meters, path.sliced(7), &model::Meter::name);
    if (path == "status.errors"_L1)
        return !reading.status.errors;
    return lacks(reading, path) || (path == "supplies.level"_L1 && reading.supplies.isEmpty());
}

bool isChanging(const QString& path)
{
    return path.startsWith("status."_L1) || path.startsWith("meters."_L1) || path == "supplies"_L1
        || path == "supplies.level"_L1;
}

QString withoutIndex(const QString& sourcePath)
{
    return sourcePath.startsWith("supplies."_L1) ? u"supplies."_s + sourcePath.section(u'.', -1) : sourcePath;
}

void complete(Reading& reading, const Reading& supplement) { Filling(reading, supplement, false).fill(); }

void completeLasting(Reading& reading, const Reading& supplement) { Filling(reading, supplement, true).fill(); }

} // namespace platen::completion
