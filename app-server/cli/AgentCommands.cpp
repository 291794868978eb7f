// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Terminal.h"
#include "Times.h"

#include <server/store/AgentQueries.h>
#include <server/store/AgentStore.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

using store::AgentRow;

QString stateOf(const AgentRow& row, Instant now)
{
    if (row.status == u"PENDING")
        return u"pending"_s;
    if (row.status == u"DEACTIVATED")
        return u"deactivated"_s;
    if (row.isForked)
        return u"COPIED"_s; // platen-server agent show says what to do
    return row.expiresAt && *row.expiresAt <= now ? u"expired"_s : u"active"_s;
}

QJsonValue orNull(const QString& text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); }
QJsonValue orNull(const std::optional<Instant>& time) { return time ? QJsonValue(iso(*time)) : QJsonValue(); }

QJsonObject toJson(const AgentRow& row, Instant now)
{
    return {{u"id"_s, QString::fromLatin1(row.id.toHex())}, {u"name"_s, row.name}, {u"group"_s, orNull(row.group)},
        {u"state"_s, stateOf(row, now)}, {u"expiresAt"_s, orNull(row.expiresAt)},
        {u"lastSeenAt"_s, orNull(row.lastSeenAt)}, {u"version"_s, orNull(row.version)}, {u"os"_s, orNull(row.os)},
        {u"transport"_s, orNull(row.transport)}, {u"transportNote"_s, orNull(row.transportNote)}, {u"devices"_s, row.devices}, {u"forks"_s, row.forks},
        {u"isForked"_s, row.isForked}, {u"lost"_s, row.lost}};
}

QStringList toTexts(const AgentRow& row, Instant now)
{
    const auto timeOr = [](const std::optional<Instant>& time, const QString& none) { return time ? shown(*time) : none; };
    return {QString::fromLatin1(row.id.toHex().first(8)), row.name, row.group.isEmpty() ? u"-"_s : row.group,
        stateOf(row, now), timeOr(row.lastSeenAt, u"never"_s), timeOr(row.expiresAt, u"never"_s),
        QString::number(row.devices), QString::number(row.forks), QString::number(row.lost)};
}

/// A command about one agent: the folder, and whom it means.
struct Meant {
    std::shared_ptr<DataFolder> folder;
    AgentRow agent;

    QString text() const { return u"%1 (%2)"_s.arg(agent.name, QString::fromLatin1(agent.id.toHex().first(8))); }
};

QCoro::Task<Result<Meant>> meant(QString data, QString agent)
{
    auto folder = co_await DataFolder::open(data);
    if (!folder)
        co_return fail(folder.error());
    auto found = co_await store::AgentQueries((*folder)->database()).find(agent);
    if (!found)
        co_return fail(found.error());
    co_return Meant{*folder, *found};
}

} // namespace

QCoro::Task<Status> carryOut(AgentListCommand command)
{
    const auto folder = co_await DataFolder::open(command.data);
    if (!folder)
        co_return fail(folder.error());
    const auto rows = co_await store::AgentQueries((*folder)->database()).list();
    if (!rows)
        co_return fail(rows.error());
    const Instant now = Clock::system().now();
    QJsonArray array;
    QList<QStringList> table;
    for (const AgentRow& row : *rows) {
        array.append(toJson(row, now));
        table.append(toTexts(row, now));
    }
    if (command.json)
        say(QString::fromUtf8(QJsonDocument(QJsonObject{{u"agents"_s, array}}).toJson()));
    else
        sayTable({u"Id"_s, u"Name"_s, u"Group"_s, u"State"_s, u"Last seen"_s, u"Expires"_s, u"Devices"_s, u"Forks"_s, u"Lost"_s}, table,
            u"There are no agents yet. platen-server pin create makes a PIN that activates one."_s);
    co_return {};
}

QCoro::Task<Status> carryOut(AgentExpireCommand command)
{
    const auto found = co_await meant(command.data, command.agent);
    if (!found)
        co_return fail(found.error());
    store::AgentStore agents(found->folder->database(), found->folder->kek(), Clock::system(), found->folder->endings());
    if (const Status done = co_await agents.setExpiry(found->agent.id, command.at); !done)
        co_return done;
    const bool isOver = command.at && *command.at <= Clock::system().now();
    say(!command.at ? u"agent %1 does not expire\n"_s.arg(found->text())
            : isOver ? u"agent %1 has expired: nothing it sends is taken from now on\n"_s.arg(found->text())
                     : u"agent %1 expires at %2\n"_s.arg(found->text(), shown(*command.at)));
    co_return {};
}

QCoro::Task<Status> carryOut(AgentDeactivateCommand command)
{
    const auto found = co_await meant(command.data, command.agent);
    if (!found)
        co_return fail(found.error());
    store::AgentStore agents(found->folder->database(), found->folder->kek(), Clock::system(), found->folder->endings());
    if (const Status done = co_await agents.deactivate(found->agent.id); !done)
        co_return done;
    say(u"agent %1 is deactivated, its key destroyed: to come back it needs a new PIN\n"_s.arg(found->text()));
    co_return {};
}

} // namespace platen::cli
