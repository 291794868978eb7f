// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Interview.h"

#include "Identify.h"
#include "PrinterMib.h"
#include "Watch.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

constexpr int mostQuestions = 60;

/// Changes when a profile asks for other objects (FNV-1a over their names).
quint32 fingerprint(const QList<Oid>& objects)
{
    quint32 hash = 2166136261U;
    for (const Oid& object : objects) {
        for (const quint32 arc : object.arcs())
            hash = (hash ^ arc) * 16777619U;
        hash = (hash ^ 0xffff'ffffU) * 16777619U;
    }
    return hash;
}

} // namespace

Interview::Interview(const Catalogue& catalogue, QHostAddress address, const ReadOptions& options)
    : m_catalogue(catalogue)
    , m_address(std::move(address))
    , m_sources(options.sources)
    , m_hostName(options.hostName)
    , m_known(options.known)
    , m_last(options.memory)
    , m_left(mostQuestions)
{
    startOver();
    if (options.full || options.memory.isNull())
        return;
    const Memory::Content content = options.memory.content();
    m_maker = makerOf(catalogue, content.answers);
    if (content.answers.isEmpty() || content.profile != fingerprint(objectsOfInterest(catalogue, profile(), m_hostName)))
        return;
    m_before = content.answers;
    m_heard = snmp::Heard::everything(content.answers);
    forgetWhatChanges(catalogue, profile(), m_heard);
}

void Interview::startOver()
{
    m_heard = {};
    QList<Oid> asked;
    for (const snmp::VarBind& varBind : std::as_const(m_known))
        asked += varBind.oid;
    takeGet(asked, m_known);
}

std::optional<Interview::Question> Interview::next()
{
    if (m_left-- <= 0)
        return std::nullopt;
    if (!m_before.isEmpty()) {
        if (const QList<snmp::Chain> watched = wished(); !watched.isEmpty())
            return Question{false, snmp::questionFor(watched)};
        if (!isMoreToAsk())
            return std::nullopt;
    }
    if (!m_heard.isOld()) {
        if (auto question = identity())
            return question;
        if (judge(m_catalogue, m_heard.answers(), m_isConfirmed) != Verdict::Printer)
            return std::nullopt;
    }
    const QList<snmp::Chain> chains = wished();
    return chains.isEmpty() ? std::nullopt : std::optional(Question{false, snmp::questionFor(chains)});
}

QList<snmp::Chain> Interview::wished()
{
    if (!m_heard.isOld()) // each answer may tell another maker
        m_maker = makerOf(m_catalogue, m_heard.answers());
    return wishes(m_catalogue, m_maker, m_heard, m_address, m_hostName);
}

/// Compares what is watched with the last reading.
bool Interview::isMoreToAsk()
{
    const Change change = forgetWhatFollows(m_catalogue, profile(), m_before, m_heard);
    m_before.clear();
    if (change == Change::Device)
        startOver();
    return change != Change::Values;
}

/// Nothing when it is known to be a printer, or known to be none.
std::optional<Interview::Question> Interview::identity()
{
    QList<Oid> asked = sweepObjects();
    asked.removeIf([&](const Oid& object) { return m_heard.knows(object); });
    if (!asked.isEmpty())
        return Question{true, {asked, 0, 0}};
    if (m_isConfirmed || judge(m_catalogue, m_heard.answers()) != Verdict::Unsure)
        return std::nullopt;
    m_isConfirmed = true;
    return Question{false, {confirmationObjects(), confirmationNonRepeaters, confirmationRepetitions}};
}

void Interview::take(const Question& question, const snmp::VarBinds& answer)
{
    if (question.isGet)
        takeGet(question.bulk.oids, answer);
    else
        m_heard.takeBulk(question.bulk, answer);
}

void Interview::takeGet(const QList<Oid>& asked, const snmp::VarBinds& answer)
{
    m_heard.takeGet(asked, answer);
    m_heard.assumeFirst(mib::prtMarkerLifeCount, mib::prtMarkerLifeCount + 1 + 1);
    m_heard.assumeFirst(mib::hrDeviceType, mib::hrDeviceType + 1);
}

Result<model::Reading> Interview::reading(Instant takenAt) const
{
    return interpret(m_catalogue, m_heard.answers(), {m_address, takenAt, m_sources, m_hostName});
}

Memory Interview::memory() const
{
    const QList<Oid> ofInterest = objectsOfInterest(m_catalogue, profile(), m_hostName);
    snmp::Answers answers;
    for (const Oid& root : ofInterest) {
        for (auto it = m_heard.answers().lowerBound(root); it != m_heard.answers().end() && it.key().startsWith(root); ++it)
            answers.insert(answers.cend(), it.key(), it.value());
    }
    return Memory::of(answers, fingerprint(ofInterest), m_last);
}

snmp::VarBinds answerFrom(const snmp::Answers& all, const Interview::Question& question)
{
    const snmp::BulkQuestion& bulk = question.bulk;
    snmp::VarBinds answer;
    const auto next = [&](const Oid& after) -> snmp::VarBind {
        const auto it = all.upperBound(after);
        return it == all.end() ? snmp::VarBind{after, {snmp::Value::Type::EndOfMibView, 0, {}, {}}} : snmp::VarBind{it.key(), it.value()};
    };
    if (question.isGet) {
        for (const Oid& object : bulk.oids)
            answer += {object, all.value(object, {snmp::Value::Type::NoSuchInstance, 0, {}, {}})};
        return answer;
    }
    for (qsizetype i = 0; i < bulk.nonRepeaters; ++i)
        answer += next(bulk.oids[i]);
    QList<Oid> last = bulk.oids.sliced(bulk.nonRepeaters);
    for (int row = 0; row < bulk.maxRepetitions; ++row) {
        for (Oid& after : last) {
            answer += next(after);
            after = answer.last().oid;
        }
    }
    return answer;
}

} // namespace platen::profiles
