// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Rewrite.h"

#include "Head.h"

#include <base/File.h>

#include <QtEndian>

using namespace Qt::StringLiterals;

namespace platen::spool {

namespace {

constexpr qint64 largest = 64 << 20;
constexpr qsizetype fromBytes = 8;

} // namespace

const QString Rewrite::fileName = u"thinning"_s;

quint64 Replacement::to() const
{
    const QByteArray& last = envelopes.last();
    const std::optional<Head> head = headOf(last, last.size());
    return head ? head->seq : 0;
}

Rewrite::Rewrite(const QString& spoolFolder)
    : m_path(spoolFolder + u'/' + fileName)
{
}

Status Rewrite::begin(const Replacement& replacement) const
{
    QByteArray bytes(fromBytes, '\0');
    qToBigEndian(replacement.from, bytes.data());
    for (const QByteArray& envelope : replacement.envelopes)
        bytes += envelope;
    return writeDurably(m_path, bytes);
}

Status Rewrite::end() const { return removeDurably(m_path); }

Result<std::optional<Replacement>> Rewrite::pending() const
{
    const Result<QByteArray> bytes = readFile(m_path, largest);
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        return std::nullopt;
    if (!bytes)
        return fail(bytes.error());
    const auto malformed = [this] { return fail(ErrorCode::Malformed, u"%1 is damaged"_s.arg(m_path)); };
    if (bytes->size() <= fromBytes)
        return malformed();
    Replacement replacement{qFromBigEndian<quint64>(bytes->constData()), {}};
    quint64 before = 0;
    for (qsizetype at = fromBytes; at < bytes->size();) {
        const QByteArrayView rest = QByteArrayView(*bytes).sliced(at);
        const qint64 size = sizeOf(rest);
        const std::optional<Head> head = size <= rest.size() ? headOf(rest, size) : std::nullopt;
        const bool follows = head && head->seq >= replacement.from && (before == 0 || head->seq == before + 1);
        if (!follows || replacement.from == 0)
            return malformed();
        before = head->seq;
        replacement.envelopes.append(rest.first(size).toByteArray());
        at += size;
    }
    return replacement;
}

} // namespace platen::spool
