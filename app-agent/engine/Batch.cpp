// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Batch.h"

#include <protocol/Cbor.h>

#include <utility>

namespace platen::agent {

namespace {

constexpr qsizetype bytesAround = 40; // "d", "b", "r" with the device's number and the base
constexpr int itemsAround = 7;
constexpr qsizetype bytesOfSeen = 9;

} // namespace

bool Batch::takes(const protocol::ReadingPart& part) const
{
    return m_data.readings.isEmpty()
        || (m_data.readings.size() < mostParts && m_items + protocol::itemCount(part.reading) + itemsAround <= mostItems
            && m_bytes + protocol::encodeMap(part.reading).size() + bytesAround <= mostBytes);
}

void Batch::add(const protocol::ReadingPart& part)
{
    m_items += protocol::itemCount(part.reading) + itemsAround;
    m_bytes += protocol::encodeMap(part.reading).size() + bytesAround;
    m_data.readings.append(part);
}

bool Batch::takesSeen() const
{
    return m_data.seen.size() < mostSeen && m_items < mostItems && m_bytes + bytesOfSeen <= mostBytes;
}

void Batch::addSeen(quint32 deviceId)
{
    m_items += 1;
    m_bytes += bytesOfSeen;
    m_data.seen.append(deviceId);
}

protocol::Data Batch::take()
{
    m_items = 0;
    m_bytes = 0;
    return std::exchange(m_data, {});
}

} // namespace platen::agent
