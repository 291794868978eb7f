// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SubscriptionCalls.h"

#include "Notices.h"

#include <server/access/Authorizer.h>

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::api {

QCoro::Task<Answer> SubscriptionCalls::subscribe(Context context, QJsonObject parameters)
{
    QSet<Topic> topics;
    for (const QJsonValue& name : parameters.value(u"topics"_s).toArray())
        topics.insert(name.toString() == u"devices" ? Topic::Devices : Topic::Agents);
    for (const Topic topic : topics)
        if (const Status allowed = access::Authorizer::check(context.session, permissionFor(topic)); !allowed)
            co_return std::unexpected(allowed.error());
    context.connection->subscribe(topics);
    co_return QJsonObject();
}

Schema SubscriptionCalls::parameters()
{
    return Schema::object({
        {u"topics"_s,
            Schema::list(Schema::choice({u"devices"_s, u"agents"_s}), 10,
                u"Replaces what was subscribed before; none ends it"_s)},
    });
}

} // namespace platen::api
