// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Memory.h"

namespace platen::profiles {

namespace {

constexpr qsizetype mostBytes = 16 << 10;

} // namespace

Memory Memory::fromBytes(QByteArray bytes)
{
    Memory memory;
    if (bytes.size() <= mostBytes)
        memory.m_bytes = std::move(bytes);
    return memory;
}

} // namespace platen::profiles
