// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Decoders.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

QStringList spellings(QStringView key)
{
    if (key == u"MFG")
        return {u"MFG"_s, u"MANUFACTURER"_s, u"MANUFACTURE"_s};
    if (key == u"MDL")
        return {u"MDL"_s, u"MODEL"_s};
    if (key == u"CLS")
        return {u"CLS"_s, u"CLASS"_s};
    if (key == u"DES")
        return {u"DES"_s, u"DESCRIPTION"_s};
    if (key == u"SN")
        return {u"SN"_s, u"SERN"_s, u"SER"_s, u"SERIALNUMBER"_s};
    if (key == u"CMD")
        return {u"CMD"_s, u"COMMAND SET"_s};
    return {key.toString()};
}

// The device id's own length, two bytes big-endian, that some devices leave in front.
QByteArrayView withoutLength(QByteArrayView octets)
{
    return octets.size() > 2 && static_cast<uchar>(octets[0]) < 0x20 ? octets.sliced(2) : octets;
}

qint64 bigEndian(QByteArrayView octets)
{
    quint64 number = 0;
    for (const char c : octets)
        number = number << 8 | static_cast<uchar>(c);
    return number > static_cast<quint64>(std::numeric_limits<qint64>::max()) ? std::numeric_limits<qint64>::max()
                                                                             : static_cast<qint64>(number);
}

} // namespace

std::optional<qint64> decodeBrotherRecord(QByteArrayView octets, quint8 tag, int bytes)
{
    qsizetype at = 0;
    while (at + 3 <= octets.size()) {
        const auto recordTag = static_cast<quint8>(octets[at]);
        const auto length = static_cast<quint8>(octets[at + 2]);
        if (recordTag == 0xff || octets[at + 1] != 1 || length == 0 || length > 8 || at + 3 + length > octets.size())
            return std::nullopt;
        if (recordTag == tag && (bytes == 0 || bytes == length))
            return bigEndian(octets.sliced(at + 3, length));
        at += 3 + length;
    }
    return std::nullopt;
}

QString decode1284(QStringView deviceId, QStringView key)
{
    const QStringList keys = spellings(key);
    for (const QStringView part : deviceId.split(u';')) {
        const qsizetype colon = part.indexOf(u':');
        if (colon > 0 && keys.contains(part.first(colon).trimmed(), Qt::CaseInsensitive))
            return part.sliced(colon + 1).trimmed().toString();
    }
    return {};
}

std::optional<qint64> decodeNumber(const snmp::Value& value)
{
    if (value.isNumber())
        return value.number;
    if (value.type != snmp::Value::Type::OctetString || value.octets.isEmpty())
        return std::nullopt;
    bool ok = false;
    const qint64 written = value.octets.size() <= 24 ? value.octets.trimmed().toLongLong(&ok) : 0;
    if (ok)
        return written;
    // A count as raw bytes starts with a small one; anything else is text that is no number.
    const qsizetype size = value.octets.size();
    const bool raw = (size == 1 || size == 2 || size == 4 || size == 8) && static_cast<uchar>(value.octets[0]) < 0x20;
    return raw ? std::optional(bigEndian(value.octets)) : std::nullopt;
}

QString decodeMac(const snmp::Value& value)
{
    if (value.type != snmp::Value::Type::OctetString)
        return {};
    QByteArray octets = value.octets;
    if (octets.size() != 6) { // as text
        octets = octets.trimmed();
        octets.removeIf([](char c) { return c == ':' || c == '-' || c == '.' || c == ' ' || c == '\0'; });
        const bool isHex = octets.size() == 12
            && std::ranges::all_of(octets, [](char c) { return std::isxdigit(static_cast<uchar>(c)); });
        if (!isHex)
            return {};
        octets = QByteArray::fromHex(octets);
    }
    const bool isGroup = octets[0] & 1; // all ones is one as well
    if (isGroup || octets.count('\0') == 6)
        return {};
    return QString::fromLatin1(octets.toHex(':'));
}

