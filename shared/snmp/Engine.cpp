// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Engine.h"

#include "Asking.h"
#include "TableWalk.h"

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

constexpr qsizetype mostObjects = 64; // of one GET

enum ErrorStatus { NoError = 0, TooBig = 1 }; // RFC 3416

/// What an answer without error says of each of `asked`: by place, or by name where a device shuffles.
void sortIn(const VarBinds& answer, const QList<Oid>& asked, Answers& found)
{
    for (qsizetype i = 0; i < asked.size(); ++i) {
        auto said = i < answer.size() && answer[i].oid == asked[i] ? answer.cbegin() + i
                                                                   : std::ranges::find(answer, asked[i], &VarBind::oid);
        found.insert(asked[i], said != answer.cend() ? said->value : Value{Value::Type::NoSuchInstance, 0, {}, {}});
    }
}

/// What is left to ask after a device answered `asked` with an error: without the object it names, which counts as not there,
/// or in two halves when it names none (tooBig, or a broken agent).
QList<QList<Oid>> withoutTrouble(const QList<Oid>& asked, const Pdu& error, Answers& found)
{
    const bool namesOne = error.errorStatus != TooBig && error.errorIndex >= 1 && error.errorIndex <= asked.size();
    if (namesOne || asked.size() == 1) {
        const qsizetype troublemaker = namesOne ? error.errorIndex - 1 : 0;
        found.insert(asked[troublemaker], {Value::Type::NoSuchObject, 0, {}, {}});
        QList<Oid> rest = asked;
        rest.removeAt(troublemaker);
        return rest.isEmpty() ? QList<QList<Oid>>() : QList<QList<Oid>>{rest};
    }
    return {asked.first(asked.size() / 2), asked.sliced(asked.size() / 2)};
}

/// GETNEXT of every one of `oids`, one varbind each; EndOfMibView for those that the device has nothing after.
QCoro::Task<Result<VarBinds>> getNext(Exchange* exchange, Target target, QList<Oid> oids)
{
    QMap<Oid, VarBind> next;
    QList<QList<Oid>> open{oids};
    while (!open.isEmpty()) {
        const QList<Oid> asked = open.takeFirst();
        const Result<Pdu> answer = co_await ask(exchange, {Question::Kind::GetNext, target, asked});
        if (!answer)
            co_return fail(answer.error());
        if (answer->errorStatus == NoError) {
            for (qsizetype i = 0; i < std::min(asked.size(), answer->varBinds.size()); ++i)
                next.insert(asked[i], answer->varBinds[i]);
            continue;
        }
        Answers ended;
        open = withoutTrouble(asked, *answer, ended) + open;
    }
    VarBinds inOrder;
    for (const Oid& oid : oids)
        inOrder.append(next.value(oid, {oid, {Value::Type::EndOfMibView, 0, {}, {}}}));
    co_return inOrder;
}

} // namespace

Engine::Engine(QObject* parent)
    : QObject(parent)
    , m_exchange(std::make_unique<Exchange>())
{
}

Engine::~Engine() = default;

const EngineCounters& Engine::counters() const { return m_exchange->counters; }

void Engine::remember(
    const QHostAddress& address, quint16 port, const QByteArray& engineId, quint32 boots, quint32 time)
{
    m_exchange->usm.remember({address, port}, engineId, boots, time);
}

QCoro::Task<Result<VarBinds>> Engine::get(Target target, QList<Oid> oids)
{
    if (oids.size() > mostObjects)
        co_return fail(ErrorCode::InvalidInput,
            u"%1 objects are too many for one request; ask for at most %2"_s.arg(oids.size()).arg(mostObjects));
    Answers found;
    QList<QList<Oid>> open;
    if (!oids.isEmpty())
        open.append(oids);
    while (!open.isEmpty()) {
        const QList<Oid> asked = open.takeFirst();
        const Result<Pdu> answer = co_await ask(m_exchange.get(), {Question::Kind::Get, target, asked});
        if (!answer)
            co_return fail(answer.error());
        if (answer->errorStatus == NoError)
            sortIn(answer->varBinds, asked, found);
        else
            open = withoutTrouble(asked, *answer, found) + open;
    }
    VarBinds inOrder;
    for (const Oid& oid : oids)
        inOrder.append({oid, found.value(oid)});
    co_return inOrder;
}

QCoro::Task<Result<VarBinds>> Engine::getBulk(Target target, QList<Oid> oids, int nonRepeaters, int maxRepetitions)
{
    if (oids.isEmpty() || oids.size() > mostObjects)
        co_return fail(ErrorCode::InvalidInput,
            u"%1 objects cannot be asked in one request; ask for 1 to %2"_s.arg(oids.size()).arg(mostObjects));
    // A device that cannot make so long an answer, or stumbles over an object on the way, is asked for less.
    for (int repetitions = std::max(maxRepetitions, 1), most = repetitions;
        (repetitions > 1 || repetitions == most) && target.credentials.version != Version::V1; repetitions /= 2) {
        const Result<Pdu> answer =
            co_await ask(m_exchange.get(), {Question::Kind::GetBulk, target, oids, nonRepeaters, repetitions});
        if (!answer)
            co_return fail(answer.error());
        if (answer->errorStatus == NoError)
            co_return answer->varBinds;
    }
    co_return co_await getNext(m_exchange.get(), target, oids);
}

QCoro::Task<Result<Engine::Walked>> Engine::walk(
    Target target, Oid root, WalkLimits limits, std::function<void(qsizetype)> progress)
{
    TableWalk table(root, limits);
    Walked walked;
    while (const std::optional<TableWalk::Step> step = table.next()) {
        const Result<VarBinds> answer = co_await getBulk(target, {step->after}, 0, step->maxRepetitions);
        if (!answer && table.found().isEmpty())
            co_return fail(answer.error());
        if (!answer) {
            walked.truncated = u"%1 (after %2)"_s.arg(answer.error().detail, step->after.toString());
            break;
        }
        target.tries = std::max(target.tries, patientTries);
        table.take(*answer);
        if (progress)
            progress(table.found().size());
        if (limits.stop.stop_requested()) {
            walked.truncated = u"it was stopped"_s;
            break;
        }
    }
    if (walked.truncated.isEmpty())
        walked.truncated = table.trouble();
    walked.varBinds.reserve(table.found().size());
    for (auto [oid, value] : table.found().asKeyValueRange())
        walked.varBinds.append({oid, value});
    co_return walked;
}

} // namespace platen::snmp
