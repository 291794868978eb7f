// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Secret.h"

#include "SecretMemory.h"

#include <atomic>
#include <cstring>

namespace platen {

/// Before the bytes, in the same memory; behind them a NUL, as C functions want one.
struct Secret::Block {
    std::atomic<quint32> owners;
    quint32 size;

    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    std::size_t room() const { return sizeof(Block) + size + 1; }
};

Secret::Secret(QByteArray bytes)
{
    if (bytes.isEmpty())
        return;
    const auto size = static_cast<quint32>(bytes.size());
    m_block = new (secretMemory::take(sizeof(Block) + size + 1)) Block{1, size};
    std::memcpy(m_block->bytes(), bytes.constData(), size);
    m_block->bytes()[size] = '\0';
    if (bytes.isDetached())
        explicit_bzero(bytes.data(), size);
}

Secret::Secret(const Secret& other) noexcept
    : m_block(other.m_block)
{
    if (m_block)
        m_block->owners.fetch_add(1, std::memory_order_relaxed);
}

Secret::~Secret()
{
    if (m_block && m_block->owners.fetch_sub(1, std::memory_order_acq_rel) == 1)
        secretMemory::giveBack(m_block, m_block->room());
}

QByteArray Secret::reveal() const &
{
    return m_block ? QByteArray::fromRawData(m_block->bytes(), m_block->size) : QByteArray();
}

QByteArray Secret::reveal() && { return m_block ? QByteArray(m_block->bytes(), m_block->size) : QByteArray(); }

qsizetype Secret::size() const { return m_block ? m_block->size : 0; }

bool Secret::operator==(const Secret& other) const { return reveal() == other.reveal(); }

} // namespace platen