QString normalisedSerial(const QString& raw)
{
    static const QRegularExpression lead(
        u"^(?:S/?N|SERIAL(?: ?(?:NO\\.?|NUMBER))?)\\s*[:#]\\s*"_s, QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression placeholder(
        u"^(?:unknown|none|n/?a|null|nil|not (?:available|set|applicable)|undefined|default|serial ?number|0123456789|1234567890)$"_s,
        QRegularExpression::CaseInsensitiveOption);
    QString serial = raw.simplified();
    serial.remove(lead);
    while (serial.size() > 1 && (serial.front() == u'"' || serial.front() == u'\'') && serial.back() == serial.front())
        serial = serial.sliced(1, serial.size() - 2).trimmed();
    const bool oneCharacter = !serial.isEmpty() && serial.count(serial.front()) == serial.size();
    if (serial.size() < 3 || serial.size() > 64 || oneCharacter || placeholder.match(serial).hasMatch())
        return {};
    return serial;
}

std::optional<Decoding::Kind> Decoding::kindFrom(QStringView name)
{
    static constexpr std::array<std::pair<QStringView, Kind>, 7> kinds{
        {{u"text", Kind::Text}, {u"pml", Kind::Pml}, {u"number", Kind::Number}, {u"hex", Kind::Hex},
            {u"deviceId", Kind::DeviceId}, {u"brotherRecord", Kind::BrotherRecord}, {u"mac", Kind::Mac}}};
    const auto found = std::ranges::find(kinds, name, &std::pair<QStringView, Kind>::first);
    return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

namespace {

/// Octets only: a number or an OID where a name or a serial number belongs says nothing that can be trusted.
QString plainText(const snmp::Value& value, int charset)
{
    return value.type == snmp::Value::Type::OctetString ? decodeText(value.octets, charset) : QString();
}

QString numberText(const std::optional<qint64>& number) { return number ? QString::number(*number) : QString(); }

QString undressed(const Decoding& decoding, const snmp::Value& value, int charset)
{
    switch (decoding.kind) {
    case Decoding::Kind::Text:
        return plainText(value, charset);
    case Decoding::Kind::Pml:
        return value.type == snmp::Value::Type::OctetString ? decodePml(value.octets) : plainText(value, charset);
    case Decoding::Kind::Number:
        return numberText(decodeNumber(value));
    case Decoding::Kind::Hex:
        return QString::fromLatin1(value.octets.first(std::min(value.octets.size(), maxTextBytes)).toHex());
    case Decoding::Kind::DeviceId:
        return decode1284(decodeText(withoutLength(value.octets)), decoding.field);
    case Decoding::Kind::BrotherRecord:
        return numberText(decodeBrotherRecord(value.octets, decoding.tag, decoding.bytes));
    case Decoding::Kind::Mac:
        return decodeMac(value);
    }
    return {};
}

} // namespace

QString Decoding::text(const snmp::Value& value, int charset) const
{
    if (!value.exists())
        return {};
    const QString whole = undressed(*this, value, charset);
    if (pattern.pattern().isEmpty() || whole.isEmpty())
        return whole;
    const auto match = pattern.match(whole);
    return match.hasMatch() ? match.captured(match.lastCapturedIndex() > 0 ? 1 : 0).trimmed() : QString();
}

/// No machine turns that many pages, and sums of such numbers stay numbers.
constexpr qint64 largestCount = 1'000'000'000'000'000;

std::optional<qint64> Decoding::count(const snmp::Value& value) const
{
    if (!value.exists())
        return std::nullopt;
    std::optional<qint64> number;
    if (kind == Kind::Number || (kind == Kind::Text && pattern.pattern().isEmpty())) {
        number = decodeNumber(value);
    } else {
        bool ok = false;
        const qint64 written = text(value).toLongLong(&ok);
        if (ok)
            number = written;
    }
    // −1, −2 and −3 (not supported, unknown, some) come as large unsigned numbers where an agent only has counters.
    const bool isNegative = number && (*number < 0 || (*number >= 0xffff'fffd && *number <= 0xffff'ffff));
    return isNegative || number > largestCount ? std::nullopt : number;
}

} // namespace platen::profiles
