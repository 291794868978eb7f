// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Watch.h"

#include "Identify.h"
#include "PrinterMib.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

QList<Oid> instancesOf(const Columns& columns, const Oid& column, int limit = 500)
{
    QList<Oid> objects;
    for (const Oid& row : columns.rowsOf(column, limit))
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
    for (const ValueSource& source : profile.sources.value(u"serialNumber"_s)) {
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

/// The codes of the alerts, and the first one's text, which comes with them.
bool haveAlertsChanged(const snmp::Answers& before, const snmp::Answers& now)
{
    const Columns was(before), is(now);
    return was.of(mib::prtAlertCode) != is.of(mib::prtAlertCode) || was.of(mib::prtAlertDescription, 1) != is.of(mib::prtAlertDescription, 1);
}

} // namespace

Watch::Watch(const Catalogue& catalogue, const Profile& profile, const snmp::Answers& last)
    : m_profile(profile)
{
    const Columns columns(last);
    const quint32 device = printerIndex(last);
    m_identity = identityOf(catalogue, profile, columns, device);
    m_state = instancesOf(columns, mib::hrPrinterStatus) + instancesOf(columns, mib::hrPrinterDetectedErrorState);
    m_lifeCounts = instancesOf(columns, mib::prtMarkerLifeCount);
    m_levels = instancesOf(columns, mib::prtMarkerSuppliesLevel);
    for (const SupplyLevelSource& level : profile.supplyLevels)
        addIfThere(m_vendorLevels, last, level.source.object.oid);
    m_panel = instancesOf(columns, mib::prtConsoleDisplayBufferText);
    if (m_panel.size() > 1)
        m_panel.resize(1);
    for (const ValueSource& source : m_panel.isEmpty() ? profile.display : QList<ValueSource>())
        addIfThere(m_panel, last, columns.oidOf(source.object, device));
    addMeters(columns, device);
    keepBefore(columns);
}

void Watch::keepBefore(const Columns& columns)
{
    const auto keep = [&](const Objects& objects) {
        for (const Oid& object : objects) {
            if (const snmp::Value& value = columns.at(object); value.exists())
                m_before.insert(object, value);
        }
    };
    for (const Objects* objects : watched())
        keep(*objects);
    keep(instancesOf(columns, mib::prtAlertCode));
    keep(instancesOf(columns, mib::prtAlertDescription, 1)); // comes with the last code
}

void Watch::addMeters(const Columns& columns, quint32 device)
{
    QMap<QString, Oid> scans; // "scan" before "scanColor" and the like
    const auto add = [&](const QString& name, const Oid& object) {
        addIfThere(m_meters, columns.answers(), object);
        if (name.startsWith(u"scan") && columns.answers().contains(object) && !scans.contains(name))
            scans.insert(name, object);
    };
    for (const MeterSource& meter : m_profile.meters) {
        for (const ValueSource& source : meter.sources)
            add(meter.name, columns.oidOf(source.object, device));
    }
    for (const MeterTable& table : m_profile.meterTables) {
        const auto labels = columns.of(table.label, 200);
        for (auto it = labels.begin(); it != labels.end(); ++it)
            add(table.nameOf(it.value()), table.value + it.key());
    }
    if (m_lifeCounts.isEmpty())
        m_tellingMeters = m_meters;
    else if (!scans.isEmpty())
        m_tellingMeters = {scans.first()};
}

void Watch::forgetWhatChanges(snmp::Heard& heard) const
{
    for (const Objects* objects : watched()) {
        for (const Oid& object : *objects)
            heard.refresh(object);
    }
    heard.reopen(mib::prtAlertCode);
}

bool Watch::differ(const Objects& objects, const snmp::Heard& now) const
{
    return std::ranges::any_of(objects, [&](const Oid& object) { return now.knows(object) && m_before.value(object) != now.answers().value(object); });
}

/// A supply that was replaced may be of another kind, size and name.
bool Watch::forgetReplaced(snmp::Heard& heard) const
{
    bool any = false;
    for (const Oid& level : m_levels) {
        const qint64 was = decodeNumber(m_before.value(level)).value_or(-1), is = decodeNumber(heard.answers().value(level)).value_or(-1);
        if (is <= was && (is < 0) == (was < 0))
            continue;
        any = true;
        for (const Oid& column : {mib::prtMarkerSuppliesDescription, mib::prtMarkerSuppliesMaxCapacity, mib::prtMarkerSuppliesType,
                 mib::prtMarkerSuppliesClass, mib::prtMarkerSuppliesSupplyUnit, mib::prtMarkerSuppliesColorantIndex})
            heard.refresh(column + level.after(mib::prtMarkerSuppliesLevel));
    }
    for (const SupplySerial& serial : any ? m_profile.supplySerials : QList<SupplySerial>()) {
        for (const Oid& object : instancesOf(Columns(heard.answers()), serial.object.column))
            heard.refresh(object);
    }
    return any;
}

Change Watch::forgetWhatFollows(snmp::Heard& heard) const
{
    if (differ(m_identity, heard))
        return Change::Device;
    for (const Oid& column : {mib::prtMarkerLifeCount, mib::prtMarkerSuppliesLevel}) {
        if (Columns(m_before).rowsOf(column) != Columns(heard.answers()).rowsOf(column))
            return Change::Device;
    }
    Change change = forgetReplaced(heard) ? Change::More : Change::Values;
    if (haveAlertsChanged(m_before, heard.answers()) || differ(m_state + m_panel, heard)) {
        for (const Oid& column : {mib::prtAlertSeverityLevel, mib::prtAlertGroup, mib::prtAlertGroupIndex, mib::prtAlertLocation,
                 mib::prtAlertDescription, mib::prtConsoleDisplayBufferText})
            heard.reopen(column);
        change = Change::More;
    }
    if (differ(m_lifeCounts + m_tellingMeters, heard)) {
        for (const Oid& object : m_meters)
            heard.refresh(object);
        change = Change::More;
    }
    return change;
}

} // namespace platen::profiles
