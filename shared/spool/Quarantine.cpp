// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Quarantine.h"

#include "Head.h"
#include "Log.h"

#include <base/File.h>

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace platen::spool {

namespace {

constexpr qsizetype mostFiles = 1000;
constexpr qint64 mostBytes = 64 << 20;
constexpr quint64 mostTold = 20;

} // namespace

Quarantine::Quarantine(const QString& spoolFolder)
    : m_spool(spoolFolder)
    , m_folder(spoolFolder + u"/quarantine"_s)
    , m_count(QDir(m_folder).entryList(QDir::Files | QDir::Hidden).size())
{
}

quint64 Quarantine::highestSeq(quint64 below) const
{
    quint64 highest = 0;
    for (const QString& name : QDir(m_folder).entryList(QDir::Files | QDir::Hidden))
        if (const std::optional<quint64> seq = seqOf(name); seq && *seq < below)
            highest = std::max(highest, *seq);
    return highest;
}

void Quarantine::take(const QString& name, const QString& why)
{
    ++m_taken;
    QString place = m_folder + u'/' + name;
    for (int copy = 2; QFile::exists(place) && copy < 1000; ++copy)
        place = u"%1/%2.%3"_s.arg(m_folder, name).arg(copy);
    const Status made = makePrivateFolder(m_folder);
    const bool moved = made && QFile::rename(m_spool + u'/' + name, place);
    m_count += moved ? 1 : 0;
    if (m_taken > mostTold)
        qCDebug(lcSpool).noquote() << "put" << name << "aside:" << why;
    else if (moved)
        qCWarning(lcSpool).noquote() << "moved" << name << "to" << place << "because" << why;
    else
        qCWarning(lcSpool).noquote() << "cannot move" << name << "from" << m_spool
                                     << "to its folder quarantine; it is left out:" << why;
    if (m_taken == mostTold)
        qCWarning(lcSpool) << "no more is said of damaged files until the next start; platen-agent status counts them";
    if (m_count > mostFiles || m_taken % 64 == 0)
        prune();
}

void Quarantine::prune()
{
    const QFileInfoList files = QDir(m_folder).entryInfoList(QDir::Files | QDir::Hidden, QDir::Time); // newest first
    qint64 bytes = 0;
    m_count = 0;
    for (const QFileInfo& file : files) {
        bytes += file.size();
        if (m_count < mostFiles - int(mostTold) && bytes <= mostBytes)
            ++m_count;
        else
            QFile::remove(file.filePath());
    }
}

} // namespace platen::spool
