// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Cbor.h"

#include <QCborArray>
#include <QCborStreamReader>
#include <QFloat16>
#include <QUtf8StringView>
#include <QtEndian>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

enum Major : quint8 { Unsigned, Negative, Bytes, Text, Array, Map, Tag, Simple };

/// Walks the raw bytes once and says whether they are what we accept; recursion is bounded by cborLimit::depth.
class Scanner {
public:
    explicit Scanner(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    Status scan()
    {
        if (m_bytes.isEmpty() || (static_cast<quint8>(m_bytes.front()) >> 5) != Map)
            return fail(ErrorCode::Malformed, u"CBOR: this is not a map."_s);
        const Status walked = value(1);
        if (walked && m_at != m_bytes.size())
            return fail(ErrorCode::Malformed, u"CBOR: bytes follow the end of the map."_s);
        return walked;
    }

private:
    Status value(int depth)
    {
        if (++m_items > cborLimit::items)
            return fail(ErrorCode::LimitExceeded, u"CBOR: more than %1 items."_s.arg(cborLimit::items));
        if (m_at >= m_bytes.size())
            return truncated();
        const auto first = static_cast<quint8>(m_bytes[m_at++]);
        const auto major = static_cast<Major>(first >> 5);
        const auto additional = static_cast<quint8>(first & 0x1f);
        if (major == Simple)
            return simple(additional);
        const Result<quint64> number = argument(additional);
        if (!number)
            return fail(number.error());
        switch (major) {
        case Unsigned:
        case Negative:
            return *number <= static_cast<quint64>(std::numeric_limits<qint64>::max())
                ? Status()
                : fail(ErrorCode::Malformed, u"CBOR: an integer of more than 64 bits with sign."_s);
        case Bytes:
        case Text:
            return string(*number, major == Text);
        case Array:
            return array(*number, depth);
        case Map:
            return map(*number, depth);
        case Tag:
        case Simple:
            break;
        }
        return fail(ErrorCode::Malformed, u"CBOR: a tag, which no message has."_s);
    }

    Status array(quint64 count, int depth)
    {
        if (const Status fits = container(count, depth); !fits)
            return fits;
        for (quint64 i = 0; i < count; ++i) {
            if (const Status element = value(depth + 1); !element)
                return element;
        }
        return {};
    }

    Status map(quint64 count, int depth)
    {
        if (const Status fits = container(count * 2, depth); count > cborLimit::items || !fits)
            return fits ? fail(ErrorCode::LimitExceeded, u"CBOR: more than %1 items."_s.arg(cborLimit::items)) : fits;
        std::vector<QByteArrayView> keys;
        keys.reserve(count);
        for (quint64 i = 0; i < count; ++i) {
            if (m_at >= m_bytes.size())
                return truncated();
            if ((static_cast<quint8>(m_bytes[m_at]) >> 5) != Text)
                return fail(ErrorCode::Malformed, u"CBOR: a key that is no text."_s);
            if (const Status key = value(depth + 1); !key)
                return key;
            keys.push_back(m_lastString);
            if (const Status element = value(depth + 1); !element)
                return element;
        }
        std::ranges::sort(keys);
        if (std::ranges::adjacent_find(keys) != keys.end())
            return fail(ErrorCode::Malformed, u"CBOR: a key twice in one map."_s);
        return {};
    }

    /// Every element takes a byte at least: a count that the rest of the buffer cannot hold is refused before the loop.
    Status container(quint64 elements, int depth)
    {
        if (depth > cborLimit::depth)
            return fail(ErrorCode::LimitExceeded, u"CBOR: deeper than %1."_s.arg(cborLimit::depth));
        if (elements > static_cast<quint64>(cborLimit::items))
            return fail(ErrorCode::LimitExceeded, u"CBOR: more than %1 items."_s.arg(cborLimit::items));
        return elements > static_cast<quint64>(m_bytes.size() - m_at) ? truncated() : Status();
    }

    Status string(quint64 length, bool text)
    {
        if (length > static_cast<quint64>(m_bytes.size() - m_at))
            return truncated();
        m_lastString = m_bytes.sliced(m_at, static_cast<qsizetype>(length));
        m_at += static_cast<qsizetype>(length);
        if (text && !QUtf8StringView(m_lastString.data(), m_lastString.size()).isValidUtf8())
            return fail(ErrorCode::Malformed, u"CBOR: a text that is not UTF-8."_s);
        return {};
    }

    Status simple(quint8 additional)
    {
        if (additional >= 20 && additional <= 22) // false, true, null
            return {};
        if (additional < 25 || additional > 27)
            return fail(ErrorCode::Malformed, u"CBOR: a simple value that no message has."_s);
        const Result<quint64> bits = argument(additional);
        if (!bits)
            return fail(bits.error());
        // An exponent of ones only is an infinity or no number.
        const quint64 exponent = additional == 25 ? 0x7c00u : additional == 26 ? 0x7f80'0000u : 0x7ff0'0000'0000'0000u;
        if ((*bits & exponent) == exponent)
            return fail(ErrorCode::Malformed, u"CBOR: a number that is not finite."_s);
        return {};
    }

    /// The number in or after the first byte. 28–30 are reserved, 31 is an indefinite length or a break.
    Result<quint64> argument(quint8 additional)
    {
        if (additional < 24)
            return additional;
        if (additional > 27)
            return fail(ErrorCode::Malformed, u"CBOR: an indefinite length or a reserved byte."_s);
        const qsizetype size = qsizetype(1) << (additional - 24);
        if (size > m_bytes.size() - m_at)
            return fail(truncated().error());
        quint64 number = 0;
        for (qsizetype i = 0; i < size; ++i)
            number = number << 8 | static_cast<quint8>(m_bytes[m_at++]);
        return number;
    }

    static Status truncated() { return fail(ErrorCode::Malformed, u"CBOR: it ends too early."_s); }

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    int m_items = 0;
    QByteArrayView m_lastString;
};

void putHead(QByteArray& out, Major major, quint64 number)
{
    const auto first = static_cast<quint8>(major << 5);
    if (number < 24) {
        out.append(static_cast<char>(first | number));
        return;
    }
    const int power = number <= 0xff ? 0 : number <= 0xffff ? 1 : number <= 0xffff'ffff ? 2 : 3;
    out.append(static_cast<char>(first | (24 + power)));
    for (int shift = (8 << power) - 8; shift >= 0; shift -= 8)
        out.append(static_cast<char>(number >> shift & 0xff));
}

template <typename T>
void putFixed(QByteArray& out, char head, T bits)
{
    const T big = qToBigEndian(bits);
    out.append(head).append(reinterpret_cast<const char*>(&big), sizeof big);
}

void putDouble(QByteArray& out, double number)
{
    if (const qfloat16 half(static_cast<float>(number)); static_cast<double>(static_cast<float>(half)) == number)
        putFixed(out, '\xf9', std::bit_cast<quint16>(half));
    else if (const auto single = static_cast<float>(number); static_cast<double>(single) == number)
        putFixed(out, '\xfa', std::bit_cast<quint32>(single));
    else
        putFixed(out, '\xfb', std::bit_cast<quint64>(number));
}

void putString(QByteArray& out, Major major, const QByteArray& bytes)
{
    putHead(out, major, static_cast<quint64>(bytes.size()));
    out.append(bytes);
}

void put(QByteArray& out, const QCborValue& value);

void putMap(QByteArray& out, const QCborMap& map)
{
    std::vector<std::pair<QByteArray, QCborValue>> entries;
    entries.reserve(static_cast<size_t>(map.size()));
    for (auto it = map.cbegin(); it != map.cend(); ++it) {
        QByteArray key;
        put(key, it.key());
        entries.emplace_back(std::move(key), it.value());
    }
    std::ranges::sort(entries, {}, &std::pair<QByteArray, QCborValue>::first);
    putHead(out, Map, entries.size());
    for (const auto& [key, value] : entries) {
        out.append(key);
        put(out, value);
    }
}

void put(QByteArray& out, const QCborValue& value)
{
    switch (value.type()) {
    case QCborValue::Integer: {
        const qint64 number = value.toInteger();
        return number >= 0 ? putHead(out, Unsigned, static_cast<quint64>(number))
                           : putHead(out, Negative, ~static_cast<quint64>(number));
    }
    case QCborValue::Double:
        return putDouble(out, value.toDouble());
    case QCborValue::ByteArray:
        return putString(out, Bytes, value.toByteArray());
    case QCborValue::String:
        return putString(out, Text, value.toString().toUtf8());
    case QCborValue::Array: {
        const QCborArray array = value.toArray();
        putHead(out, Array, static_cast<quint64>(array.size()));
        for (const QCborValue& element : array)
            put(out, element);
        return;
    }
    case QCborValue::Map:
        return putMap(out, value.toMap());
    case QCborValue::True:
        out.append('\xf5');
        return;
    case QCborValue::False:
        out.append('\xf4');
        return;
    default: // null, and whatever a message must not hold
        out.append('\xf6');
    }
}

} // namespace

Result<QCborMap> decodeMap(QByteArrayView bytes)
{
    if (bytes.size() > cborLimit::bytes)
        return fail(ErrorCode::LimitExceeded, u"CBOR: more than %1 bytes."_s.arg(cborLimit::bytes));
    if (const Status scanned = Scanner(bytes).scan(); !scanned)
        return fail(scanned.error());
    QCborParserError error;
    const QCborValue value = QCborValue::fromCbor(bytes.data(), bytes.size(), &error);
    if (error.error || !value.isMap()) // cannot happen after the scan
        return fail(ErrorCode::Malformed, u"CBOR: %1."_s.arg(error.errorString()));
    return value.toMap();
}

QByteArray encodeMap(const QCborMap& map)
{
    QByteArray out;
    putMap(out, map);
    return out;
}

int itemCount(const QCborValue& value)
{
    int count = 1;
    if (value.isArray()) {
        const QCborArray array = value.toArray();
        for (const QCborValue& element : array)
            count += itemCount(element);
    } else if (value.isMap()) {
        const QCborMap map = value.toMap();
        for (auto it = map.cbegin(); it != map.cend(); ++it)
            count += itemCount(it.key()) + itemCount(it.value());
    }
    return count;
}

} // namespace platen::protocol
