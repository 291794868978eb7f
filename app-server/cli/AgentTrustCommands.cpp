// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Terminal.h"
#include "Times.h"

#include <server/store/AgentHistory.h>
#include <server/store/AgentQueries.h>
#include <server/store/Receptions.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

using store::AgentEvent;
using store::AgentGap;
using store::AgentRow;

QString shortId(const AgentRow& row) { return QString::fromLatin1(row.id.toHex().first(8)); }

/// An event in a sentence for the one who has to act on it.
QString sentenceOf(const AgentEvent& event)
{
    const auto fact = [&](const QString& name) { return QString::number(event.facts[name].toInteger()); };
    if (event.kind == AgentEvent::fork && event.facts.contains(u"seq"_s))
        return u"ALARM: another envelope came under number %1, which is stored"_s.arg(fact(u"seq"_s));
    if (event.kind == AgentEvent::fork)
        return u"ALARM: a copy called, or the agent was put back: it would go on at envelope %1 in its session %2; stored are %3, in session %4"_s
            .arg(fact(u"nextSeq"_s), fact(u"session"_s), fact(u"hwm"_s), fact(u"knownSession"_s));
    if (event.kind == AgentEvent::serverRestored)
        return u"this server was put back: it had acknowledged envelopes up to %1 and has them up to %2"_s.arg(
            fact(u"acknowledged"_s), fact(u"hwm"_s));
    if (event.kind == AgentEvent::rekeyed)
        return u"it has a new key, number %1"_s.arg(fact(u"epoch"_s));
    return event.kind;
}

QJsonObject toJson(const AgentRow& row, const QList<AgentEvent>& events, const QList<AgentGap>& gaps)
{
    QJsonArray happened, lost;
    for (const AgentEvent& event : events)
        happened.append(QJsonObject{{u"at"_s, iso(event.at)}, {u"kind"_s, event.kind}, {u"facts"_s, event.facts}});
    for (const AgentGap& gap : gaps)
        lost.append(QJsonObject{{u"at"_s, iso(gap.at)}, {u"from"_s, qint64(gap.from)}, {u"to"_s, qint64(gap.to)},
            {u"count"_s, qint64(gap.count())}, {u"reason"_s, gap.reason}});
    return {{u"id"_s, QString::fromLatin1(row.id.toHex())}, {u"name"_s, row.name}, {u"isForked"_s, row.isForked},
        {u"forks"_s, row.forks}, {u"key"_s, row.epoch}, {u"lost"_s, row.lost}, {u"events"_s, happened}, {u"gaps"_s, lost}};
}

void sayWhole(const AgentRow& row, const QList<AgentEvent>& events, const QList<AgentGap>& gaps)
{
    say(u"%1 (%2): key %3, %4 envelopes lost\n"_s.arg(row.name, shortId(row)).arg(row.epoch).arg(row.lost));
    if (row.isForked)
        say(u"REFUSED: %1\n"_s.arg(store::forkAdvice()));
    QList<QStringList> happened, lost;
    for (const AgentEvent& event : events)
        happened.append({shown(event.at), sentenceOf(event)});
    for (const AgentGap& gap : gaps)
        lost.append({shown(gap.at), QString::number(gap.from), QString::number(gap.to), gap.reason});
    sayTable({u"When"_s, u"What happened"_s}, happened, u"Nothing happened that you should know."_s);
    sayTable({u"When"_s, u"Lost from"_s, u"To"_s, u"Why"_s}, lost, u"It lost nothing."_s);
}

} // namespace

QCoro::Task<Status> carryOut(AgentShowCommand command)
{
    const auto folder = co_await DataFolder::open(command.data);
    if (!folder)
        co_return fail(folder.error());
    const auto row = co_await store::AgentQueries((*folder)->database()).find(command.agent);
    if (!row)
        co_return fail(row.error());
    store::AgentHistory history((*folder)->database());
    const auto events = co_await history.events(row->id);
    if (!events)
        co_return fail(events.error());
    const auto gaps = co_await history.gaps(row->id);
    if (!gaps)
        co_return fail(gaps.error());
    if (command.json)
        say(QString::fromUtf8(QJsonDocument(toJson(*row, *events, *gaps)).toJson()));
    else
        sayWhole(*row, *events, *gaps);
    co_return {};
}

QCoro::Task<Status> carryOut(AgentRekeyCommand command)
{
    const auto folder = co_await DataFolder::open(command.data);
    if (!folder)
        co_return fail(folder.error());
    const auto row = co_await store::AgentQueries((*folder)->database()).find(command.agent);
    if (!row)
        co_return fail(row.error());
    store::Receptions receptions((*folder)->database(), (*folder)->kek(), Clock::system());
    if (const Status asked = co_await receptions.askRekey(row->id); !asked)
        co_return asked;
    say(row->isForked
            ? u"agent %1 (%2): the copy that calls next gets a new key and goes on, every other stays out. It calls within ten minutes, or when it is restarted.\n"_s
                  .arg(row->name, shortId(*row))
            : u"agent %1 (%2) gets a new key when it is connected\n"_s.arg(row->name, shortId(*row)));
    co_return {};
}

} // namespace platen::cli
