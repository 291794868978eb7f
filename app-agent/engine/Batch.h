// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <protocol/Messages.h>

namespace platen::agent {

/// Readings on their way into one DATA envelope: as many as fit.
class Batch {
public:
    static constexpr qsizetype mostBytes = 200 * 1024;
    static constexpr int mostItems = 3500;
    static constexpr qsizetype mostParts = 1000;
    static constexpr qsizetype mostSeen = 3000;

    bool isEmpty() const { return m_data.readings.isEmpty() && m_data.seen.isEmpty(); }

    /// Room for this part? An empty batch takes any that a reading's limits allow.
    bool takes(const protocol::ReadingPart& part) const;
    void add(const protocol::ReadingPart& part);

    bool takesSeen() const;
    void addSeen(quint32 deviceId);

    /// What was added; the batch is empty again.
    protocol::Data take();

private:
    protocol::Data m_data;
    qsizetype m_bytes = 0;
    int m_items = 0;
};

} // namespace platen::agent
