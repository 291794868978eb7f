// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sweep.h"

#include "SweepRun.h"

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

Status checked(const SweepOrder& order)
{
    constexpr qsizetype mostBytes = 255;
    if (order.oids.isEmpty() || order.oids.size() > 16)
        return fail(ErrorCode::InvalidInput, u"a sweep asks for 1 to 16 objects, not %1"_s.arg(order.oids.size()));
    for (const Credentials& credentials : order.credentials) {
        if (credentials.community.size() > mostBytes)
            return fail(
                ErrorCode::InvalidInput, u"a community is longer than %1 bytes; no device takes that"_s.arg(mostBytes));
    }
    if (addressCount(order.spans) > AddressRange::largest)
        return fail(ErrorCode::InvalidInput,
            u"%1 addresses are more than the %2 of one sweep"_s.arg(addressCount(order.spans))
                .arg(AddressRange::largest));
    const auto isUsable = [&](const SweepSpan& span) {
        return span.port != 0 && !span.credentials.isEmpty() && std::ranges::all_of(span.credentials, [&](int index) {
            return index >= 0 && index < order.credentials.size();
        });
    };
    if (!std::ranges::all_of(order.spans, isUsable))
        return fail(ErrorCode::InvalidInput, u"a range to sweep has no port or no credentials"_s);
    return {};
}

} // namespace

QCoro::Task<Result<SweepOutcome>> sweep(SweepOrder order, std::function<void(const SweepHit&)> found)
{
    if (const Status usable = checked(order); !usable)
        co_return fail(usable.error());
    SweepRun run(std::move(order), std::move(found));
    if (const Status opened = run.open(); !opened)
        co_return fail(opened.error());
    co_return co_await run;
}

} // namespace platen::snmp
