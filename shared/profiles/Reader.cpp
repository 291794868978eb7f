// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Reader.h"

#include "Interview.h"

#include <algorithm>

namespace platen::profiles {

Result<model::Reading> readRecording(
    const Catalogue& catalogue, const snmp::Answers& all, const InterpretOptions& options)
{
    Interview interview(catalogue, options.address, {{}, {}, true, options.sources, options.hostName});
    while (const auto question = interview.next())
        interview.take(*question, answerFrom(all, *question));
    return interview.reading(options.takenAt);
}

Reader::Reader(snmp::Engine& engine, std::shared_ptr<const Catalogue> catalogue, const Clock& clock)
    : m_engine(engine)
    , m_catalogue(std::move(catalogue))
    , m_clock(clock)
{
}

QCoro::Task<Result<ReadOutcome>> Reader::read(snmp::Target target, ReadOptions options)
{
    if (!options.known.isEmpty())
        target.tries = std::max(target.tries, snmp::patientTries); // it answered a moment ago
    Interview interview(*m_catalogue, target.address, options, &m_precedents);
    while (const auto question = interview.next()) {
        const snmp::BulkQuestion& bulk = question->bulk;
        const Result<snmp::VarBinds> answer = question->isGet
            ? co_await m_engine.get(target, bulk.oids)
            : co_await m_engine.getBulk(target, bulk.oids, bulk.nonRepeaters, bulk.maxRepetitions);
        if (!answer)
            co_return fail(answer.error());
        interview.take(*question, *answer);
        target.tries = std::max(target.tries, snmp::patientTries);
    }
    Result<model::Reading> reading = interview.reading(m_clock.now());
    if (!reading)
        co_return fail(reading.error());
    co_return ReadOutcome{*std::move(reading), interview.memory()};
}

} // namespace platen::profiles
