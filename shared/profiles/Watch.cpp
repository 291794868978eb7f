// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Watch.h"

#include "Columns.h"
#include "Identify.h"
#include "PrinterMib.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

/// What of a printer is watched, by the answers of its last reading.
struct Watched {
    QList<Oid> identity; ///< what another device in its place would say otherwise
    QList<Oid> state;
    QList<Oid> lifeCounts;
    QList<Oid> levels;
    QList<Oid> vendorLevels;
    QList<Oid> panel;
    QList<Oid> meters;      ///< all the maker's counters
    QList<Oid> tellingMeters; ///< of these, what tells of the others when no mark was put on paper
};

QList<Oid> instancesOf(const Columns& columns, const Oid& column)
{
    QList<Oid> objects;
    for (const Oid& row : columns.rowsOf(column))
        objects += column + row;
    return objects;
}

void addIfThere(QList<Oid>& objects, const snmp::Answers& answers, const Oid& object)
{
    if (answers.contains(object) && !objects.contains(object))
        objects += object;
}

QList<Oid> identityOf(const Catalogue& catalogue, const Profile& profile, const Columns& columns, quint32 device)
{
    for (const ValueSource& source : catalogue.sourcesOf(profile, u"serialNumber"_s)) {
        const QString serial = normalisedSerial(source.text(columns.at(source.object, device)));
        if (!serial.isEmpty() && !catalogue.isRejected(profile, u"serialNumber"_s, serial))
            return {columns.oidOf(source.object, device)};
    }
    for (const Oid& hardware : instancesOf(columns, mib::ifPhysAddress)) { // that of the loopback is empty
        if (!decodeMac(columns.at(hardware)).isEmpty())
            return {hardware};
    }
    return {mib::sysObjectID};
}

void addMeters(Watched& watched, const Profile& profile, const Columns& columns, quint32 device)
{
    QMap<QString, Oid> scans; // "scan" before "scanColor" and the like
    const auto add = [&](const QString& name, const Oid& object) {
        addIfThere(watched.meters, columns.answers(), object);
        if (name.startsWith(u"scan") && columns.answers().contains(object) && !scans.contains(name))
            scans.insert(name, object);
    };
    for (const MeterSource& meter : profile.meters) {
        for (const ValueSource& source : meter.sources)
            add(meter.name, columns.oidOf(source.object, device));
    }
    for (const MeterTable& table : profile.meterTables) {
        const auto labels = columns.of(table.label, 200);
        for (auto it = labels.begin(); it != labels.end(); ++it)
            add(table.nameOf(it.value()), table.value + it.key());
    }
    if (watched.lifeCounts.isEmpty())
        watched.tellingMeters = watched.meters;
    else if (!scans.isEmpty())
        watched.tellingMeters = {scans.first()};
}

Watched watchedOf(const Catalogue& catalogue, const Profile& profile, const snmp::Answers& answers)
{
    const Columns columns(answers);
    const quint32 device = printerIndex(answers);

    Watched watched;
    watched.identity = identityOf(catalogue, profile, columns, device);
    watched.state = instancesOf(columns, mib::hrPrinterStatus) + instancesOf(columns, mib::hrPrinterDetectedErrorState);
    watched.lifeCounts = instancesOf(columns, mib::prtMarkerLifeCount);
    watched.levels = instancesOf(columns, mib::prtMarkerSuppliesLevel);
    for (const SupplyLevelSource& level : profile.supplyLevels)
        addIfThere(watched.vendorLevels, answers, level.source.object.oid);
    watched.panel = instancesOf(columns, mib::prtConsoleDisplayBufferText);
    if (watched.panel.size() > 1)
        watched.panel.resize(1);
    for (const ValueSource& source : watched.panel.isEmpty() ? profile.display : QList<ValueSource>())
        addIfThere(watched.panel, answers, columns.oidOf(source.object, device));
    addMeters(watched, profile, columns, device);
    return watched;
}

bool differ(const QList<Oid>& objects, const snmp::Answers& before, const snmp::Heard& now)
{
    return std::ranges::any_of(objects, [&](const Oid& object) { return now.knows(object) && before.value(object) != now.answers().value(object); });
}

/// A supply that was replaced may be of another kind, size and name.
bool forgetReplaced(const Profile& profile, const QList<Oid>& levels, const snmp::Answers& before, snmp::Heard& heard)
{
    bool any = false;
    for (const Oid& level : levels) {
        const qint64 was = decodeNumber(before.value(level)).value_or(-1), is = decodeNumber(heard.answers().value(level)).value_or(-1);
        if (is <= was && (is < 0) == (was < 0))
            continue;
        any = true;
        for (const Oid& column : {mib::prtMarkerSuppliesDescription, mib::prtMarkerSuppliesMaxCapacity, mib::prtMarkerSuppliesType,
                 mib::prtMarkerSuppliesClass, mib::prtMarkerSuppliesSupplyUnit, mib::prtMarkerSuppliesColorantIndex})
            heard.refresh(column + level.after(mib::prtMarkerSuppliesLevel));
    }
    for (const SupplySerial& serial : any ? profile.supplySerials : QList<SupplySerial>()) {
        for (const Oid& object : instancesOf(Columns(before), serial.object.column))
            heard.refresh(object);
    }
    return any;
}

/// The codes of the alerts, and the first one's text, which comes with them.
bool haveAlertsChanged(const snmp::Answers& before, const snmp::Answers& now)
{
    const Columns was(before), is(now);
    return was.of(mib::prtAlertCode) != is.of(mib::prtAlertCode) || was.of(mib::prtAlertDescription, 1) != is.of(mib::prtAlertDescription, 1);
}

} // namespace

void forgetWhatChanges(const Catalogue& catalogue, const Profile& profile, snmp::Heard& heard)
{
    const Watched watched = watchedOf(catalogue, profile, heard.answers());
    for (const QList<Oid>& objects : {watched.identity, watched.state, watched.lifeCounts, watched.levels, watched.vendorLevels, watched.panel, watched.tellingMeters}) {
        for (const Oid& object : objects)
            heard.refresh(object);
    }
    heard.reopen(mib::prtAlertCode);
}

Change forgetWhatFollows(
    const Catalogue& catalogue, const Profile& profile, const snmp::Answers& before, snmp::Heard& heard)
{
    const snmp::Answers now = heard.answers();
    const Watched watched = watchedOf(catalogue, profile, before);
    if (differ(watched.identity, before, heard))
        return Change::Device;
    for (const Oid& column : {mib::prtMarkerLifeCount, mib::prtMarkerSuppliesLevel}) {
        if (Columns(before).rowsOf(column) != Columns(now).rowsOf(column))
            return Change::Device;
    }
    Change change = forgetReplaced(profile, watched.levels, before, heard) ? Change::More : Change::Values;
    if (haveAlertsChanged(before, now) || differ(watched.state + watched.panel, before, heard)) {
        for (const Oid& column : {mib::prtAlertSeverityLevel, mib::prtAlertGroup, mib::prtAlertGroupIndex, mib::prtAlertLocation,
                 mib::prtAlertDescription, mib::prtConsoleDisplayBufferText})
            heard.reopen(column);
        change = Change::More;
    }
    if (differ(watched.lifeCounts + watched.tellingMeters, before, heard)) {
        for (const Oid& object : watched.meters)
            heard.refresh(object);
        change = Change::More;
    }
    return change;
}

} // namespace platen::profiles
