// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Endings.h"

#include <storage/Query.h>

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::execute;

namespace {

constexpr qsizetype longestLine = 100;

/// How many rows it ended. Lines that are none, such as one that a power cut tore, end nothing.
Result<int> endPin(QSqlDatabase db, const QList<QByteArray>& words)
{
    bool isTime = false, isCount = false;
    const qint64 createdAt = words[2].toLongLong(&isTime), left = words[3].toLongLong(&isCount);
    if (!isTime || !isCount)
        return 0;
    const QVariantList values{QString::fromLatin1(words[1]), createdAt, left};
    const auto fewer = execute(
        db, u"UPDATE pin SET uses = ? WHERE locator = ? AND created_at = ? AND uses > ?"_s, {left, values[0], createdAt, left});
    if (!fewer || left > 0)
        return fewer;
    const auto gone = execute(db, u"DELETE FROM pin WHERE locator = ? AND created_at = ?"_s, {values[0], createdAt});
    if (!gone || *gone == 0)
        return gone;
    // Whoever proved it before the backup was made and never said HELLO has no PIN to use up any more.
    const auto forgotten = execute(db, u"DELETE FROM agent WHERE status = 'PENDING' AND pin_locator = ?"_s, {values[0]});
    return forgotten ? gone : forgotten;
}

Result<int> endAgent(QSqlDatabase db, const QByteArray& id)
{
    return execute(db,
        u"UPDATE agent SET status = 'DEACTIVATED', root_key = NULL, next_root_key = NULL, pin_locator = NULL"
        " WHERE id = ? AND root_key IS NOT NULL"_s,
        {QByteArray::fromHex(id)});
}

} // namespace

Endings::Endings(QString path)
    : m_path(std::move(path))
{
}

Status Endings::pin(const QString& locator, Instant createdAt, qint64 usesLeft) const
{
    return append("pin " + locator.toLatin1() + ' ' + QByteArray::number(toMs(createdAt)) + ' ' + QByteArray::number(usesLeft));
}

Status Endings::agent(const QByteArray& id) const { return append("agent " + id.toHex()); }

/// One write call: lines of several processes do not mix. The line end before it closes what a power cut may have torn.
Status Endings::append(const QByteArray& line) const
{
    const int fd = ::open(QFile::encodeName(m_path).constData(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    const QByteArray bytes = '\n' + line + '\n';
    const bool isWritten = fd >= 0 && ::write(fd, bytes.constData(), static_cast<size_t>(bytes.size())) == bytes.size()
        && ::fdatasync(fd) == 0;
    const QString why = QString::fromLocal8Bit(std::strerror(errno));
    if (fd >= 0)
        ::close(fd);
    if (!isWritten)
        return fail(ErrorCode::StorageFailed,
            u"cannot write %1: %2; a database restored from a backup would revive what ended now"_s.arg(m_path, why));
    return {};
}

Result<Endings::Revived> Endings::endAgain(QSqlDatabase db) const
{
    Revived revived;
    QFile file(m_path);
    if (!file.exists())
        return revived;
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::StorageFailed, u"cannot read %1: %2"_s.arg(m_path, file.errorString()));
    while (!file.atEnd()) {
        const QByteArray line = file.readLine(longestLine).trimmed();
        const QList<QByteArray> words = line.split(' ');
        const bool isPin = words.size() == 4 && words[0] == "pin";
        const bool isAgent = words.size() == 2 && words[0] == "agent";
        if (!isPin && !isAgent)
            continue;
        const auto ended = isPin ? endPin(db, words) : endAgent(db, words[1]);
        if (!ended)
            return fail(ended.error());
        (isPin ? revived.pins : revived.agents) += *ended;
    }
    return revived;
}

} // namespace platen::store
