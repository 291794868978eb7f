// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace platen::model {

/// What a device says of the level of a supply; never a made-up number. RFC 3805 gives negative numbers meanings of their own.
struct SupplyLevel {
    enum class Kind {
        None,    ///< the device has no such value
        Unknown, ///< −2: it does not know
        Some,    ///< −3: at least one unit is left (of a Filled supply: there is room)
        Range,   ///< between low and high percent
        Percent,
    };

    Kind kind = Kind::None;
    double percent = 0; ///< 0–100 of what is left: of the supply, or of the room in a Filled one (RFC 3805); meaningless unless Percent
    double low = 0;     ///< 0–100; meaningless unless Range
    double high = 0;    ///< 0–100; meaningless unless Range
    bool vendor = false; ///< from a vendor's object, where the Printer MIB had no number; never sent, --json shows it

    bool operator==(const SupplyLevel&) const = default;
};

/// prtMarkerSuppliesClass: does using the device drain this supply or fill it?
enum class SupplyClass { Other, Consumed, Filled };

/// One row of prtMarkerSuppliesTable (RFC 3805). In all of a Reading an empty string means "not known": it travels as null.
struct Supply {
    QString index;                  ///< hrDeviceIndex.prtMarkerSuppliesIndex, e.g. "1.1"; its key on one device
    QString name;                   ///< prtMarkerSuppliesDescription, decoded
    QString kind;                   ///< keyword of prtMarkerSuppliesType: "toner", "wasteToner", "fuser", …
    SupplyClass supplyClass = SupplyClass::Other;
    QString color;                  ///< prtMarkerColorantValue in lower case: "black", "cyan", …
    QString unit;                   ///< keyword of prtMarkerSuppliesSupplyUnit: "percent", "impressions", "tenthsOfGrams", …
    std::optional<qint64> capacity; ///< prtMarkerSuppliesMaxCapacity > 0, in the unit
    SupplyLevel level;
    QString serialNumber;           ///< of the cartridge; vendor objects only

    bool operator==(const Supply&) const = default;
};

/// A count that only grows: prtMarkerLifeCount or a vendor's counter.
struct Meter {
    QString name;   ///< "total", "mono", "color", "copyMono", "copyColor", "printMono", "printColor", "fax", "scan", "duplex", "large", …
    QString unit;   ///< keyword of prtMarkerCounterUnit: "impressions", "sheets", …
    qint64 value = 0;
    QString marker; ///< hrDeviceIndex.prtMarkerIndex for prtMarkerLifeCount; empty for a device-wide counter

    bool operator==(const Meter&) const = default;
};

/// One row of prtAlertTable (RFC 3805). Values not given are −2 (unknown), as the RFC writes it.
struct Alert {
    QString index;    ///< hrDeviceIndex.prtAlertIndex
    QString severity; ///< keyword of prtAlertSeverityLevel: "critical", "warning", "warningBinaryChangeEvent", "other"
    QString group;    ///< keyword of prtAlertGroup: "markerSupplies", "cover", …
    qint64 groupIndex = -2;
    qint64 location = -2;
    qint64 code = -2; ///< prtAlertCode
    QString description;

    bool operator==(const Alert&) const = default;
};

/// Who a device says it is.
struct Identity {
    QString manufacturer;
    QString model;
    QString modelId;    ///< stable: "hp.laserjet-4250"
    QString modelMatch; ///< how the model was found: "exact", "vendor", "generic", "none"
    QString deviceType; ///< "printer", "mfp", "label", "plotter", "scanner", "printServer"
    QString description;
    QString serialNumber;
    QString assetNumber;
    QString mac;        ///< "00:11:22:33:44:55", lower case
    QString location;   ///< sysLocation
    QString firmware;
    std::optional<bool> color;
    QString sysObjectId;

    bool operator==(const Identity&) const = default;
};

struct DeviceStatus {
    QString state;        ///< keyword of hrPrinterStatus: "idle", "printing", "warmup", "other", "unknown"; or "offline"
    std::optional<QStringList> errors; ///< names of hrPrinterDetectedErrorState's bits; nothing when the device does not say
    QStringList display;  ///< prtConsoleDisplayBufferText, one entry a line

    bool operator==(const DeviceStatus&) const = default;
};

/// Where a value came from.
struct Source {
    QString protocol; ///< "snmp", "ipp", "http", "pjl"
    QString object;   ///< OID or attribute
    QString raw;      ///< as it arrived, printable, at most 256 characters

    bool operator==(const Source&) const = default;
};

/// Everything of one device at one instant (DESIGN.md §3).
struct Reading {
    QString address;
    Instant takenAt{};
    Identity identity;
    DeviceStatus status;
    QList<Meter> meters;     ///< ordered by name, marker
    QList<Supply> supplies;  ///< ordered by index
    QList<Alert> alerts;     ///< ordered by index
    QMap<QString, QString> misc;
    QMap<QString, Source> sources; ///< by path: "identity.serialNumber", "meters.total", "supplies.1.1.level"; never sent, --sources shows them

    bool operator==(const Reading&) const = default;
};

} // namespace platen::model
