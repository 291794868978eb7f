// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "VendorSupplies.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

QString plainName(const QString& name) { return name.simplified().toLower(); }

/// The object that holds a supply's serial number; none when the vendor's table does not tell this supply from others.
Oid serialObject(const Columns& columns, const SupplySerial& serial, const model::Supply& supply, const Oid& index)
{
    if (serial.names.isEmpty())
        return serial.object.objectOf(index);
    Oid found;
    const auto names = columns.of(serial.names, 64);
    for (auto it = names.begin(); it != names.end(); ++it) {
        if (supply.name.isEmpty() || plainName(Decoding().text(it.value())) != plainName(supply.name))
            continue;
        if (!found.isEmpty())
            return {};
        found = serial.object.column + it.key();
    }
    return found;
}

bool hasNoNumber(const model::SupplyLevel& level)
{
    return level.kind != model::SupplyLevel::Kind::Percent && level.kind != model::SupplyLevel::Kind::Range;
}

// Of several supplies of one kind and colour it cannot be told whose level it is.
model::Supply* supplyOf(const SupplyLevelSource& level, QList<model::Supply>& supplies)
{
    const auto fits = [&](const model::Supply& supply) {
        return level.kinds.contains(supply.kind) && (level.color.isEmpty() || supply.color == level.color);
    };
    if (std::ranges::count_if(supplies, fits) != 1)
        return nullptr;
    return &*std::ranges::find_if(supplies, fits);
}

} // namespace

void completeSupplies(
    const Columns& columns, const Profile& profile, QList<model::Supply>& supplies, SourceNotes& notes)
{
    for (model::Supply& supply : supplies) {
        const Result<Oid> index = Oid::parse(supply.index);
        for (const SupplySerial& serial : profile.supplySerials) {
            if (!index || !supply.serialNumber.isEmpty())
                break;
            const Oid object = serialObject(columns, serial, supply, *index);
            supply.serialNumber = normalisedSerial(serial.decoding.text(columns.at(object)));
            if (!supply.serialNumber.isEmpty())
                notes.note("supplies."_L1, supply.index + u".serialNumber"_s, object);
        }
    }
    for (const SupplyLevelSource& level : profile.supplyLevels) {
        model::Supply* supply = supplyOf(level, supplies);
        const std::optional<qint64> raw = level.source.decoding.count(columns.at(level.source.object.oid));
        if (!supply || !raw || !hasNoNumber(supply->level) || *raw > 100LL * level.divisor)
            continue;
        const double percent = std::round(10.0 * static_cast<double>(*raw) / level.divisor) / 10;
        supply->level = {model::SupplyLevel::Kind::Percent, percent, 0, 0, true};
        notes.note("supplies."_L1, supply->index + u".level"_s, level.source.object.oid);
    }
}

} // namespace platen::profiles
