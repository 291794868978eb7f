// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Decoders.h"

#include <snmp/Oid.h>

#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QString>

namespace platen::profiles {

/// An object a profile names. "….D" in the file stands for the hrDeviceIndex of the printer, found when it is read.
struct ObjectRef {
    snmp::Oid oid; ///< without the D
    bool perDevice = false; ///< ends with the device's index
};

/// One place to take a value from.
struct ValueSource {
    ObjectRef object;
    Decoding decoding;
    QString format; ///< "ZebraNet %1": the text the value stands in; empty: the value alone

    QString text(const snmp::Value& value, int charset = 0) const;
};

/// A vendor's counter. Of several with one name the first that gives a number counts.
struct MeterSource {
    QString name; ///< as in model::Meter
    QString unit; ///< keyword of prtMarkerCounterUnit
    QList<ValueSource> sources; ///< the first that gives a number counts; with `sum` all that do
    bool sum = false;
};

/// Counters in a table: rows are told by a label or type column, never by their place.
struct MeterTable {
    snmp::Oid label;
    snmp::Oid value;
    snmp::Oid filter; ///< a column that must have one of `wanted`, where a table counts in several units; may be empty
    QStringList wanted;
    QString unit;
    QMap<QString, QString>
        names; ///< label or type code → name of the meter; other rows are left out; labels of one name add up

    QString nameOf(const snmp::Value& labelOfRow) const; ///< empty: a row that is left out
    bool isWanted(const snmp::Value& filterOfRow) const; ///< true without a filter
};

/// A text in lower case, or the digits of a number: how the rows of tables are told.
QString labelText(const snmp::Value& value);

/// An object of every supply: "….D.N" or "….N.0", where N stands for prtMarkerSuppliesIndex and D for hrDeviceIndex.
struct SupplyRef {
    snmp::Oid column; ///< what stands before the first of them
    QString index; ///< "D.N", "N.0"

    snmp::Oid objectOf(const snmp::Oid& supply) const; ///< `supply`: hrDeviceIndex.prtMarkerSuppliesIndex
};

/// Where a supply's serial number stands.
struct SupplySerial {
    SupplyRef object;
    Decoding decoding;
    snmp::Oid names; ///< column of descriptions: rows are told by them and not by their index; may be empty
};

/// A level of the vendor's, in percent, for supplies whose level in the Printer MIB is no number.
struct SupplyLevelSource {
    QStringList kinds; ///< of model::Supply
    QString color;
    ValueSource source;
    int divisor = 1; ///< 100 where the vendor counts in hundredths of a percent
};

/// A brand that a profile covers.
struct Maker {
    QString name; ///< as shown: "HP"
    QRegularExpression names; ///< the maker's names at the start of a text; cut off from models
    QRegularExpression products; ///< product lines that only this maker has, at the start of a text
    QList<snmp::Oid> sysObjectIds; ///< prefixes that hint at it; weaker than any name
};

/// What tells a device type, tried in order on all the descriptions of a device.
struct DeviceTypeRule {
    QString type;
    QRegularExpression pattern;
};

/// All that interpret() may look at in a device: objects, and roots of columns; sorted, none below another.
struct Interest {
    QList<snmp::Oid> roots;
    quint32 fingerprint = 0; ///< changes when other objects are asked for

    bool covers(const snmp::Oid& object) const;
};

/// How to read one vendor's devices: one file of resources/profiles (docs/profiles.md).
struct Profile {
    QString id; ///< file name without ".json"
    QList<Maker> makers;
    QList<snmp::Oid> printerIds; ///< sysObjectID prefixes that only printers have
    QList<QRegularExpression> printerDescriptions; ///< sysDescr that only printers have
    QMap<QString, QList<ValueSource>> identity; ///< by field of model::Identity, in order of preference
    QMap<QString, QList<QRegularExpression>> rejects; ///< by identity field: texts that are no value
    QList<DeviceTypeRule> deviceTypes;
    QList<MeterSource> meters;
    QList<MeterTable> meterTables;
    QList<SupplySerial> supplySerials;
    QList<SupplyLevelSource> supplyLevels;
    QList<ValueSource> display; ///< panel text where prtConsoleDisplayBuffer is missing
    QMap<QString, ValueSource> misc;
    QJsonValue pages; ///< as it stands in the file: the module that looks into web pages reads it

    // What the catalogue makes of all that:
    QMap<QString, QList<ValueSource>> sources; ///< `identity`, and behind it generic's
    Interest interest;
    Interest interestWithName; ///< with sysName, too
};

} // namespace platen::profiles
