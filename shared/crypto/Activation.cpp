// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Activation.h"

#include "CPace.h"
#include "Crypto.h"
#include "KeySchedule.h"

using namespace Qt::StringLiterals;

/// What both sides compute alike.
namespace platen::crypto::activation {
namespace {

constexpr QByteArrayView label("PLT2-ACT/1");

} // namespace

QByteArray channelIdentifier() { return lv("PLT2-ACT") + lv("agent") + lv("server"); }

QByteArray agentData(const ActivationStart& start)
{
    return lv(label) + lv(start.locator.toLatin1()) + lv(start.rsaPublic) + lv(start.info);
}

QByteArray serverData(const ActivationReply& reply)
{
    return lv(label) + lv(reply.serverId) + lv(reply.spk) + lv(bigEndian64(static_cast<quint64>(reply.serverTime)));
}

QByteArray agentTag(const Secret& macKey, const ActivationStart& start)
{
    return hmacSha256(macKey, lv(start.ya) + lv(agentData(start)));
}

QByteArray serverTag(const Secret& macKey, const ActivationReply& reply, QByteArrayView ct, QByteArrayView ta)
{
    return hmacSha256(macKey, lv(reply.yb) + lv(serverData(reply)) + lv(ct) + lv(ta));
}

} // namespace platen::crypto::activation
