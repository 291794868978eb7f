// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace platen::channel {

/// How long to wait before the next try: doubling from `first` to `last`, each wait shortened by chance to between half and all
/// of it, so that a thousand clients do not come back in the same second.
class Backoff {
public:
    Backoff(std::chrono::milliseconds first, std::chrono::milliseconds last) : m_first(first), m_last(last), m_next(first) {}

    std::chrono::milliseconds next();
    void reset() { m_next = m_first; }

private:
    std::chrono::milliseconds m_first;
    std::chrono::milliseconds m_last;
    std::chrono::milliseconds m_next;
};

/// `time`, give or take a tenth.
std::chrono::milliseconds jittered(std::chrono::milliseconds time);

} // namespace platen::channel
