// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LockedBytes.h"

#include "Libraries.h"

#include <sodium.h>

#include <cstring>

namespace platen::crypto {

LockedBytes::LockedBytes(const Secret& secret)
{
    requireStarted();
    m_bytes = static_cast<char*>(sodium_malloc(static_cast<size_t>(secret.size())));
    if (!m_bytes)
        qFatal("platen.crypto: no memory for a secret");
    m_size = secret.size();
    std::memcpy(m_bytes, secret.reveal().constData(), static_cast<size_t>(m_size));
}

LockedBytes::LockedBytes(LockedBytes&& other) noexcept
    : m_bytes(std::exchange(other.m_bytes, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{
}

LockedBytes& LockedBytes::operator=(LockedBytes&& other) noexcept
{
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_size, other.m_size);
    return *this;
}

LockedBytes::~LockedBytes() { sodium_free(m_bytes); }

Secret LockedBytes::copy() const { return Secret(QByteArray(m_bytes, m_size)); }

} // namespace platen::crypto
