// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Value.h>

#include <QByteArray>

namespace platen::profiles {

/// What a device answered when it was read last, kept small (1–3 KB mostly, never above 16 KiB): its next reading asks only
/// for what changes. A memory that cannot be understood (damaged, of another version or of other profiles) means that
/// everything is asked again, never an error.
class Memory {
public:
    Memory() = default;

    /// `profile` is a number that changes when other objects are asked for. Null when it would be too large.
    static Memory of(const snmp::Answers& answers, quint32 profile);
    static Memory fromBytes(QByteArray bytes); ///< as they were stored; null when there are too many

    bool isNull() const { return m_bytes.isEmpty(); }
    const QByteArray& toBytes() const { return m_bytes; } ///< to store: a version, then deflated CBOR

    struct Content {
        snmp::Answers answers; ///< empty: not understood
        quint32 profile = 0;
    };
    Content content() const;

    bool operator==(const Memory&) const = default;

private:
    QByteArray inflated() const; ///< empty: not ours

    QByteArray m_bytes;
};

} // namespace platen::profiles
