// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Decoders.h"

#include <base/Result.h>
#include <snmp/Oid.h>

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>

#include <memory>

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

/// A vendor's counter.
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
    QString unit;
    QMap<QString, QString>
        names; ///< label or type code → name of the meter; other rows are left out; labels of one name add up
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

/// How to read one vendor's devices: one file of resources/profiles.
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
    QList<snmp::Oid> supplySerialNumbers; ///< columns indexed as prtMarkerSuppliesTable
    QList<ValueSource> display; ///< panel text where prtConsoleDisplayBuffer is missing
    QMap<QString, ValueSource> misc;
};

/// All profiles, checked. Never changes after loading; share it as shared_ptr<const Catalogue>.
class Catalogue {
public:
    /// From the resources built in. Fails only when a profile we ship is broken (tests see to it).
    static Result<std::shared_ptr<const Catalogue>> builtIn();

    /// From all *.json of a folder; "generic.json" must be among them. Fails with InvalidInput for an unknown key, a wrong
    /// type, a bad OID, pattern, decoder or name: the sentence names the file and the key. NotFound: no such folder.
    static Result<std::shared_ptr<const Catalogue>> fromFolder(const QString& path);

    const Profile& generic() const { return m_generic; }
    const QList<Profile>& profiles() const { return m_profiles; } ///< without generic

    /// The profile that covers `maker`; generic when none does.
    const Profile& profileOf(const QString& maker) const;

    /// Of the profile's own sources and then generic's.
    QList<ValueSource> sourcesOf(const Profile& profile, const QString& identityField) const;
    bool isRejected(const Profile& profile, const QString& identityField, const QString& text) const;

private:
    Profile m_generic;
    QList<Profile> m_profiles;
};

} // namespace platen::profiles
