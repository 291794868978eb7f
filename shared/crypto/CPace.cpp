// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CPace.h"

#include "Crypto.h"
#include "Libraries.h"

#include <sodium.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::crypto::cpace {
namespace {

constexpr QByteArrayView dsi("CPaceRistretto255");
constexpr QByteArrayView dsiIsk("CPaceRistretto255_ISK");
constexpr qsizetype hashBlock = 128; // of SHA-512
constexpr qsizetype pointSize = crypto_core_ristretto255_BYTES;
constexpr qsizetype room = 1024; // more than we hash, so that no reallocation leaves a copy of the password behind

} // namespace

Secret generatorString(const Secret& prs, QByteArrayView ci, QByteArrayView sid)
{
    const Secret password(lv(prs.reveal()));
    const QByteArray domain = lv(dsi);
    const qsizetype padding = std::max(qsizetype(0), hashBlock - password.size() - domain.size() - 1);
    QByteArray out;
    out.reserve(room);
    out.append(domain).append(password.reveal()).append(lv(QByteArray(padding, '\0'))).append(lv(ci)).append(lv(sid));
    return Secret(std::move(out));
}

Secret generator(const Secret& prs, QByteArrayView ci, QByteArrayView sid)
{
    requireStarted();
    const Secret hash(sha512(generatorString(prs, ci, sid).reveal()));
    QByteArray point(pointSize, Qt::Uninitialized);
    crypto_core_ristretto255_from_hash(raw(point), raw(hash.reveal()));
    return Secret(std::move(point));
}

Secret randomScalar()
{
    requireStarted();
    QByteArray scalar(crypto_core_ristretto255_SCALARBYTES, Qt::Uninitialized);
    crypto_core_ristretto255_scalar_random(raw(scalar));
    return Secret(std::move(scalar));
}

QByteArray share(const Secret& scalar, const Secret& generator)
{
    QByteArray point(pointSize, Qt::Uninitialized);
    if (scalar.size() != crypto_core_ristretto255_SCALARBYTES || generator.size() != pointSize
        || crypto_scalarmult_ristretto255(raw(point), raw(scalar.reveal()), raw(generator.reveal())) != 0)
        qFatal("platen.crypto: a CPace generator that is no point"); // comes out of a hash to the group: cannot be
    return point;
}

Result<Secret> sharedPoint(const Secret& scalar, QByteArrayView peerShare)
{
    requireStarted();
    QByteArray point(pointSize, Qt::Uninitialized);
    // libsodium refuses what does not decode as well as an outcome that is the neutral element.
    if (peerShare.size() != pointSize || scalar.size() != crypto_core_ristretto255_SCALARBYTES
        || crypto_scalarmult_ristretto255(raw(point), raw(scalar.reveal()), raw(peerShare)) != 0)
        return fail(ErrorCode::CryptoFailed, u"Activation: the other side's share is no point of the group."_s);
    return Secret(std::move(point));
}

Secret sessionKey(const Transcript& transcript, const Secret& point)
{
    const qsizetype data = transcript.ada.size() + transcript.adb.size();
    QByteArray all;
    all.reserve(room + data);
    all.append(lv(dsiIsk)).append(lv(transcript.sid));
    all.append(leb128(static_cast<quint64>(point.size()))).append(point.reveal());
    all.append(lv(transcript.ya)).append(lv(transcript.ada)).append(lv(transcript.yb)).append(lv(transcript.adb));
    return Secret(sha512(Secret(std::move(all)).reveal()));
}

Secret macKey(const QByteArray& sid, const Secret& isk)
{
    QByteArray all;
    all.reserve(room);
    all.append("CPaceMac").append(sid).append(isk.reveal());
    return Secret(sha512(Secret(std::move(all)).reveal()));
}

} // namespace platen::crypto::cpace
