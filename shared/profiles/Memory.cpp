// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Memory.h"

#include <QCborStreamReader>
#include <QtEndian>

#include <algorithm>
#include <limits>
#include <span>

namespace platen::profiles {

namespace {

using snmp::Oid;
using snmp::Value;

constexpr char formatVersion = 1;
constexpr qsizetype mostBytes = 16 << 10;
constexpr qsizetype mostPlainBytes = 256 << 10;

/// The start of a CBOR item (RFC 8949 §3). QCborStreamWriter goes through a QIODevice with each, and there are a thousand to a printer.
void appendHead(QByteArray& plain, quint8 major, quint64 number)
{
    const int size = number < 24 ? 0 : number <= 0xff ? 1 : number <= 0xffff ? 2 : number <= 0xffff'ffff ? 4 : 8;
    const quint64 info = size == 0 ? number : size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27;
    plain.append(static_cast<char>(major << 5 | info));
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
        plain.append(static_cast<char>(number >> shift));
}

void appendNumber(QByteArray& plain, qint64 number)
{
    appendHead(plain, number < 0, static_cast<quint64>(number < 0 ? ~number : number));
}

void appendArcs(QByteArray& plain, std::span<const quint32> arcs)
{
    appendHead(plain, 0, arcs.size());
    for (const quint32 arc : arcs)
        appendHead(plain, 0, arc);
}

/// [profile, then for each object: arcs shared with the one before, number of other arcs, these, type, value]
QByteArray plainFrom(const snmp::Answers& answers, quint32 profile)
{
    QByteArray plain;
    plain.reserve(32 * answers.size() + 8);
    plain.append('\x9f'); // an array that ends with its last item
    appendHead(plain, 0, profile);
    std::span<const quint32> last;
    for (auto it = answers.begin(); it != answers.end(); ++it) {
        const std::span<const quint32> arcs = it.key().arcs();
        const auto shared = static_cast<size_t>(std::ranges::mismatch(last, arcs).in1 - last.begin());
        appendHead(plain, 0, shared);
        appendArcs(plain, arcs.subspan(shared));
        appendHead(plain, 0, static_cast<quint64>(it.value().type));
        if (it.value().type == Value::Type::ObjectId) {
            appendArcs(plain, it.value().objectId.oid().arcs());
        } else if (it.value().isNumber()) {
            appendNumber(plain, it.value().number);
        } else {
            appendHead(plain, 2, static_cast<quint64>(it.value().octets.size()));
            plain.append(it.value().octets);
        }
        last = arcs;
    }
    plain.append('\xff');
    return plain;
}

/// Reads what plainFrom() wrote. Trusts nothing: anything unexpected ends it as broken.
class PlainReader {
public:
    explicit PlainReader(const QByteArray& plain) : m_reader(plain) {}

    Memory::Content content()
    {
        Memory::Content content;
        m_isBroken = !m_reader.isArray() || !m_reader.enterContainer();
        content.profile = static_cast<quint32>(number(0, 0xffff'ffff));
        Oid oid;
        while (!m_isBroken && m_reader.hasNext()) {
            const auto shared = static_cast<size_t>(number(0, oid.size()));
            oid = arcs(oid.arcs().first(shared));
            const auto type = static_cast<Value::Type>(number(qint64(Value::Type::Integer), qint64(Value::Type::Counter64)));
            m_isBroken = m_isBroken || oid.isEmpty() || oid.size() > Oid::maxArcs;
            if (!m_isBroken)
                content.answers.insert(content.answers.cend(), oid, value(type)); // in order, as they were written
        }
        return m_isBroken || m_reader.lastError() != QCborError::NoError ? Memory::Content() : content;
    }

private:
    qint64 number(qint64 least, qint64 most)
    {
        if (m_isBroken || !m_reader.isInteger())
            return broken(least);
        const qint64 number = m_reader.toInteger();
        m_reader.next();
        return number < least || number > most ? broken(least) : number;
    }
    Oid arcs(std::span<const quint32> shared = {})
    {
        QVarLengthArray<quint32, Oid::maxArcs> arcs(shared.begin(), shared.end());
        for (qint64 left = number(0, Oid::maxArcs); left > 0 && !m_isBroken; --left)
            arcs.append(static_cast<quint32>(number(0, 0xffff'ffff)));
        return Oid(std::span<const quint32>(arcs.constData(), static_cast<size_t>(arcs.size())));
    }
    Value value(Value::Type type)
    {
        Value value{type, 0, {}, {}};
        if (type == Value::Type::ObjectId)
            value.objectId = arcs();
        else if (value.isNumber())
            value.number = number(std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max());
        else if (!m_isBroken && m_reader.isByteArray())
            value.octets = m_reader.readAllByteArray();
        else
            broken(0);
        return value;
    }
    qint64 broken(qint64 instead)
    {
        m_isBroken = true;
        return instead;
    }

    QCborStreamReader m_reader;
    bool m_isBroken = false;
};

} // namespace

Memory Memory::of(const snmp::Answers& answers, quint32 profile)
{
    const QByteArray plain = plainFrom(answers, profile);
    return plain.size() > mostPlainBytes ? Memory() : fromBytes(formatVersion + qCompress(plain, 1));
}

Memory Memory::fromBytes(QByteArray bytes)
{
    Memory memory;
    if (bytes.size() <= mostBytes)
        memory.m_bytes = std::move(bytes);
    return memory;
}

QByteArray Memory::inflated() const
{
    // qCompress begins with the plain length, big-endian: looked at before anything is allocated for it.
    if (m_bytes.size() < 6 || m_bytes[0] != formatVersion)
        return {};
    const auto length = qFromBigEndian<quint32>(m_bytes.constData() + 1);
    if (length == 0 || length > mostPlainBytes)
        return {};
    return qUncompress(reinterpret_cast<const uchar*>(m_bytes.constData()) + 1, m_bytes.size() - 1);
}

Memory::Content Memory::content() const
{
    const QByteArray bytes = inflated();
    return bytes.isEmpty() ? Content() : PlainReader(bytes).content();
}

} // namespace platen::profiles
