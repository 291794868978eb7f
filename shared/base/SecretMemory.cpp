// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SecretMemory.h"

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

#include <sys/mman.h>
#include <unistd.h>

namespace platen::secretMemory {

namespace {

constexpr std::array<std::size_t, 4> sizes{48, 128, 512, 2048}; ///< a key of 32 bytes with its head fits into the first
constexpr std::size_t chunk = 64 * 1024;

struct Free {
    Free* next;
};

struct Pool {
    std::mutex mutex;
    std::array<Free*, sizes.size()> free{};
};

/// Never destroyed: secrets in static objects go after it.
Pool& pool()
{
    static auto* const one = new Pool;
    return *one;
}

void* pages(std::size_t size)
{
    void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        qFatal("platen.base: no memory for a secret");
    (void)::mlock(memory, size); // beyond the limit of the process it may be swapped: no reason to stop
    (void)::madvise(memory, size, MADV_DONTDUMP);
    return memory;
}

std::size_t wholePages(std::size_t size)
{
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

} // namespace

void* take(std::size_t size)
{
    const auto fitting = std::ranges::lower_bound(sizes, size);
    if (fitting == sizes.end())
        return pages(wholePages(size));
    Pool& one = pool();
    const std::lock_guard lock(one.mutex);
    Free*& free = one.free[static_cast<std::size_t>(fitting - sizes.begin())];
    if (!free) {
        auto* const memory = static_cast<std::byte*>(pages(chunk));
        for (std::size_t at = 0; at + *fitting <= chunk; at += *fitting)
            free = new (memory + at) Free{free};
    }
    return std::exchange(free, free->next);
}

void giveBack(void* memory, std::size_t size) noexcept
{
    explicit_bzero(memory, size);
    const auto fitting = std::ranges::lower_bound(sizes, size);
    if (fitting == sizes.end()) {
        ::munmap(memory, wholePages(size));
        return;
    }
    Pool& one = pool();
    const std::lock_guard lock(one.mutex);
    Free*& free = one.free[static_cast<std::size_t>(fitting - sizes.begin())];
    free = new (memory) Free{free};
}

} // namespace platen::secretMemory
