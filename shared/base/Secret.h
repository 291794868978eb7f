// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDebug>

#include <cstring>
#include <utility>

namespace platen {

/// Bytes that nobody may see by accident: a password, a key, a token, a community string. Prints as dots, converts to
/// nothing by itself, and its memory is wiped when it goes. Copies are shared (Qt's implicit sharing) and wiped with the last.
class Secret {
public:
    Secret() = default;
    explicit Secret(QByteArray bytes) : m_bytes(std::move(bytes)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}
    Secret& operator=(Secret other) noexcept
    {
        m_bytes.swap(other.m_bytes);
        return *this;
    }
    ~Secret() { wipe(); }

    /// The bytes themselves: for the function that needs them, never for a log or a message.
    const QByteArray& reveal() const { return m_bytes; }
    bool isEmpty() const { return m_bytes.isEmpty(); }
    qsizetype size() const { return m_bytes.size(); }

    /// Not in constant time: for settings and tests. Keys are compared by crypto::equal.
    bool operator==(const Secret&) const = default;

private:
    void wipe()
    {
        if (!m_bytes.isEmpty() && m_bytes.isDetached())
            explicit_bzero(m_bytes.data(), static_cast<size_t>(m_bytes.size()));
    }

    QByteArray m_bytes;
};

inline QDebug operator<<(QDebug out, const Secret&) { return out << "••••"; }

} // namespace platen
