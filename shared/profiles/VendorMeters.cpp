// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "VendorMeters.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

std::optional<model::Meter> meterFrom(
    const Columns& columns, const MeterSource& meter, quint32 device, SourceNotes& notes)
{
    std::optional<qint64> value;
    for (const ValueSource& source : meter.sources) {
        const Oid object = columns.oidOf(source.object, device);
        const std::optional<qint64> count = source.decoding.count(columns.at(object));
        if (!count || (value && !meter.sum))
            continue;
        value = value.value_or(0) + *count;
        notes.note("meters."_L1, meter.name, object);
    }
    return value ? std::optional(model::Meter{meter.name, meter.unit, *value, {}}) : std::nullopt;
}

// Rows are told by their label; a device that repeats a label is not believed twice.
QList<model::Meter> metersFrom(const Columns& columns, const MeterTable& table, SourceNotes& notes)
{
    const Decoding number{Decoding::Kind::Number, {}, 0, {}};
    QMap<QString, qint64> values;
    QStringList seen;
    const auto labels = columns.of(table.label, 200);
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        if (!table.isWanted(columns.at(table.filter, it.key())))
            continue;
        const QString label = labelText(it.value());
        const QString name = table.nameOf(it.value());
        const std::optional<qint64> count = number.count(columns.at(table.value, it.key()));
        if (name.isEmpty() || !count || seen.contains(label))
            continue;
        seen += label;
        values[name] += *count;
        notes.note("meters."_L1, name, table.value + it.key());
    }
    QList<model::Meter> meters;
    for (auto it = values.begin(); it != values.end(); ++it)
        meters += {it.key(), table.unit, it.value(), {}};
    return meters;
}

/// Counters that are parts of one of the wholes, the first of these that a device has.
struct Family {
    QStringList parts;
    QStringList wholes;
};

// The narrow families first: what they drop does not count against the wide ones.
const std::array families{
    Family{{u"printMono"_s, u"printColor"_s, u"printSingleColor"_s}, {u"print"_s, u"total"_s}},
    Family{{u"copyMono"_s, u"copyColor"_s, u"copySingleColor"_s}, {u"copy"_s, u"total"_s}},
    Family{{u"print"_s, u"copy"_s, u"fax"_s}, {u"total"_s}},
    Family{{u"mono"_s, u"color"_s}, {u"total"_s}},
    Family{{u"duplex"_s}, {u"total"_s}},
    Family{{u"large"_s}, {u"total"_s}},
};

constexpr qint64 most = std::numeric_limits<qint32>::max() * 4LL; // of a counter that is compared: a device may claim any

// Of several markers the sum, but only where all count the same thing.
std::optional<qint64> valueOf(const QList<model::Meter>& meters, const QString& name)
{
    std::optional<qint64> own, markers;
    QString unit;
    for (const model::Meter& meter : meters) {
        if (meter.name != name)
            continue;
        if (meter.marker.isEmpty())
            own = meter.value;
        else if (unit.isEmpty() || meter.unit == unit)
            markers = markers.value_or(0) + std::min(meter.value, most);
        unit = meter.marker.isEmpty() ? unit : meter.unit;
    }
    return own ? std::max(own, markers) : unit == "sheets"_L1 ? std::nullopt : markers;
}

} // namespace

QList<model::Meter> vendorMeters(const Columns& columns, const Profile& profile, quint32 device, SourceNotes& notes)
{
    QList<model::Meter> meters;
    const auto add = [&](const model::Meter& meter) {
        if (!std::ranges::contains(meters, meter.name, &model::Meter::name))
            meters += meter;
    };
    for (const MeterSource& source : profile.meters) {
        if (const auto meter = meterFrom(columns, source, device, notes))
            add(*meter);
    }
    for (const MeterTable& table : profile.meterTables) {
        for (const model::Meter& meter : metersFrom(columns, table, notes))
            add(meter);
    }
    return meters;
}

QList<model::Meter> plausible(QList<model::Meter> meters)
{
    for (const Family& family : families) {
        std::optional<qint64> whole;
        for (const QString& name : family.wholes)
            whole = whole ? whole : valueOf(meters, name);
        if (!whole)
            continue;
        qint64 sum = 0;
        for (const QString& name : family.parts)
            sum += std::min(valueOf(meters, name).value_or(0), most);
        if (sum - *whole > *whole / 100 + 10) // nothing added to a counter that a device may claim to be at its end
            meters.removeIf([&](const model::Meter& meter) { return family.parts.contains(meter.name); });
    }
    return meters;
}

} // namespace platen::profiles
