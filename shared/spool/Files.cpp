// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Files.h"

#include <algorithm>

namespace platen::spool {

Files::Files(QList<File> unordered)
    : m_files(std::move(unordered))
{
    std::ranges::sort(m_files, {}, &File::seq);
    for (const File& file : std::as_const(m_files))
        m_room += file.room();
}

qsizetype Files::indexAfter(quint64 seq) const
{
    return std::ranges::upper_bound(m_files, seq, {}, &File::seq) - m_files.cbegin();
}

const File* Files::after(quint64 seq) const
{
    const qsizetype index = indexAfter(seq);
    return index < m_files.size() ? &m_files.at(index) : nullptr;
}

void Files::put(const File& file)
{
    remove(file.seq, file.seq);
    m_files.insert(indexAfter(file.seq), file);
    m_room += file.room();
}

void Files::remove(quint64 from, quint64 to)
{
    const qsizetype begin = indexAfter(from - 1), end = indexAfter(to);
    for (qsizetype index = begin; index < end; ++index)
        m_room -= m_files.at(index).room();
    m_files.remove(begin, std::max<qsizetype>(0, end - begin));
}

} // namespace platen::spool
