// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Secret.h>

#include <QByteArray>
#include <QByteArrayView>

/// Ed25519.
namespace platen::crypto {

struct SigningKey {
    Secret secret; ///< 32 bytes, the seed: what is sealed and stored
    QByteArray publicKey; ///< 32 bytes

    static SigningKey generate();

    /// The pair of a stored seed of 32 bytes.
    static SigningKey fromSeed(const Secret& seed);

    /// 64 bytes.
    QByteArray sign(QByteArrayView message) const;
};

/// False as well when key or signature have the wrong size.
bool verifySignature(QByteArrayView publicKey, QByteArrayView message, QByteArrayView signature);

} // namespace platen::crypto
