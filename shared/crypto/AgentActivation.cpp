// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Activation.h"

#include "CPace.h"
#include "Crypto.h"
#include "KeySchedule.h"

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr int sidSize = 16;
constexpr qsizetype serverIdSize = 16, spkSize = 32, randomSize = 32;

} // namespace

struct AgentActivation::Private {
    std::optional<RsaKey> rsa;
    const Clock* clock = nullptr;
    std::chrono::milliseconds startedAt{};
    ActivationStart start;
    ActivationReply reply;
    QByteArray ta;
    Secret scalar; // until M2
    Secret isk; // from M2 to M4

    bool isExpired() const { return clock->monotonic() - startedAt > activationLife; }
};

AgentActivation::AgentActivation(const Pin& pin, RsaKey rsa, QByteArray info, const Clock& clock)
    : m(std::make_unique<Private>())
{
    m->clock = &clock;
    m->startedAt = clock.monotonic();
    m->start = {pin.locator, randomBytes(sidSize), {}, rsa.publicKey(), std::move(info)};
    m->rsa = std::move(rsa);
    const Secret scalar = cpace::randomScalar();
    const Secret generator = cpace::generator(pin.characters, activation::channelIdentifier(), m->start.sid);
    m->start.ya = cpace::share(scalar, generator);
    m->scalar = scalar;
}

AgentActivation::AgentActivation(AgentActivation&&) noexcept = default;
AgentActivation& AgentActivation::operator=(AgentActivation&&) noexcept = default;
AgentActivation::~AgentActivation() = default;

const ActivationStart& AgentActivation::start() const { return m->start; }

void AgentActivation::wipe()
{
    m->rsa.reset();
    m->scalar = {};
    m->isk = {};
}

Result<QByteArray> AgentActivation::confirm(const ActivationReply& reply)
{
    if (m->isExpired())
        wipe();
    if (m->scalar.isEmpty())
        return fail(
            ErrorCode::Expired, u"Activation: the server took too long to answer; start again with the same PIN."_s);
    const Secret scalar = std::exchange(m->scalar, {}); // a scalar answers one share
    if (reply.serverId.size() != serverIdSize || reply.spk.size() != spkSize || reply.serverTime < 0) {
        wipe();
        return fail(ErrorCode::Malformed, u"Activation: the server's answer has fields of the wrong size."_s);
    }
    const Result<Secret> point = cpace::sharedPoint(scalar, reply.yb);
    if (!point) {
        wipe();
        return fail(point.error());
    }
    m->reply = reply;
    const Secret isk = cpace::sessionKey(
        {m->start.sid, m->start.ya, activation::agentData(m->start), reply.yb, activation::serverData(reply)}, *point);
    m->ta = activation::agentTag(cpace::macKey(m->start.sid, isk), m->start);
    m->isk = isk;
    return m->ta;
}

Result<Secret> AgentActivation::finish(const QByteArray& ct, const QByteArray& tb)
{
    if (m->isExpired())
        wipe();
    if (m->isk.isEmpty() || !m->rsa)
        return fail(
            ErrorCode::Expired, u"Activation: the server took too long to answer; start again with the same PIN."_s);
    const Secret isk = m->isk;
    const RsaKey rsa = *std::exchange(m->rsa, std::nullopt);
    wipe();
    if (!equal(tb, activation::serverTag(cpace::macKey(m->start.sid, isk), m->reply, ct, m->ta)))
        return fail(ErrorCode::NotAuthenticated,
            u"Activation: the server could not prove that it knows this PIN; check the PIN and the server's address."_s);
    const Result<Secret> random = rsa.decrypt(ct);
    if (!random)
        return random;
    if (random->size() != randomSize)
        return fail(ErrorCode::CryptoFailed, u"Activation: the server's random number has the wrong size."_s);
    return rootKey(isk, *random, m->start.sid, 1);
}

} // namespace platen::crypto
