// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Memory.h"

#include <QCborStreamReader>
#include <QCborStreamWriter>
#include <QtEndian>

#include <algorithm>
#include <limits>

namespace platen::profiles {

namespace {

using snmp::Oid;
using snmp::Value;

constexpr char formatVersion = 1;
constexpr qsizetype mostBytes = 16 << 10;
constexpr qsizetype mostPlainBytes = 256 << 10;

/// [profile, then for each object: arcs shared with the one before, number of other arcs, these, type, value]
QByteArray plainFrom(const snmp::Answers& answers, quint32 profile)
{
    QByteArray plain;
    plain.reserve(32 * answers.size());
    QCborStreamWriter writer(&plain);
    writer.startArray();
    writer.append(quint64(profile));
    Oid last;
    const auto appendArcs = [&](const Oid& oid, qsizetype from) {
        writer.append(qint64(oid.size() - from));
        for (qsizetype i = from; i < oid.size(); ++i)
            writer.append(quint64(oid[i]));
    };
    for (auto it = answers.begin(); it != answers.end(); ++it) {
        const qsizetype shared = std::ranges::mismatch(last.arcs(), it.key().arcs()).in1 - last.arcs().begin();
        writer.append(qint64(shared));
        appendArcs(it.key(), shared);
        writer.append(qint64(it.value().type));
        if (it.value().type == Value::Type::ObjectId)
            appendArcs(it.value().objectId, 0);
        else if (it.value().isNumber())
            writer.append(it.value().number);
        else
            writer.append(it.value().octets);
        last = it.key();
    }
    writer.endArray();
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
