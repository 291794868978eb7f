// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Text.h"

#include <base/Result.h>
#include <snmp/Value.h>

#include <QRegularExpression>
#include <QString>

#include <optional>

namespace platen::profiles {

/// The value of one record of Brother's counter blobs: records of tag, type (01), length (04), big-endian value (older
/// models: length 01, one byte); 0xFF ends. With `bytes` only a record of that length counts: under one tag old models keep a
/// state in one byte where newer ones keep a number in four. Nothing when the tag is not there or the blob is cut.
std::optional<qint64> decodeBrotherRecord(QByteArrayView octets, quint8 tag, int bytes = 0);

/// A field of an IEEE 1284 device id ("MFG:HP;MDL:…;"); `key` is the short form, long forms (MANUFACTURER, MODEL, …) and
/// a two-byte length in front are understood. Empty when it is not there.
QString decode1284(QStringView deviceId, QStringView key);

/// Digits with separators as a person writes them ("1,234 pages" is not a number; " 1234 " is), or big-endian octets (1–8
/// bytes, not all of them digits), or a number itself. Nothing for anything else.
std::optional<qint64> decodeNumber(const snmp::Value& value);

/// "00:11:22:33:44:55" of six octets, or of twelve hex digits as text with or without separators. Empty when it is none,
/// all zeros, all ones or a group address.
QString decodeMac(const snmp::Value& value);

/// Removes what pads serial numbers ("SN:", quotes, spaces). Empty for placeholders (one character repeated, "unknown", …)
/// and for what is too short or too long to be one.
QString normalisedSerial(const QString& raw);

/// How a profile wants one object read: a decoder's name with its parameters, checked when the catalogue is loaded.
struct Decoding {
    enum class Kind {
        Text,
        Pml,
        Number,
        Hex, ///< the octets as hexadecimal digits
        DeviceId, ///< a field of an IEEE 1284 device id
        BrotherRecord, ///< a record of Brother's counters
        Mac,
    };

    Kind kind = Kind::Text;
    QString field; ///< of DeviceId
    quint8 tag = 0; ///< of BrotherRecord
    QRegularExpression pattern; ///< when set, its first group is the value; no match: nothing
    quint8 bytes = 0; ///< of BrotherRecord: the length it must have; 0: any

    /// From its name in a profile: "text", "pml", "number", "hex", "deviceId", "brotherRecord", "mac".
    static std::optional<Kind> kindFrom(QStringView name);

    /// The value as text; empty when the object is not there or does not decode.
    QString text(const snmp::Value& value, int charset = 0) const;
    /// The value as a count; nothing when it is not there, does not decode, is negative or beyond 10^15.
    std::optional<qint64> count(const snmp::Value& value) const;
};

} // namespace platen::profiles
