// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "PinCalls.h"

#include "Log.h"
#include "Rows.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

constexpr qsizetype mostPins = 10'000;
constexpr qsizetype longestGroup = 128;
constexpr int standardHours = 72;

QJsonObject rowOf(const store::PinRow& row)
{
    return {{u"locator"_s, row.locator}, {u"group"_s, textOrNull(row.group)}, {u"usesLeft"_s, row.usesLeft},
        {u"failures"_s, row.failures}, {u"createdAt"_s, toJson(row.createdAt)}, {u"expiresAt"_s, toJson(row.expiresAt)}};
}

Schema locatorSchema() { return Schema::text(crypto::Pin::locatorChars, u"The PIN's first four characters, which are no secret"_s); }

} // namespace

PinCalls::PinCalls(store::PinStore& pins, const Clock& clock)
    : m_pins(pins)
    , m_clock(clock)
{
}

QCoro::Task<Answer> PinCalls::list(Context, QJsonObject)
{
    const auto rows = co_await m_pins.list();
    if (!rows)
        co_return std::unexpected(rows.error());
    QJsonArray pins;
    for (const store::PinRow& row : rows->first(std::min(rows->size(), mostPins)))
        pins.append(rowOf(row));
    co_return QJsonObject{{u"pins"_s, pins}};
}

QCoro::Task<Answer> PinCalls::create(Context context, QJsonObject parameters)
{
    const store::PinOrder order{.group = parameters.value(u"group"_s).toString(),
        .uses = parameters.value(u"uses"_s).toInt(1),
        .life = std::chrono::hours(parameters.value(u"hours"_s).toInt(standardHours))};
    const auto pin = co_await m_pins.create(order);
    if (!pin)
        co_return std::unexpected(pin.error());
    qCInfo(lcApi).noquote() << "user" << context.session.user.name << "made the PIN" << pin->locator + u"-… for"_s
                            << order.uses << "agents";
    co_return QJsonObject{{u"pin"_s, pin->toString()}, {u"locator"_s, pin->locator}, {u"group"_s, textOrNull(order.group)},
        {u"uses"_s, order.uses}, {u"expiresAt"_s, api::toJson(m_clock.now() + order.life)}};
}

QCoro::Task<Answer> PinCalls::revoke(Context context, QJsonObject parameters)
{
    const QString locator = parameters.value(u"locator"_s).toString();
    if (const Status gone = co_await m_pins.revoke(locator); !gone)
        co_return std::unexpected(gone.error());
    qCInfo(lcApi).noquote() << "user" << context.session.user.name << "took the PIN" << locator + u"-… back"_s;
    co_return QJsonObject();
}

Schema PinCalls::listResult()
{
    return Schema::object({{u"pins"_s,
        Schema::list(Schema::object({
                         {u"locator"_s, locatorSchema()},
                         {u"group"_s, Schema::text(longestGroup).orNull()},
                         {u"usesLeft"_s, Schema::integer(1, store::pinLimit::mostUses, u"How many agents it still activates"_s)},
                         {u"failures"_s, Schema::integer(0, store::pinLimit::burntAt, u"Wrong tries; it is burnt at %1"_s.arg(store::pinLimit::burntAt))},
                         {u"createdAt"_s, Schema::instant()},
                         {u"expiresAt"_s, Schema::instant()},
                     }),
            mostPins, u"Those that can be used, the newest first"_s)}});
}

Schema PinCalls::createParameters()
{
    return Schema::object({
        optional(u"group"_s, Schema::text(longestGroup, u"The customer that the agent will belong to"_s)),
        optional(u"uses"_s, Schema::integer(1, store::pinLimit::mostUses, u"How many agents it activates; more than one makes a longer PIN"_s)),
        optional(u"hours"_s, Schema::integer(1, store::pinLimit::longestLife.count(), u"How long it can be used; 72 when left out"_s)),
    });
}

Schema PinCalls::createResult()
{
    return Schema::object({
        {u"pin"_s, Schema::text(64, u"To be typed at the site; shown this once"_s)},
        {u"locator"_s, locatorSchema()},
        {u"group"_s, Schema::text(longestGroup).orNull()},
        {u"uses"_s, Schema::integer(1, store::pinLimit::mostUses)},
        {u"expiresAt"_s, Schema::instant()},
    });
}

Schema PinCalls::revokeParameters() { return Schema::object({{u"locator"_s, locatorSchema()}}); }

} // namespace platen::api
