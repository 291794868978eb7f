// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>

/// CPace over ristretto255 with SHA-512 (draft-irtf-cfrg-cpace), initiator–responder setting. Activation.h puts it to
/// use; these are its steps, so that the draft's vectors can be tested. Names are the draft's.
namespace platen::crypto::cpace {

/// The generator both sides compute from the password: 32 bytes.
Secret generator(const Secret& prs, QByteArrayView ci, QByteArrayView sid);

/// lv(DSI) ‖ lv(PRS) ‖ lv(zero bytes) ‖ lv(CI) ‖ lv(sid): what the generator is hashed from.
Secret generatorString(const Secret& prs, QByteArrayView ci, QByteArrayView sid);

/// A uniformly random scalar, 32 bytes.
Secret randomScalar();

/// scalar · generator: the public share.
QByteArray share(const Secret& scalar, const Secret& generator);

/// scalar · the peer's share. Fails with CryptoFailed when that is no encoding of a point or the neutral element.
Result<Secret> sharedPoint(const Secret& scalar, QByteArrayView peerShare);

/// ISK, 64 bytes: SHA-512(lv("CPaceRistretto255_ISK") ‖ lv(sid) ‖ lv(point) ‖ lv(ya) ‖ lv(ada) ‖ lv(yb) ‖ lv(adb)).
struct Transcript {
    QByteArray sid, ya, ada, yb, adb;
};
Secret sessionKey(const Transcript& transcript, const Secret& point);

/// SHA-512("CPaceMac" ‖ sid ‖ ISK): the key of both confirmation tags.
Secret macKey(const QByteArray& sid, const Secret& isk);

} // namespace platen::crypto::cpace
