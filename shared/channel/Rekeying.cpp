// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Rekeying.h"

#include <crypto/Crypto.h>
#include <crypto/KeySchedule.h>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr int randomSize = 32; // r'
constexpr int nonceSize = 16;

} // namespace

AgentRekey::AgentRekey(crypto::RsaKey rsa, quint64 hwm)
    : m_rsa(std::move(rsa))
    , m_request{m_rsa.publicKey(), crypto::randomBytes(nonceSize), hwm}
{
}

Result<Secret> AgentRekey::finish(const protocol::RekeyReply& reply, const Secret& root, quint32 nextEpoch) const
{
    const Result<Secret> random = m_rsa.decrypt(reply.ct);
    if (!random)
        return random;
    if (random->size() != randomSize)
        return fail(ErrorCode::CryptoFailed, u"The server's random number for the new key has the wrong size."_s);
    return crypto::rekeyedRoot(root, *random, m_request.encode(), reply.encode(), nextEpoch);
}

Result<AnsweredRekey> answerRekey(const protocol::Rekey& request, const Secret& root, quint32 nextEpoch)
{
    if (!crypto::isRsaPublicKey(request.rsaPublic))
        return fail(ErrorCode::Malformed, u"REKEY: its key is no RSA key of 3072 bits."_s);
    const Secret random = crypto::randomSecret(randomSize);
    Result<QByteArray> ct = crypto::rsaEncrypt(request.rsaPublic, random);
    if (!ct)
        return fail(ct.error());
    const protocol::RekeyReply reply{*std::move(ct)};
    return AnsweredRekey{reply, crypto::rekeyedRoot(root, random, request.encode(), reply.encode(), nextEpoch)};
}

} // namespace platen::channel
