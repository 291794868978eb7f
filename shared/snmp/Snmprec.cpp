// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Snmprec.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

using Type = Value::Type;

struct Tag {
    Type type;
    QByteArrayView number;
};

constexpr Tag tags[] = {
    {Type::Integer, "2"}, {Type::OctetString, "4"}, {Type::Null, "5"}, {Type::ObjectId, "6"}, {Type::IpAddress, "64"},
    {Type::Counter32, "65"}, {Type::Gauge32, "66"}, {Type::TimeTicks, "67"}, {Type::Opaque, "68"}, {Type::Counter64, "70"},
};

bool holdsOctets(Type type)
{
    return type == Type::OctetString || type == Type::IpAddress || type == Type::Opaque;
}

std::optional<QByteArray> fromHex(QByteArrayView digits)
{
    const QByteArrayView hex = digits.trimmed();
    const bool wellFormed = hex.size() % 2 == 0 && std::ranges::all_of(hex, [](char c) { return isxdigit(static_cast<unsigned char>(c)); });
    return wellFormed ? std::optional(QByteArray::fromHex(hex.toByteArray())) : std::nullopt;
}

std::optional<QByteArray> fromDottedQuad(QByteArrayView text)
{
    QByteArray octets;
    for (const QByteArray& part : text.trimmed().toByteArray().split('.')) {
        bool isNumber = false;
        const uint number = part.toUInt(&isNumber);
        if (!isNumber || number > 255)
            return std::nullopt;
        octets.append(static_cast<char>(number));
    }
    return octets.size() == 4 ? std::optional(octets) : std::nullopt;
}

std::optional<qint64> toNumber(Type type, QByteArrayView text)
{
    bool isNumber = false;
    const qint64 number = text.trimmed().toLongLong(&isNumber);
    if (isNumber)
        return number;
    const quint64 large = text.trimmed().toULongLong(&isNumber);
    const bool saturates = isNumber && type == Type::Counter64 && large > 0;
    return saturates ? std::optional(std::numeric_limits<qint64>::max()) : std::nullopt;
}

/// Nothing when `text` is not of the form `type` has in a recording.
std::optional<Value> toValue(Type type, bool isHex, QByteArrayView text)
{
    if (type == Type::Null)
        return Value();
    if (type == Type::ObjectId) {
        const Result<Oid> objectId = Oid::parse(QString::fromLatin1(text.trimmed()));
        return objectId ? std::optional(Value{type, 0, {}, *objectId}) : std::nullopt;
    }
    if (!holdsOctets(type)) {
        const std::optional<qint64> number = toNumber(type, text);
        return number ? std::optional(Value{type, *number, {}, {}}) : std::nullopt;
    }
    std::optional<QByteArray> octets = text.toByteArray();
    if (isHex)
        octets = fromHex(text);
    else if (type == Type::IpAddress)
        octets = fromDottedQuad(text);
    const bool fits = octets && (type != Type::IpAddress || octets->size() == 4);
    return fits ? std::optional(Value{type, 0, *octets, {}}) : std::nullopt;
}

Result<VarBind> parseLine(QByteArrayView line, qsizetype number)
{
    const auto malformed = [number](const QString& what) {
        return fail(ErrorCode::Malformed, u"line %1 of the recording %2; each line must be OID|type|value, as in 1.3.6.1.2.1.1.5.0|4|printer"_s.arg(number).arg(what));
    };
    const qsizetype first = line.indexOf('|');
    const qsizetype second = first < 0 ? -1 : line.indexOf('|', first + 1);
    if (second < 0)
        return malformed(u"has fewer than two | signs"_s);
    const Result<Oid> oid = Oid::parse(QString::fromLatin1(line.first(first).trimmed()));
    if (!oid)
        return malformed(u"does not begin with an object identifier"_s);

    const QByteArrayView written = line.sliced(first + 1, second - first - 1).trimmed();
    QByteArrayView tag = written;
    const bool isHex = tag.endsWith('x');
    if (isHex)
        tag.chop(1);
    const auto known = std::ranges::find(tags, tag, &Tag::number);
    if (known == std::end(tags) || (isHex && !holdsOctets(known->type)))
        return malformed(u"has the type \"%1\", which is none of a recording's"_s.arg(QString::fromLatin1(written.first(std::min<qsizetype>(written.size(), 16)))));
    std::optional<Value> value = toValue(known->type, isHex, line.sliced(second + 1));
    if (!value)
        return malformed(u"has a value that does not fit its type"_s);
    return VarBind{*oid, *std::move(value)};
}

bool isPlainText(const QByteArray& octets)
{
    const bool printable = std::ranges::all_of(octets, [](char c) { return c >= ' ' && c <= '~'; });
    return printable && !octets.startsWith(' ') && !octets.endsWith(' ');
}

} // namespace

Result<Answers> parseSnmprec(QByteArrayView bytes, qsizetype limit)
{
    Answers answers;
    qsizetype number = 0;
    bool endsInCr = false;
    while (!bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        QByteArrayView line = end < 0 ? bytes : bytes.first(end);
        bytes = bytes.sliced(end < 0 ? bytes.size() : end + 1);
        if (++number == 1)
            endsInCr = line.endsWith('\r');
        if (endsInCr && line.endsWith('\r'))
            line.chop(1);
        if (line.trimmed().isEmpty() || line.startsWith('#'))
            continue;
        Result<VarBind> varBind = parseLine(line, number);
        if (!varBind)
            return fail(varBind.error());
        answers.insert(varBind->oid, std::move(varBind->value));
        if (answers.size() > limit)
            return fail(ErrorCode::LimitExceeded, u"the recording has more than %1 objects; cut it to the tables that matter"_s.arg(limit));
    }
    return answers;
}

QByteArray snmprecLine(const VarBind& varBind)
{
    const Value& value = varBind.value;
    const auto tag = std::ranges::find(tags, value.type, &Tag::type);
    if (tag == std::end(tags))
        return {};
    QByteArray line = varBind.oid.toString().toLatin1() + '|' + tag->number.toByteArray();
    if (value.type == Type::IpAddress && value.octets.size() == 4) {
        line += '|';
        for (qsizetype i = 0; i < 4; ++i)
            line += (i ? "." : "") + QByteArray::number(static_cast<quint8>(value.octets[i]));
    } else if (value.type == Type::OctetString && isPlainText(value.octets)) {
        line += '|' + value.octets;
    } else if (holdsOctets(value.type)) {
        line += "x|" + value.octets.toHex();
    } else if (value.type == Type::ObjectId) {
        line += '|' + value.objectId.oid().toString().toLatin1();
    } else {
        line += '|' + (value.isNumber() ? QByteArray::number(value.number) : QByteArray());
    }
    return line + '\n';
}

} // namespace platen::snmp
