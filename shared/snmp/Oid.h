// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QList>
#include <QString>
#include <QVarLengthArray>

#include <algorithm>
#include <compare>
#include <initializer_list>
#include <span>

namespace platen::snmp {

/// An object identifier. Ordered as SNMP orders (arc by arc).
class Oid {
public:
    static constexpr qsizetype maxArcs = 128; // RFC 3416

    Oid() = default;
    Oid(std::initializer_list<quint32> arcs) : m_arcs(arcs.begin(), arcs.end()) {}
    explicit Oid(std::span<const quint32> arcs) : m_arcs(arcs.begin(), arcs.end()) {}

    // Assigned by copy only: QVarLengthArray (Qt 6.8) forgets its own memory when it takes over another's, and any device could
    // make us forget, with long OIDs.
    Oid(const Oid&) = default;
    Oid(Oid&&) = default;
    Oid& operator=(const Oid&) = default;
    ~Oid() = default;

    /// From "1.3.6.1.2.1" or ".1.3.6.1.2.1". Fails with InvalidInput for anything else.
    static Result<Oid> parse(QStringView text);
    QString toString() const; ///< without a leading dot

    std::span<const quint32> arcs() const { return {m_arcs.constData(), static_cast<size_t>(m_arcs.size())}; }
    qsizetype size() const { return m_arcs.size(); }
    bool isEmpty() const { return m_arcs.isEmpty(); }
    quint32 operator[](qsizetype index) const { return m_arcs[index]; }
    quint32 last() const { return m_arcs.last(); }

    bool startsWith(const Oid& root) const;
    /// What follows `root`, which this must start with: the index of a column's instance.
    Oid after(const Oid& root) const;
    Oid operator+(quint32 arc) const;
    Oid operator+(const Oid& tail) const;

    bool operator==(const Oid& other) const { return size() == other.size() && startsWith(other); }
    // Here, so that it is inlined into the maps: a reading compares thousands of times.
    std::strong_ordering operator<=>(const Oid& other) const
    {
        const quint32 *mine = m_arcs.constData(), *others = other.m_arcs.constData();
        const quint32* const end = mine + std::min(size(), other.size());
        for (; mine != end; ++mine, ++others) {
            if (*mine != *others)
                return *mine <=> *others;
        }
        return size() <=> other.size();
    }

private:
    QVarLengthArray<quint32, 16> m_arcs; // nearly all that printers have are that short
};

size_t qHash(const Oid& oid, size_t seed = 0);

} // namespace platen::snmp
