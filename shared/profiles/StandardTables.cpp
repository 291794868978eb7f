// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "StandardTables.h"

#include "Decoders.h"
#include "Keywords.h"
#include "PrinterMib.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::profiles::standard {

namespace {

using snmp::Oid;

QString textOf(const Columns& columns, const Oid& column, const Oid& index, int charset)
{
    return Decoding().text(columns.at(column, index), charset);
}

double rounded(double percent) { return std::round(percent * 10) / 10; }

model::SupplyLevel percentLevel(double percent)
{
    return {model::SupplyLevel::Kind::Percent, rounded(std::clamp(percent, 0.0, 100.0)), 0, 0};
}

model::SupplyClass supplyClass(std::optional<qint64> code, const QString& kind)
{
    if (code == 3)
        return model::SupplyClass::Consumed;
    if (code == 4 || (!code && kind.startsWith(u"waste")))
        return model::SupplyClass::Filled;
    return code || kind.isEmpty() ? model::SupplyClass::Other : model::SupplyClass::Consumed;
}

// Xerox, Samsung and others write the cartridge's serial number into its description.
QString serialIn(const QString& description)
{
    if (!description.contains(u"SN") && !description.contains(u"S/N"))
        return {};
    static const QRegularExpression pattern(u"(?:;\\s*SN|\\bS/N)\\s*:?\\s*([A-Z0-9-]{6,32})(?![\\w-])"_s);
    return normalisedSerial(pattern.match(description).captured(1));
}

QString colorantOf(const Columns& columns, const Oid& index, int charset)
{
    const std::optional<qint64> colorant = columns.number(mib::prtMarkerSuppliesColorantIndex, index);
    if (!colorant || *colorant <= 0 || *colorant > 0x7fff'ffff)
        return {};
    const Oid row = snmp::Oid(index.arcs().first(index.arcs().size() - 1)) + static_cast<quint32>(*colorant);
    return textOf(columns, mib::prtMarkerColorantValue, row, charset).toLower().left(40);
}

} // namespace

model::SupplyLevel supplyLevel(std::optional<qint64> level, std::optional<qint64> capacity, std::optional<qint64> unit)
{
    using Kind = model::SupplyLevel::Kind;
    constexpr qint64 percentUnit = 19;
    if (!level || *level == -1)
        return {Kind::None, 0, 0, 0};
    if (*level == -3)
        return {Kind::Some, 0, 0, 0};
    if (*level < 0)
        return {Kind::Unknown, 0, 0, 0};
    if (capacity && *capacity > 0)
        return percentLevel(100.0 * static_cast<double>(*level) / static_cast<double>(*capacity));
    if (unit == percentUnit && *level <= 100)
        return percentLevel(static_cast<double>(*level));
    if (*level > 0)
        return {Kind::Some, 0, 0, 0};
    return capacity == -2 ? percentLevel(0) : model::SupplyLevel{Kind::Unknown, 0, 0, 0}; // empty, however large it is
}

int charset(const Columns& columns, quint32 device)
{
    const auto sets = columns.of(mib::prtLocalizationCharacterSet, 64);
    for (const Oid& chosen : {mib::prtConsoleLocalization, mib::prtGeneralCurrentLocalization}) {
        const std::optional<qint64> row = columns.number(chosen, Oid{device});
        if (row && *row > 0 && *row < 0xffff) {
            if (const auto set =
                    columns.number(mib::prtLocalizationCharacterSet, Oid{device, static_cast<quint32>(*row)}))
                return static_cast<int>(std::clamp<qint64>(*set, 0, 0xffff));
        }
    }
    return sets.isEmpty() ? 0 : static_cast<int>(std::clamp<qint64>(decodeNumber(sets.first()).value_or(0), 0, 0xffff));
}

QList<model::Supply> supplies(const Columns& columns, quint32 device, int charset)
{
    QList<model::Supply> list;
    const QList<Oid> table{mib::prtMarkerSuppliesDescription, mib::prtMarkerSuppliesLevel, mib::prtMarkerSuppliesType,
        mib::prtMarkerSuppliesMaxCapacity};
    for (const Oid& index : columns.rowsOf(table, device, 200)) {
        if (index.size() > 2) // Pantum leaves out hrDeviceIndex
            continue;
        model::Supply supply;
        supply.index = index.toString();
        supply.name = textOf(columns, mib::prtMarkerSuppliesDescription, index, charset);
        supply.kind = keyword::supplyType(columns.number(mib::prtMarkerSuppliesType, index).value_or(0));
        supply.supplyClass = supplyClass(columns.number(mib::prtMarkerSuppliesClass, index), supply.kind);
        supply.color = colorantOf(columns, index, charset);
        if (supply.color.isEmpty() && supply.supplyClass != model::SupplyClass::Filled)
            supply.color = keyword::colorIn(supply.name);
        const auto unit = columns.number(mib::prtMarkerSuppliesSupplyUnit, index);
        const auto capacity = columns.number(mib::prtMarkerSuppliesMaxCapacity, index);
        supply.unit = keyword::supplyUnit(unit.value_or(0));
        if (capacity && *capacity > 0)
            supply.capacity = capacity;
        supply.level = supplyLevel(columns.number(mib::prtMarkerSuppliesLevel, index), capacity, unit);
        supply.serialNumber = serialIn(supply.name);
        list += supply;
    }
    return list;
}

QList<model::Meter> meters(const Columns& columns, quint32 device)
{
    const Decoding number{Decoding::Kind::Number, {}, 0, {}};
    QList<model::Meter> list;
    for (const Oid& index : columns.rowsOf(QList<Oid>{mib::prtMarkerLifeCount}, device, 32)) {
        const std::optional<qint64> count = number.count(columns.at(mib::prtMarkerLifeCount, index));
        if (!count || index.size() > 2)
            continue;
        const QString unit = keyword::counterUnit(columns.number(mib::prtMarkerCounterUnit, index).value_or(0));
        list += {u"total"_s, unit, *count, index.toString()};
    }
    return list;
}

QList<model::Alert> alerts(const Columns& columns, quint32 device, int charset)
{
    constexpr qint64 unknown = -2;
    QList<model::Alert> list;
    const QList<Oid> table{mib::prtAlertSeverityLevel, mib::prtAlertCode, mib::prtAlertDescription};
    for (const Oid& index : columns.rowsOf(table, device, 300)) {
        model::Alert alert;
        alert.index = index.toString();
        alert.severity = keyword::alertSeverity(columns.number(mib::prtAlertSeverityLevel, index).value_or(0));
        alert.group = keyword::alertGroup(columns.number(mib::prtAlertGroup, index).value_or(0));
        alert.groupIndex = columns.number(mib::prtAlertGroupIndex, index).value_or(unknown);
        alert.location = columns.number(mib::prtAlertLocation, index).value_or(unknown);
        alert.code = columns.number(mib::prtAlertCode, index).value_or(unknown);
        alert.description = textOf(columns, mib::prtAlertDescription, index, charset);
        list += alert;
    }
    return list;
}

QStringList display(const Columns& columns, quint32 device, int charset)
{
    QStringList lines;
    for (const Oid& index : columns.rowsOf(QList<Oid>{mib::prtConsoleDisplayBufferText}, device, 50)) {
        const QString text = decodeText(columns.at(mib::prtConsoleDisplayBufferText, index).octets, charset, true);
        if (!text.isEmpty())
            lines += text.split(u'\n');
    }
    return lines;
}

model::DeviceStatus status(const Columns& columns, quint32 device)
{
    model::DeviceStatus status;
    const QList<Oid> rows = columns.rowsOf(QList<Oid>{mib::hrPrinterStatus, mib::hrPrinterDetectedErrorState}, device, 32);
    const Oid index = rows.isEmpty() ? Oid{device} : rows.first();
    status.state = keyword::printerStatus(columns.number(mib::hrPrinterStatus, index).value_or(2));
    const snmp::Value errors = columns.at(mib::hrPrinterDetectedErrorState, index);
    if (errors.type == snmp::Value::Type::OctetString)
        status.errors = keyword::detectedErrors(errors.octets);
    else if (errors.isNumber() && errors.number >= 0 && errors.number <= 0xff)
        status.errors = keyword::detectedErrors(QByteArray(1, static_cast<char>(errors.number)));
    return status;
}

std::optional<bool> isColor(const Columns& columns, quint32 device, const QList<model::Supply>& supplies)
{
    static const QRegularExpression several(
        u"\\btri-?colou?r\\b|\\bcolou?r (?:cartridge|ink|toner)\\b"_s, QRegularExpression::CaseInsensitiveOption);
    QSet<QString> colorants;
    for (const Oid& row : columns.rowsOf(QList<Oid>{mib::prtMarkerColorantValue}, device, 32)) {
        const QString value = textOf(columns, mib::prtMarkerColorantValue, row, 0).toLower();
        if (!value.isEmpty() && columns.number(mib::prtMarkerColorantRole, row) != 4) // 4: spot
            colorants.insert(value);
    }
    bool black = colorants.size() == 1;
    bool colored = colorants.size() > 1;
    for (const model::Supply& supply : supplies) {
        if (supply.color.endsWith(u"black"))
            black = true;
        else if (!supply.color.isEmpty() || several.match(supply.name).hasMatch())
            colored = true;
    }
    for (const Oid& row : columns.rowsOf(QList<Oid>{mib::prtMarkerProcessColorants}, device, 32)) {
        const qint64 count = columns.number(mib::prtMarkerProcessColorants, row).value_or(0);
        black = black || count == 1;
        colored = colored || count > 1;
    }
    return colored || black ? std::optional(colored) : std::nullopt;
}

namespace {

// The interface whose address answered; of several unrelated addresses (behind translation) none can be told.
std::optional<quint32> interfaceOf(const Columns& columns, const QHostAddress& address)
{
    bool isV4 = false;
    const quint32 wanted = address.toIPv4Address(&isV4);
    QList<quint32> others;
    const auto interfaces = columns.of(mib::ipAdEntIfIndex, 64);
    for (auto it = interfaces.begin(); it != interfaces.end(); ++it) {
        const Oid& ip = it.key();
        const qint64 number = decodeNumber(it.value()).value_or(0);
        if (ip.size() != 4 || number <= 0 || number > 0x7fff'ffff)
            continue;
        if (isV4 && wanted == (ip[0] << 24 | (ip[1] & 0xff) << 16 | (ip[2] & 0xff) << 8 | (ip[3] & 0xff)))
            return static_cast<quint32>(number);
        const bool isUp = columns.number(mib::ifOperStatus, Oid{static_cast<quint32>(number)}).value_or(1) == 1;
        if (isUp && ip[0] != 127 && ip[0] != 0)
            others += static_cast<quint32>(number);
    }
    return others.size() == 1 ? std::optional(others.first()) : std::nullopt;
}

bool isNetwork(qint64 ifType)
{
    static const QList<qint64> types{6, 7, 9, 62, 69, 71, 117}; // Ethernet in its spellings, token ring, Wi-Fi
    return types.contains(ifType);
}

} // namespace

QString macAddress(const Columns& columns, const QHostAddress& address)
{
    const auto addresses = columns.of(mib::ifPhysAddress, 64);
    if (const auto answering = interfaceOf(columns, address)) {
        if (QString mac = decodeMac(addresses.value(Oid{*answering})); !mac.isEmpty())
            return mac;
    }
    QString fallback;
    for (auto it = addresses.begin(); it != addresses.end(); ++it) {
        const QString mac = decodeMac(it.value());
        if (mac.isEmpty())
            continue;
        const bool isUp = columns.number(mib::ifOperStatus, it.key()).value_or(1) == 1;
        if (isUp && isNetwork(columns.number(mib::ifType, it.key()).value_or(6)))
            return mac;
        if (fallback.isEmpty())
            fallback = mac;
    }
    return fallback;
}

} // namespace platen::profiles::standard
