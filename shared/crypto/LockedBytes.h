// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Secret.h>

namespace platen::crypto {

/// Where a secret waits for the next message: memory that is not swapped or dumped, between guard pages, wiped when it
/// goes.
class LockedBytes {
public:
    LockedBytes() = default;
    explicit LockedBytes(const Secret& secret);
    LockedBytes(LockedBytes&& other) noexcept;
    LockedBytes& operator=(LockedBytes&& other) noexcept;
    ~LockedBytes();

    /// A copy in ordinary memory, for one computation.
    Secret copy() const;
    bool isEmpty() const { return m_size == 0; }

private:
    char* m_bytes = nullptr;
    qsizetype m_size = 0;
};

} // namespace platen::crypto
