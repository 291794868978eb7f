// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Columns.h"
#include "Identify.h"
#include "PrinterMib.h"
#include "Reader.h"

#include <QUtf8StringView>

#include <algorithm>

namespace platen::profiles {

namespace {

using snmp::Oid;

void add(QList<Oid>& list, const Oid& oid)
{
    if (!list.contains(oid))
        list += oid;
}

/// Where a profile's objects go: those of the printer's own index are read as columns, as the index may be any.
class VendorObjects {
public:
    void take(const QList<ValueSource>& sources)
    {
        for (const ValueSource& source : sources)
            add(source.object.perDevice ? m_columns : m_objects, source.object.oid);
    }
    void take(const Profile& profile)
    {
        for (const MeterSource& meter : profile.meters)
            take(meter.sources);
        take(profile.display);
        take(profile.misc.values());
        for (const MeterTable& table : profile.meterTables) {
            m_tables += {{table.label, table.value}, 24};
            if (!table.filter.isEmpty())
                m_tables.last().columns += table.filter;
        }
        for (const SupplySerial& serial : profile.supplySerials) {
            m_tables += {{serial.object.column}, 6};
            if (!serial.names.isEmpty())
                m_tables.last().columns += serial.names;
        }
        for (const SupplyLevelSource& level : profile.supplyLevels)
            take({level.source});
    }
    Plan plan(const Plan& standard) const
    {
        Plan plan = standard;
        for (const Oid& object : m_objects)
            add(plan.objects, object);
        QList<Oid> own = m_columns;
        own.removeIf([&](const Oid& column) {
            return std::ranges::any_of(
                standard.tables, [&](const TablePlan& table) { return table.columns.contains(column); });
        });
        if (!own.isEmpty())
            plan.tables += {own, 1};
        plan.tables += m_tables;
        return plan;
    }

private:
    QList<Oid> m_objects;
    QList<Oid> m_columns;
    QList<TablePlan> m_tables;
};

Plan standardPlan()
{
    Plan plan;
    plan.tables = {
        {{mib::hrDeviceType, mib::hrDeviceDescr, mib::hrDeviceID}, 4},
        {{mib::hrPrinterStatus, mib::hrPrinterDetectedErrorState, mib::prtGeneralCurrentLocalization,
             mib::prtConsoleLocalization, mib::prtGeneralSerialNumber, mib::prtMarkerCounterUnit,
             mib::prtMarkerLifeCount, mib::prtMarkerProcessColorants},
            1},
        {{mib::prtMarkerSuppliesColorantIndex, mib::prtMarkerSuppliesClass, mib::prtMarkerSuppliesType,
             mib::prtMarkerSuppliesDescription, mib::prtMarkerSuppliesSupplyUnit, mib::prtMarkerSuppliesMaxCapacity,
             mib::prtMarkerSuppliesLevel, mib::prtMarkerColorantRole, mib::prtMarkerColorantValue},
            5},
        {{mib::prtAlertSeverityLevel, mib::prtAlertGroup, mib::prtAlertGroupIndex, mib::prtAlertLocation,
             mib::prtAlertCode, mib::prtAlertDescription, mib::prtConsoleDisplayBufferText},
            4},
        {{mib::ifType, mib::ifPhysAddress, mib::ifOperStatus, mib::ipAdEntIfIndex}, 3},
    };
    return plan;
}

bool isForeign(const snmp::Value& value)
{
    return value.type == snmp::Value::Type::OctetString
        && !QUtf8StringView(value.octets.constData(), value.octets.size()).isValidUtf8();
}

} // namespace

Plan identityPlan()
{
    Plan plan;
    plan.objects = {mib::sysDescr, mib::sysObjectID, mib::sysLocation, mib::hrDeviceType + 1, mib::hrDeviceDescr + 1,
        mib::hrDeviceID + 1, mib::prtMarkerLifeCount + 1 + 1, mib::prtLocalizationCharacterSet + 1 + 1,
        mib::ppmPrinterIEEE1284DeviceId, mib::npDeviceId, mib::brotherDeviceId};
    return plan;
}

Plan readingPlan(const Catalogue& catalogue, const snmp::Answers& identity)
{
    const Profile& profile = catalogue.profileOf(makerOf(catalogue, identity));
    VendorObjects vendor;
    for (const Profile* from : {&profile, &catalogue.generic()}) {
        for (const QList<ValueSource>& sources : from->identity)
            vendor.take(sources);
    }
    vendor.take(profile);
    Plan plan = vendor.plan(standardPlan());
    const Plan first = identityPlan();
    plan.objects.removeIf([&](const Oid& object) { return first.objects.contains(object); });
    return plan;
}

Plan followUpPlan(const snmp::Answers& answers)
{
    Plan plan;
    const Columns columns(answers);
    const quint32 device = printerIndex(answers);
    if (std::ranges::none_of(answers, isForeign))
        return plan;
    for (const Oid& chosen : {mib::prtConsoleLocalization, mib::prtGeneralCurrentLocalization}) {
        const auto row = columns.number(chosen, Oid{device});
        if (!row || *row <= 0 || *row > 0xffff)
            continue;
        const Oid object = mib::prtLocalizationCharacterSet + device + static_cast<quint32>(*row);
        if (!answers.contains(object))
            add(plan.objects, object);
    }
    return plan;
}

} // namespace platen::profiles
