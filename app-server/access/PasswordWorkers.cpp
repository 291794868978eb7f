// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "PasswordWorkers.h"

#include <base/Answer.h>
#include <crypto/Password.h>

using namespace Qt::StringLiterals;

namespace platen::access {

namespace {

constexpr int mostAtOnce = 4;

} // namespace

PasswordWorkers::PasswordWorkers(int mostWaiting)
    : m_mostWaiting(mostWaiting)
{
    m_pool.setMaxThreadCount(mostAtOnce);
}

QCoro::Task<Result<QString>> PasswordWorkers::hash(Secret password)
{
    const Result<Outcome> outcome = co_await run([password] { return Outcome{crypto::hashPassword(password), false}; });
    if (!outcome)
        co_return fail(outcome.error());
    if (outcome->hash.isEmpty())
        co_return fail(ErrorCode::CryptoFailed, u"the password could not be hashed: there is not enough memory"_s);
    co_return outcome->hash;
}

QCoro::Task<Result<bool>> PasswordWorkers::verify(QString hash, Secret password)
{
    const Result<Outcome> outcome = co_await run([hash, password] {
        if (!hash.isEmpty())
            return Outcome{{}, crypto::verifyPassword(hash, password)};
        crypto::hashPassword(password);
        return Outcome{};
    });
    if (!outcome)
        co_return fail(outcome.error());
    co_return outcome->isRight;
}

QCoro::Task<Result<PasswordWorkers::Outcome>> PasswordWorkers::run(std::function<Outcome()> work)
{
    if (m_underWay >= mostAtOnce + m_mostWaiting)
        co_return fail(
            ErrorCode::TooManyAttempts, u"too many people are signing in at this moment; try again in a few seconds"_s);
    ++m_underWay;
    const Outcome outcome = co_await inPool(m_pool, &m_context, std::move(work));
    --m_underWay;
    co_return outcome;
}

} // namespace platen::access
