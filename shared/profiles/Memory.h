// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace platen::profiles {

/// What a device answered when it was read last, kept small (2–4 KB mostly, never above 16 KiB): its next reading asks only
/// for what changes. An opaque value; a memory that cannot be understood (damaged, of another version or of other profiles)
/// means that everything is asked again, never an error.
class Memory {
public:
    Memory() = default;

    bool isNull() const { return m_bytes.isEmpty(); }
    const QByteArray& toBytes() const { return m_bytes; } ///< to store
    static Memory fromBytes(QByteArray bytes); ///< null when there are too many

    bool operator==(const Memory&) const = default;

private:
    QByteArray m_bytes;
};

} // namespace platen::profiles
