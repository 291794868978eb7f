// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Interview.h"

#include "Identify.h"
#include "PrinterMib.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

constexpr int mostQuestions = 60;

} // namespace

Interview::Interview(const Catalogue& catalogue, QHostAddress address, const ReadOptions& options, Precedents* precedents)
    : m_catalogue(catalogue)
    , m_address(std::move(address))
    , m_sources(options.sources)
    , m_hostName(options.hostName)
    , m_known(options.known)
    , m_last(options.memory)
    , m_left(mostQuestions)
    , m_precedents(precedents)
{
    if (Memory::Content content = options.full ? Memory::Content() : options.memory.content(); !content.answers.isEmpty()) {
        m_maker = makerOf(catalogue, content.answers);
        if (content.profile == interest().fingerprint) {
            m_watch.emplace(catalogue, profile(), content.answers);
            m_heard = snmp::Heard::everything(std::move(content.answers)); // the only one, so that nothing is copied when it changes
            m_watch->forgetWhatChanges(m_heard);
            return;
        }
    }
    startOver();
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
    if (m_watch) {
        if (const QList<snmp::Chain> watched = wished(); !watched.isEmpty())
            return Question{false, snmp::questionFor(watched)};
        if (!isMoreToAsk())
            return std::nullopt;
    }
    if (!m_heard.isOld()) {
        if (auto question = m_isPrinter ? std::nullopt : identity())
            return question;
        m_isPrinter = m_isPrinter || judge(m_catalogue, m_heard.answers(), m_isConfirmed) == Verdict::Printer;
        if (!m_isPrinter)
            return std::nullopt;
        if (auto question = precedented())
            return question;
    }
    const QList<snmp::Chain> chains = wished();
    if (chains.isEmpty()) {
        settlePrecedent();
        return std::nullopt;
    }
    m_found += snmp::questionFor(chains);
    return Question{false, m_found.last()};
}

/// What a device that describes itself alike was asked.
std::optional<Interview::Question> Interview::precedented()
{
    if (!m_precedents)
        return std::nullopt;
    if (!m_kind) {
        m_kind = size_t(m_hostName);
        for (const Oid& object : sweepObjects()) {
            const snmp::Value value = m_heard.answers().value(object);
            m_kind = qHashMulti(*m_kind, int(value.type), value.octets, value.objectId.oid());
        }
        m_ahead = m_precedents->of(*m_kind);
        m_isGuided = !m_ahead.isEmpty();
    }
    return m_ahead.isEmpty() ? std::nullopt : std::optional(Question{false, m_ahead.takeFirst()});
}

void Interview::settlePrecedent()
{
    if (!m_kind)
        return;
    if (!m_isGuided)
        m_precedents->note(*m_kind, m_found);
    else if (!m_found.isEmpty())
        m_precedents->forget(*m_kind);
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
    m_isUnchanged = isAsBefore();
    const Change change = m_isUnchanged ? Change::Values : m_watch->forgetWhatFollows(m_heard);
    m_watch.reset();
    if (change == Change::Device)
        startOver();
    return change != Change::Values;
}

/// All that counts has the value of the last reading, and nothing joined it.
bool Interview::isAsBefore() const
{
    const snmp::Answers &before = m_watch->before(), &now = m_heard.answers();
    const auto counts = [&](const Oid& object) {
        const auto was = before.constFind(object);
        return interest().covers(object) && (was == before.cend() || *was != now.value(object));
    };
    return std::ranges::none_of(m_heard.news(), counts) && std::ranges::all_of(before.keys(), [&](const Oid& object) { return now.contains(object); });
}

/// Nothing when it is known to be a printer, or known to be none.
std::optional<Interview::Question> Interview::identity()
{
    if (judge(m_catalogue, m_heard.answers()) == Verdict::Printer)
        return std::nullopt; // by what the sweep heard: the rest comes with what a printer is asked anyway
    QList<Oid> asked = sweepObjects();
    asked.removeIf([&](const Oid& object) { return m_heard.knows(object); });
    if (!asked.isEmpty())
        return Question{true, {asked, 0, 0}};
    if (m_isConfirmed)
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
    return interpret(m_catalogue, m_heard.answers(), {m_address, takenAt, m_sources, m_hostName, m_maker});
}

Memory Interview::memory() const
{
    if (m_left < 0) // cut short: what was not asked for must not pass for what is not there
        return {};
    if (m_isUnchanged)
        return m_last;
    snmp::Answers answers;
    for (auto it = m_heard.answers().cbegin(); it != m_heard.answers().cend(); ++it) {
        if (interest().covers(it.key()))
            answers.insert(answers.cend(), it.key(), it.value());
    }
    return Memory::of(answers, interest().fingerprint);
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
