// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Plan.h"

#include "Columns.h"
#include "Identify.h"
#include "PrinterMib.h"
#include "WishList.h"

#include <QSet>
#include <QUtf8StringView>

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Chain;
using snmp::Oid;

constexpr int numberBytes = wishSize::number;
constexpr int textBytes = wishSize::text;
constexpr int rowsAtFirst = 4; // of a table whose rows are not known

bool isForeign(const snmp::Value& value)
{
    return value.type == snmp::Value::Type::OctetString
        && !QUtf8StringView(value.octets.constData(), value.octets.size()).isValidUtf8();
}

/// FNV-1a over their names.
quint32 fingerprint(const QList<Oid>& objects)
{
    quint32 hash = 2166136261U;
    for (const Oid& object : objects) {
        for (const quint32 arc : object.arcs())
            hash = (hash ^ arc) * 16777619U;
        hash = (hash ^ 0xffff'ffffU) * 16777619U;
    }
    return hash;
}

/// What a reading needs, wish by wish: what remains of them is what is to be asked.
class Wishes : private WishList {
public:
    Wishes(const Catalogue& catalogue, const QString& maker, const snmp::Heard& heard, const QHostAddress& address)
        : WishList(heard, printerIndex(heard.answers()))
        , m_catalogue(catalogue)
        , m_address(address)
        , m_profile(catalogue.profileOf(maker))
        , m_identification(catalogue, heard.answers(), maker)
    {
    }

    QList<Chain> all(bool hostName)
    {
        if (m_heard.isOld())
            return again();
        deviceIndex();
        identity();
        if (hostName)
            object(mib::sysName, textBytes);
        status();
        markers();
        supplies();
        alerts();
        display();
        network();
        vendor();
        charset();
        return chains();
    }

private:
    /// Of a device that was read before all is known but what was refreshed and reopened since.
    QList<Chain> again()
    {
        status();
        column(mib::prtMarkerLifeCount, 1, numberBytes);
        supplies();
        alerts();
        display();
        const QList<Oid> stale = m_heard.staleBelow({});
        if (!std::ranges::all_of(stale, [&](const Oid& object) { return names(object); }))
            vendor();
        for (const Oid& object : stale) {
            if (!names(object))
                wish({m_heard.startTowards(object), 1, textBytes, {object}});
        }
        return chains();
    }

    void deviceIndex()
    {
        const auto types = m_columns.of(mib::hrDeviceType);
        if (std::ranges::none_of(types, [](const snmp::Value& value) { return value.objectId == mib::hrDevicePrinter; }))
            column(mib::hrDeviceType, rowsAtFirst, 10);
    }

    void identity()
    {
        object(mib::sysDescr, 60);
        object(mib::sysObjectID, 10);
        if (m_identification.deviceType() == "printer"_L1 || !m_columns.hasBelow(mib::hrDeviceDescr)) // others may tell that it is more
            column(mib::hrDeviceDescr, 2, textBytes, {{1}});
        if (own(mib::hrDeviceDescr, textBytes) && !isNamedByDescription()) {
            for (const Oid& id : {mib::ppmPrinterIEEE1284DeviceId, mib::npDeviceId, mib::brotherDeviceId})
                object(id, 100);
            if (&m_profile == &m_catalogue.generic())
                own(mib::hrDeviceID, 8);
        }
        for (const QString& field : {u"serialNumber"_s, u"model"_s, u"firmware"_s, u"location"_s, u"description"_s, u"assetNumber"_s})
            identityField(field);
    }
    /// Then nothing else decides on the maker.
    bool isNamedByDescription() const
    {
        return !m_catalogue.makerNamedIn(Decoding().text(m_columns.at(mib::hrDeviceDescr + m_device))).isEmpty();
    }
    /// Down to the source that counts; of those behind the first all at once.
    void identityField(const QString& field)
    {
        const Oid counts = m_identification.sourceOf(field);
        firstOf(m_profile.sources.value(field), [&](const ValueSource& source) { return m_columns.oidOf(source.object, m_device) == counts; });
    }

    void status()
    {
        if (!cells({mib::hrPrinterStatus + m_device, mib::hrPrinterDetectedErrorState + m_device}, 2))
            return;
        own(mib::hrPrinterStatus, numberBytes);
        own(mib::hrPrinterDetectedErrorState, numberBytes);
    }

    void markers()
    {
        const bool known = column(mib::prtMarkerLifeCount, 1, numberBytes);
        cells(mib::prtMarkerCounterUnit, rowsOf({mib::prtMarkerLifeCount}), numberBytes);
        if (known && !hasSeveralColorants())
            cells(mib::prtMarkerProcessColorants, rowsOf({mib::prtMarkerLifeCount}), numberBytes);
    }

    void supplies()
    {
        using namespace mib;
        const QList<Oid> columns{prtMarkerSuppliesColorantIndex, prtMarkerSuppliesClass, prtMarkerSuppliesType, prtMarkerSuppliesDescription,
            prtMarkerSuppliesSupplyUnit, prtMarkerSuppliesMaxCapacity, prtMarkerSuppliesLevel};
        const QList<Oid> rows = rowsOf(columns);
        bool known = !m_heard.gapBelow(prtMarkerSuppliesLevel);
        if (known && m_columns.rowsOf(prtMarkerSuppliesLevel, 1).isEmpty()) // then its descriptions tell which there are
            known = column(prtMarkerSuppliesDescription, rowsAtFirst, textBytes);
        if (known) {
            table(columns, rows, 5);
        } else if (rows.isEmpty()) {
            for (const Oid& each : {prtMarkerSuppliesClass, prtMarkerSuppliesLevel})
                column(each, rowsAtFirst, 5);
        } else {
            for (const Oid& each : columns)
                column(each, static_cast<int>(std::max<qsizetype>(rows.size() + 3 - m_columns.rowsOf(each).size(), 1)), each == prtMarkerSuppliesDescription ? textBytes : numberBytes);
        }
        if (!m_heard.isOld())
            colorants(rows);
    }
    void colorants(const QList<Oid>& supplies)
    {
        const qsizetype known = rowsOf({mib::prtMarkerColorantValue}).size();
        if (!hasSeveralColorants() || known < 4) { // two tell that it prints colour, which mostly takes four
            if (!column(mib::prtMarkerColorantValue, 2, 7, {{m_device, known < 2 ? 1U : 3U}}))
                return;
        }
        QList<Oid> referred;
        for (const Oid& supply : supplies) {
            const qint64 colorant = m_columns.number(mib::prtMarkerSuppliesColorantIndex, supply).value_or(0);
            if (colorant > 0 && colorant < 0xffff && supply.size() == 2)
                referred += Oid{supply[0], static_cast<quint32>(colorant)};
        }
        std::ranges::sort(referred);
        if (cells(mib::prtMarkerColorantValue, referred, 7) && !hasProcessColors())
            cells(mib::prtMarkerColorantRole, rowsOf({mib::prtMarkerColorantValue}), numberBytes);
    }
    QSet<QString> colorantNames() const
    {
        QSet<QString> names;
        for (const Oid& row : rowsOf({mib::prtMarkerColorantValue}))
            names += Decoding().text(m_columns.at(mib::prtMarkerColorantValue, row)).toLower();
        names.remove({});
        return names;
    }
    bool hasSeveralColorants() const { return colorantNames().size() > 1; }
    bool hasProcessColors() const { return colorantNames().contains({u"cyan"_s, u"magenta"_s, u"yellow"_s}); }

    void alerts()
    {
        using namespace mib;
        static const Oid training = Oid(prtAlertSeverityLevel.arcs().first(10)) + 3U; // not read, but it stands between
        const QList<Oid> rows = rowsOf({prtAlertSeverityLevel, prtAlertCode, prtAlertDescription});
        if (!column(prtAlertCode, rowsAtFirst, numberBytes, m_heard.isOld() ? rows : QList<Oid>()) && (rows.isEmpty() || m_heard.isOld()))
            return;
        table({prtAlertSeverityLevel, training, prtAlertGroup, prtAlertGroupIndex, prtAlertLocation, prtAlertCode, prtAlertDescription}, rows, 6);
    }

    void display()
    {
        if (!column(mib::prtConsoleDisplayBufferText, 2, 16, {{m_device, 1}}))
            return;
        const auto lines = m_columns.of(mib::prtConsoleDisplayBufferText, 50);
        if (std::ranges::any_of(lines, [](const snmp::Value& line) { return !decodeText(line.octets).isEmpty(); }))
            return;
        for (const ValueSource& source : m_profile.display)
            referred(source.object, textBytes);
    }

    void network()
    {
        const bool knowsAddresses = column(mib::ifPhysAddress, 3, 6, {{1}, {2}});
        const auto hardware = m_columns.of(mib::ifPhysAddress, 64);
        if (const auto answering = answeringInterface()) {
            if (object(mib::ifPhysAddress + *answering, 6) && !decodeMac(hardware.value(Oid{*answering})).isEmpty())
                return;
        }
        if (!column(mib::ipAdEntIfIndex, 2, numberBytes) || !knowsAddresses)
            return;
        QSet<QString> macs;
        for (const snmp::Value& value : hardware)
            macs += decodeMac(value);
        macs.remove({});
        if (macs.isEmpty())
            identityField(u"mac"_s);
        if (macs.size() < 2)
            return;
        // As standard::macAddress() decides: the only address that is not loopback and up, else the first network interface that is up.
        QList<Oid> candidates;
        const auto addresses = m_columns.of(mib::ipAdEntIfIndex, 64);
        for (auto it = addresses.begin(); it != addresses.end(); ++it) {
            const qint64 number = decodeNumber(it.value()).value_or(0);
            if (it.key()[0] != 127 && it.key()[0] != 0 && number > 0 && number <= 0x7fff'ffff)
                candidates += Oid{static_cast<quint32>(number)};
        }
        if (!cells(mib::ifOperStatus, candidates, numberBytes))
            return;
        candidates.removeIf([&](const Oid& row) { return m_columns.number(mib::ifOperStatus, row).value_or(1) != 1; });
        if (candidates.size() == 1 && !decodeMac(hardware.value(candidates.first())).isEmpty())
            return;
        for (auto it = hardware.begin(); it != hardware.end(); ++it) {
            if (decodeMac(it.value()).isEmpty())
                continue;
            const bool known = object(mib::ifOperStatus + it.key(), numberBytes) & object(mib::ifType + it.key(), numberBytes);
            if (!known || (m_columns.number(mib::ifOperStatus, it.key()).value_or(1) == 1 && m_columns.number(mib::ifType, it.key()).value_or(6) == 6))
                return;
        }
    }
    std::optional<quint32> answeringInterface() const
    {
        bool isV4 = false;
        const quint32 ip = m_address.toIPv4Address(&isV4);
        const auto row = m_columns.number(mib::ipAdEntIfIndex, Oid{ip >> 24, ip >> 16 & 0xff, ip >> 8 & 0xff, ip & 0xff});
        return isV4 && row && *row > 0 && *row <= 0x7fff'ffff ? std::optional(static_cast<quint32>(*row)) : std::nullopt;
    }

    void vendor()
    {
        meters();
        supplyExtras();
        for (const ValueSource& source : m_profile.misc)
            referred(source.object, textBytes);
    }

    void meters()
    {
        QMap<QString, QList<ValueSource>> byName; // of several counters with one name the first that counts is taken
        for (const MeterSource& meter : m_profile.meters) {
            if (!meter.sum)
                byName[meter.name] += meter.sources;
            for (const ValueSource& source : meter.sum ? meter.sources : QList<ValueSource>())
                referred(source.object, numberBytes);
        }
        for (const QList<ValueSource>& sources : std::as_const(byName))
            firstOf(sources, [&](const ValueSource& source) { return source.decoding.count(m_columns.at(source.object, m_device)).has_value(); });
        for (const MeterTable& table : m_profile.meterTables) {
            column(table.label, 12, numberBytes);
            QList<Oid> rows; // that stand side by side
            const auto ask = [&] {
                cells(table.value, rows, numberBytes);
                if (!table.filter.isEmpty())
                    cells(table.filter, rows, numberBytes);
                rows.clear();
            };
            const auto labels = m_columns.of(table.label, 200);
            for (auto it = labels.begin(); it != labels.end(); ++it) {
                if (!table.nameOf(it.value()).isEmpty())
                    rows += it.key();
                else
                    ask();
            }
            ask();
        }
    }

    /// What the maker knows of the supplies beyond the Printer MIB.
    void supplyExtras()
    {
        const QList<Oid> rows = rowsOf({mib::prtMarkerSuppliesLevel, mib::prtMarkerSuppliesDescription});
        for (const SupplySerial& serial : m_profile.supplySerials) {
            QList<Oid> objects;
            if (serial.names.isEmpty()) {
                for (const Oid& row : rows)
                    objects += serial.object.objectOf(row);
            } else if (!rows.isEmpty()) {
                column(serial.names, rowsAtFirst, textBytes);
                for (const Oid& row : m_columns.rowsOf(serial.names, 64))
                    objects += serial.object.column + row;
            }
            cells(objects, 16);
        }
        const auto hasNoNumber = [&](const Oid& row) {
            const auto level = m_columns.number(mib::prtMarkerSuppliesLevel, row);
            return !level || *level < 0 || m_columns.number(mib::prtMarkerSuppliesMaxCapacity, row).value_or(0) <= 0;
        };
        if (std::ranges::any_of(rows, hasNoNumber)) {
            for (const SupplyLevelSource& level : m_profile.supplyLevels)
                object(level.source.object.oid, numberBytes);
        }
    }

    /// What text that is not UTF-8 is written in; mostly not needed.
    void charset()
    {
        using namespace mib;
        QList<snmp::Value> texts;
        for (const Oid& column : {prtMarkerSuppliesDescription, prtAlertDescription, prtConsoleDisplayBufferText, prtMarkerColorantValue})
            texts += m_columns.of(column).values();
        for (const ValueSource& source : m_profile.display + m_profile.misc.values())
            texts += m_columns.at(source.object, m_device);
        if (std::ranges::none_of(texts, isForeign))
            return;
        if (const auto gap = m_heard.gapBelow(prtLocalizationCharacterSet, 1))
            wish({*gap, 1, numberBytes, {}});
        for (const Oid& chosen : {prtConsoleLocalization, prtGeneralCurrentLocalization}) {
            const qint64 row = own(chosen, numberBytes) ? m_columns.number(chosen, Oid{m_device}).value_or(0) : 0;
            if (row > 0 && row < 0xffff)
                object(prtLocalizationCharacterSet + m_device + static_cast<quint32>(row), numberBytes);
        }
    }

    const Catalogue& m_catalogue;
    const QHostAddress m_address;
    const Profile& m_profile;
    const Identification m_identification; ///< as it looks so far
};

} // namespace

QList<Chain> wishes(
    const Catalogue& catalogue, const QString& maker, const snmp::Heard& heard, const QHostAddress& address, bool hostName)
{
    return Wishes(catalogue, maker, heard, address).all(hostName);
}

Interest interestIn(const Catalogue& catalogue, const Profile& profile, bool hostName)
{
    using namespace mib;
    QList<Oid> objects{sysDescr, sysObjectID, sysLocation, ifType, ifPhysAddress, ifOperStatus, ipAdEntIfIndex, hrDeviceType, hrDeviceDescr,
        hrDeviceID, hrPrinterStatus, hrPrinterDetectedErrorState, prtGeneralCurrentLocalization, prtConsoleLocalization, prtGeneralSerialNumber,
        prtLocalizationCharacterSet, prtMarkerCounterUnit, prtMarkerLifeCount, prtMarkerProcessColorants, prtMarkerSuppliesColorantIndex,
        prtMarkerSuppliesClass, prtMarkerSuppliesType, prtMarkerSuppliesDescription, prtMarkerSuppliesSupplyUnit, prtMarkerSuppliesMaxCapacity,
        prtMarkerSuppliesLevel, prtMarkerColorantRole, prtMarkerColorantValue, prtConsoleDisplayBufferText, prtAlertSeverityLevel, prtAlertGroup,
        prtAlertGroupIndex, prtAlertLocation, prtAlertCode, prtAlertDescription, ppmPrinterIEEE1284DeviceId, npDeviceId, brotherDeviceId};
    if (hostName)
        objects += sysName;
    const auto add = [&](const QList<ValueSource>& sources) {
        for (const ValueSource& source : sources)
            objects += source.object.oid;
    };
    for (const Profile* each : {&profile, &catalogue.generic()}) {
        for (const QList<ValueSource>& sources : each->identity)
            add(sources);
    }
    for (const MeterSource& meter : profile.meters)
        add(meter.sources);
    for (const MeterTable& table : profile.meterTables) {
        objects += {table.label, table.value, table.filter};
    }
    for (const SupplySerial& serial : profile.supplySerials) {
        objects += serial.object.column;
        if (!serial.names.isEmpty())
            objects += serial.names;
    }
    for (const SupplyLevelSource& level : profile.supplyLevels)
        objects += level.source.object.oid;
    add(profile.display);
    add(profile.misc.values());
    std::ranges::sort(objects);
    Interest interest;
    for (const Oid& object : std::as_const(objects)) {
        if (!object.isEmpty() && (interest.roots.isEmpty() || !object.startsWith(interest.roots.last())))
            interest.roots += object;
    }
    interest.fingerprint = fingerprint(interest.roots);
    return interest;
}

} // namespace platen::profiles
