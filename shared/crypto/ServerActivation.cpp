// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Activation.h"

#include "CPace.h"
#include "Crypto.h"
#include "KeySchedule.h"

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr qsizetype runIdSize = 16, pointSize = 32;
constexpr int shareSize = 32;

} // namespace

struct ServerActivation::Private {
    const Clock* clock = nullptr;
    std::chrono::milliseconds startedAt{};
    ActivationStart start;
    ActivationReply reply;
    Secret isk;

    bool isExpired() const { return clock->monotonic() - startedAt > activationLife; }
};

ServerActivation::ServerActivation(std::unique_ptr<Private> state)
    : m(std::move(state))
{
}
ServerActivation::ServerActivation(ServerActivation&&) noexcept = default;
ServerActivation& ServerActivation::operator=(ServerActivation&&) noexcept = default;
ServerActivation::~ServerActivation() = default;

Result<ServerActivation> ServerActivation::begin(
    const Secret& pinCharacters, const ActivationStart& start, const Self& self, const Clock& clock)
{
    if (start.sid.size() != runIdSize || start.ya.size() != pointSize || !isRsaPublicKey(start.rsaPublic))
        return fail(ErrorCode::Malformed,
            u"Activation: a field of the agent's request has the wrong size or is no RSA key of 3072 bits."_s);
    const Secret scalar = cpace::randomScalar();
    const Secret generator = cpace::generator(pinCharacters, activation::channelIdentifier(), start.sid);
    const Result<Secret> point = cpace::sharedPoint(scalar, start.ya);
    if (!point)
        return fail(point.error());

    auto state = std::make_unique<Private>();
    state->clock = &clock;
    state->startedAt = clock.monotonic();
    state->start = start;
    state->reply = {cpace::share(scalar, generator), self.serverId, self.spk, self.serverTime};
    state->isk = cpace::sessionKey(
        {start.sid, start.ya, activation::agentData(start), state->reply.yb, activation::serverData(state->reply)},
        *point);
    return ServerActivation(std::move(state));
}

const ActivationReply& ServerActivation::reply() const { return m->reply; }

void ServerActivation::wipe() { m->isk = {}; }

Result<ServerActivation::Confirmed> ServerActivation::confirm(const QByteArray& ta)
{
    if (m->isExpired())
        wipe();
    if (m->isk.isEmpty())
        return fail(ErrorCode::Expired, u"Activation: this run is over; the agent must start again."_s);
    const Secret isk = m->isk;
    wipe(); // one guess a run
    const Secret macKey = cpace::macKey(m->start.sid, isk);
    if (!equal(ta, activation::agentTag(macKey, m->start)))
        return fail(ErrorCode::NotAuthenticated, u"Activation: the agent does not know the PIN."_s);
    const Secret random = randomSecret(shareSize);
    Result<QByteArray> ct = rsaEncrypt(m->start.rsaPublic, random);
    if (!ct)
        return fail(ct.error());
    QByteArray tb = activation::serverTag(macKey, m->reply, *ct, ta);
    return Confirmed{*std::move(ct), std::move(tb), rootKey(isk, random, m->start.sid, 1)};
}

} // namespace platen::crypto
