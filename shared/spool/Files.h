// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QList>

namespace platen::spool {

/// One spooled file as far as it is kept in memory: 24 bytes, for there may be a hundred thousand.
struct File {
    quint64 seq = 0;
    Instant created{};
    quint32 size = 0;
    bool isGap = false;

    /// What the disk gives for it: whole blocks of 4 KiB.
    qint64 room() const { return (qint64(size) + blockBytes - 1) / blockBytes * blockBytes; }

    static constexpr qint64 blockBytes = 4096;
};

/// The files of a spool, by number.
class Files {
public:
    Files() = default;
    explicit Files(QList<File> unordered);

    qsizetype count() const { return m_files.size(); }
    bool isEmpty() const { return m_files.isEmpty(); }
    const File& at(qsizetype index) const { return m_files.at(index); }
    const File& first() const { return m_files.first(); }
    qint64 room() const { return m_room; } ///< of all files together

    qsizetype indexAfter(quint64 seq) const; ///< of the lowest number above `seq`; count() when there is none
    const File* after(quint64 seq) const; ///< the same file; null when there is none

    void put(const File& file); ///< in place of one of its number
    void remove(quint64 from, quint64 to); ///< those with these numbers, both included

private:
    QList<File> m_files;
    qint64 m_room = 0;
};

} // namespace platen::spool
