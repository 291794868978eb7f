// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <channel/Keyring.h>
#include <channel/SealedEnvelope.h>
#include <spool/Spool.h>

namespace platen::agent {

/// Makes and opens the envelopes of the agent's own spool.
class SpoolSeal {
public:
    explicit SpoolSeal(const channel::Keyring& keys) : m_keys(keys) {} ///< which must outlive it

    /// Empty when it would be larger than its type may be.
    QByteArray seal(protocol::EnvelopeType type, quint64 seq, const QByteArray& body, Instant created) const;
    Result<channel::OpenedEnvelope> open(QByteArrayView envelope) const;

    /// The same under the key that counts now; nothing when it is already.
    Result<std::optional<QByteArray>> resealed(QByteArrayView envelope) const;

    /// A GAP under the last of the lost numbers.
    Result<QByteArray> gap(const spool::Lost& lost, Instant created) const;
    std::optional<spool::Lost> declared(const spool::Entry& gap) const;

    /// Fewer envelopes in place of `entries`, under the last of their numbers (Folding); as old as the last of them.
    Result<QList<QByteArray>> folded(const QList<spool::Entry>& entries) const;

private:
    const channel::Keyring& m_keys;
};

} // namespace platen::agent
