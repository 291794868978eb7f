// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDebug>

#include <utility>

namespace platen {

/// Bytes that nobody may see by accident: a password, a key, a token, a community string. Prints as dots and converts to nothing
/// by itself. They lie in memory that is kept out of swap and core dumps as far as the system allows (base/Secret.cpp), are shared
/// by copies, and are wiped with the last of them. Any thread may have a copy.
class Secret {
public:
    Secret() = default;

    /// Takes the bytes over and wipes those given, when nobody else has them: move them in.
    explicit Secret(QByteArray bytes);
    Secret(const Secret& other) noexcept;
    Secret(Secret&& other) noexcept : m_block(std::exchange(other.m_block, nullptr)) {}
    Secret& operator=(Secret other) noexcept
    {
        std::swap(m_block, other.m_block);
        return *this;
    }
    ~Secret();

    /// The bytes themselves, where they lie: for the function that needs them, never for a log or a message. What is given back
    /// must not be kept longer than the secret; of a temporary it is a copy.
    QByteArray reveal() const &;
    QByteArray reveal() &&;
    bool isEmpty() const { return size() == 0; }
    qsizetype size() const;

    /// Not in constant time: for settings and tests. Keys are compared by crypto::equal.
    bool operator==(const Secret& other) const;

private:
    struct Block;
    Block* m_block = nullptr;
};

inline QDebug operator<<(QDebug out, const Secret&) { return out << "••••"; }

} // namespace platen
