// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Reader.h"

#include "Identify.h"
#include "Log.h"

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

constexpr qsizetype objectsPerGet = 24; // answers stay below 1,400 bytes

Error notAPrinter(const QHostAddress& address)
{
    return {ErrorCode::NotFound, u"The device at %1 answers, but it is not a printer."_s.arg(address.toString())};
}

void keep(snmp::Answers& answers, const snmp::VarBinds& varBinds)
{
    for (const snmp::VarBind& varBind : varBinds) {
        if (varBind.value.exists())
            answers.insert(varBind.oid, varBind.value);
    }
}

} // namespace

snmp::Answers answersTo(const Plan& plan, const snmp::Answers& all)
{
    snmp::Answers answers;
    for (const snmp::Oid& object : plan.objects) {
        if (const auto it = all.find(object); it != all.end())
            answers.insert(it.key(), it.value());
    }
    for (const TablePlan& table : plan.tables) {
        for (const snmp::Oid& column : table.columns) {
            for (auto it = all.lowerBound(column); it != all.end() && it.key().startsWith(column); ++it)
                answers.insert(it.key(), it.value());
        }
    }
    return answers;
}

Result<model::Reading> readRecording(
    const Catalogue& catalogue, const snmp::Answers& all, const InterpretOptions& options)
{
    snmp::Answers answers = answersTo(identityPlan(), all);
    if (judge(catalogue, answers) == Verdict::Unsure) {
        qsizetype number = 0;
        for (const snmp::Oid& root : confirmationObjects()) { // as GETBULK would: only what lies below counts
            int left = number++ < confirmationNonRepeaters ? 1 : confirmationRepetitions;
            for (auto it = all.lowerBound(root); it != all.end() && it.key().startsWith(root) && left > 0; ++it, --left)
                answers.insert(it.key(), it.value());
        }
        if (judge(catalogue, answers, true) != Verdict::Printer)
            return fail(notAPrinter(options.address));
    }
    answers.insert(answersTo(readingPlan(catalogue, answers), all));
    answers.insert(answersTo(followUpPlan(answers), all));
    return interpret(catalogue, answers, options);
}

Reader::Reader(snmp::Engine& engine, std::shared_ptr<const Catalogue> catalogue, const Clock& clock)
    : m_engine(engine)
    , m_catalogue(std::move(catalogue))
    , m_clock(clock)
{
}

QCoro::Task<Status> Reader::ask(snmp::Target target, Plan plan, std::shared_ptr<snmp::Answers> answers)
{
    for (qsizetype at = 0; at < plan.objects.size(); at += objectsPerGet) {
        const Result<snmp::VarBinds> got = co_await m_engine.get(target, plan.objects.mid(at, objectsPerGet));
        if (!got)
            co_return fail(got.error());
        keep(*answers, *got);
    }
    for (const TablePlan& table : plan.tables) {
        const Result<snmp::Answers> got = co_await m_engine.columns(target, table.columns, table.expectedRows);
        if (!got)
            co_return fail(got.error());
        answers->insert(*got);
    }
    co_return {};
}

QCoro::Task<Result<ReadOutcome>> Reader::read(snmp::Target target, ReadOptions options)
{
    auto answers = std::make_shared<snmp::Answers>();
    if (const Status asked = co_await ask(target, identityPlan(), answers); !asked)
        co_return fail(asked.error());
    target.tries = std::max(target.tries, snmp::patientTries);
    if (judge(*m_catalogue, *answers) == Verdict::Unsure) {
        const Result<snmp::VarBinds> got =
            co_await m_engine.getBulk(target, confirmationObjects(), confirmationNonRepeaters, confirmationRepetitions);
        if (!got)
            co_return fail(got.error());
        keep(*answers, *got);
        if (judge(*m_catalogue, *answers, true) != Verdict::Printer)
            co_return fail(notAPrinter(target.address));
    }
    if (const Status asked = co_await ask(target, readingPlan(*m_catalogue, *answers), answers); !asked)
        co_return fail(asked.error());
    if (const Status asked = co_await ask(target, followUpPlan(*answers), answers); !asked)
        co_return fail(asked.error());
    Result<model::Reading> reading =
        interpret(*m_catalogue, *answers, {target.address, m_clock.now(), options.sources});
    if (!reading)
        co_return fail(reading.error());
    co_return ReadOutcome{*std::move(reading), {}};
}

} // namespace platen::profiles
