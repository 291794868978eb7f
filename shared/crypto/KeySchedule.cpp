// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeySchedule.h"

#include "Crypto.h"

namespace platen::crypto {
namespace {

constexpr int keySize = 32;
constexpr int legacyKeySize = 16;

Secret child(const Secret& root, const QByteArray& salt, const char* label, int size = keySize)
{
    return hkdf(root, salt, QByteArray(label), size);
}

} // namespace

Secret rootKey(const Secret& isk, const Secret& r, const QByteArray& sid, quint32 epoch)
{
    QByteArray material;
    material.reserve(isk.size() + r.size());
    material.append(isk.reveal()).append(r.reveal());
    return hkdf(Secret(std::move(material)), sid, QByteArray("PLT2 root") + bigEndian32(epoch), keySize);
}

Secret rekeyedRoot(
    const Secret& root, const Secret& r, const QByteArray& request, const QByteArray& reply, quint32 epoch)
{
    return rootKey(root, r, sha256(lv(request) + lv(reply)), epoch);
}

AgentKeys AgentKeys::derive(const Secret& root, const QByteArray& agentId)
{
    return {agentId, root, child(root, agentId, "PLT2 a2s"), child(root, agentId, "PLT2 ack"),
        child(root, agentId, "PLT2 heartbeat")};
}

Secret AgentKeys::s2a(const QByteArray& nonceA, const QByteArray& nonceS) const
{
    return child(root, agentId + nonceA + nonceS, "PLT2 s2a");
}

Secret AgentKeys::legacyKey() const { return child(root, agentId, "PLT1 3des", legacyKeySize); }
Secret AgentKeys::legacyMacKey() const { return child(root, agentId, "PLT1 hmac"); }

} // namespace platen::crypto
