// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Head.h"

#include <QtEndian>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::spool {

namespace {

constexpr qsizetype ciphertextAt = Head::bytes + 24; // after the nonce
constexpr qsizetype tagBytes = 16;
constexpr qsizetype typeAt = 5;
constexpr char gapType = 3;
constexpr qsizetype digits = 20;
constexpr quint64 highestSeq = quint64(1) << 62; // a number above is no work of ours

} // namespace

std::optional<Head> headOf(QByteArrayView bytes, qint64 size)
{
    if (size < ciphertextAt + tagBytes || sizeOf(bytes) != size)
        return std::nullopt;
    return Head{qFromBigEndian<quint64>(bytes.data() + 28), fromMs(qFromBigEndian<qint64>(bytes.data() + 36)),
        bytes.at(typeAt) == gapType};
}

qint64 sizeOf(QByteArrayView bytes)
{
    if (bytes.size() < Head::bytes || !bytes.startsWith("PLE2\x02"))
        return 0;
    return ciphertextAt + qint64(qFromBigEndian<quint32>(bytes.data() + 44));
}

QString nameOf(quint64 seq) { return u"%1.ple"_s.arg(seq, digits, 10, QLatin1Char('0')); }

std::optional<quint64> seqOf(QStringView name)
{
    const bool isOurs = name.size() == digits + 4 && name.endsWith(u".ple")
        && std::ranges::all_of(name.first(digits), [](QChar digit) { return digit >= u'0' && digit <= u'9'; });
    bool fits = false;
    const quint64 seq = isOurs ? name.first(digits).toULongLong(&fits) : 0;
    if (!fits || seq == 0 || seq > highestSeq)
        return std::nullopt;
    return seq;
}

} // namespace platen::spool
