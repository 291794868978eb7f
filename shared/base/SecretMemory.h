// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

/// Memory for secrets, from pages of their own: locked in RAM as far as RLIMIT_MEMLOCK goes, left out of core dumps, wiped before it
/// is used again. Any thread; the mutex in it is the only one outside shared/storage, as malloc's own is no help here.
namespace platen::secretMemory {

/// Never null; ends the program when there is no memory.
void* take(std::size_t size);

/// `size` as given to take().
void giveBack(void* memory, std::size_t size) noexcept;

} // namespace platen::secretMemory
