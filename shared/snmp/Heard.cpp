// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Heard.h"

#include <algorithm>

namespace platen::snmp {

namespace {

constexpr qsizetype longestAnswer = 1260; // leaves room below 1,400 B for IP, UDP, the message's head and longer texts than thought
constexpr qsizetype mostOids = 60;
constexpr int mostRepetitions = 20;

const Oid endOfAll{0xffff'ffff};

qsizetype oidBytes(const Oid& oid)
{
    qsizetype bytes = -1; // the first two arcs share a byte
    for (const quint32 arc : oid.arcs())
        bytes += arc < (1U << 7) ? 1 : arc < (1U << 14) ? 2 : arc < (1U << 21) ? 3 : arc < (1U << 28) ? 4 : 5;
    return bytes;
}

qsizetype askedBytes(const Oid& oid) { return oidBytes(oid) + 6; }

/// An object that GETNEXT goes from to `object`, when nothing is known of the device.
Oid before(const Oid& object)
{
    const Oid parent(object.arcs().first(static_cast<size_t>(std::max<qsizetype>(object.size() - 1, 0))));
    return object.isEmpty() || object.last() <= 1 ? parent : parent + (object.last() - 1);
}

/// A layout of chains for one number of repetitions. A chain of known objects is cut into walks of that many, and what is left
/// over is asked one by one or by a walk that goes too far, whichever is shorter.
class Layout {
public:
    explicit Layout(int repetitions) : m_repetitions(repetitions) {}

    /// False: not all of it fits.
    bool add(const Chain& chain)
    {
        const qsizetype asked = askedBytes(chain.after), cell = asked + 2 + chain.valueBytes;
        const qsizetype reachable = chain.expected.size() + 1; // objects whose predecessor is known
        for (qsizetype at = 0; at < chain.length && at < reachable;) {
            const qsizetype left = std::min<qsizetype>(chain.length, reachable) - at;
            const bool isOpen = chain.length - at > left; // more is wished than can be named
            const qsizetype surplus = std::max<qsizetype>(m_repetitions - (chain.length - at), 0) * cell;
            const bool repeats = m_repetitions > 1 && chain.length - at > 1 && (isOpen || surplus <= (left - 1) * asked);
            const Oid& start = at == 0 ? chain.after : chain.expected[at - 1];
            const qsizetype covered = repeats ? std::min<qsizetype>(m_repetitions, chain.length - at) : 1;
            if (!place(start, repeats, asked, repeats ? m_repetitions * cell : cell, covered))
                return false;
            at += covered;
        }
        return true;
    }
    bool isBetterThan(const Layout& other) const
    {
        return m_covered != other.m_covered ? m_covered > other.m_covered : m_questionBytes + m_answerBytes < other.m_questionBytes + other.m_answerBytes;
    }
    BulkQuestion question() const
    {
        QList<Oid> oids;
        oids.reserve(m_oids.size() + m_repeated.size());
        for (const Starts* starts : {&m_oids, &m_repeated}) {
            for (const Oid* start : *starts)
                oids += *start;
        }
        return {oids, static_cast<int>(m_oids.size()), m_repeated.isEmpty() ? 1 : m_repetitions};
    }

private:
    bool place(const Oid& start, bool repeats, qsizetype asked, qsizetype answered, qsizetype covered)
    {
        if (m_covered > 0 && (m_answerBytes + answered > longestAnswer || m_oids.size() + m_repeated.size() >= mostOids))
            return false;
        (repeats ? m_repeated : m_oids).append(&start);
        m_questionBytes += asked;
        m_answerBytes += answered;
        m_covered += covered;
        return true;
    }

    using Starts = QVarLengthArray<const Oid*, mostOids>;

    int m_repetitions;
    Starts m_oids; ///< of the chains, which stay
    Starts m_repeated;
    qsizetype m_questionBytes = 0;
    qsizetype m_answerBytes = 0;
    qsizetype m_covered = 0;
};

} // namespace

BulkQuestion questionFor(const QList<Chain>& chains)
{
    if (chains.isEmpty())
        return {};
    std::optional<Layout> best;
    for (int repetitions = 1; repetitions <= mostRepetitions; ++repetitions) {
        Layout layout(repetitions);
        for (const Chain& chain : chains) {
            if (!layout.add(chain))
                break;
        }
        if (!best || layout.isBetterThan(*best))
            best = std::move(layout);
    }
    return best->question();
}

Heard Heard::everything(Answers answers)
{
    Heard heard;
    heard.m_answers = std::move(answers);
    heard.m_isEverything = true;
    return heard;
}

void Heard::takeGet(const QList<Oid>& asked, const VarBinds& answer)
{
    for (const Oid& object : asked) {
        const auto said = std::ranges::find(answer, object, &VarBind::oid);
        keep(said != answer.cend() ? *said : VarBind{object, {}});
    }
}

void Heard::keep(const VarBind& varBind)
{
    m_stale.remove(varBind.oid);
    if (m_isEverything) {
        const auto known = m_answers.constFind(varBind.oid);
        if (known == m_answers.cend() || *known != varBind.value)
            m_news += varBind.oid;
    }
    if (varBind.value.exists())
        m_answers.insert(varBind.oid, varBind.value);
    else
        m_missing.insert(varBind.oid);
}

void Heard::assumeFirst(const Oid& column, const Oid& instance)
{
    if (m_answers.contains(instance))
        m_stretches.insert(column, instance);
}

void Heard::takeBulk(const BulkQuestion& question, const VarBinds& answer)
{
    const qsizetype single = std::min<qsizetype>(question.nonRepeaters, question.oids.size());
    const qsizetype width = question.oids.size() - single;
    const qsizetype most = single + width * std::max(question.maxRepetitions, 1); // what is more was never asked for
    QList<Oid> last = question.oids;
    for (qsizetype i = 0; i < std::min(answer.size(), most); ++i) {
        const qsizetype walk = i < single ? i : single + (i - single) % width;
        if (last[walk].isEmpty())
            continue; // it has ended
        take(last[walk], answer[i]);
        last[walk] = m_deadEnds.contains(last[walk]) || answer[i].value.type == Value::Type::EndOfMibView ? Oid() : answer[i].oid;
    }
    if (answer.isEmpty()) // there is no sense in asking again
        m_deadEnds.unite(QSet<Oid>(question.oids.begin(), question.oids.end()));
}

void Heard::take(const Oid& after, const VarBind& varBind)
{
    if (varBind.value.type == Value::Type::EndOfMibView) {
        m_stretches.insert(after, endOfAll);
    } else if (varBind.oid <= after) {
        m_deadEnds.insert(after);
    } else {
        m_stretches.insert(after, varBind.oid);
        keep(varBind);
    }
}

bool Heard::isInStretch(const Oid& object) const
{
    auto from = m_stretches.lowerBound(object); // the nearest start before it
    if (from == m_stretches.begin())
        return false;
    --from;
    return object < from.value();
}

bool Heard::isReopened(const Oid& root) const
{
    return std::ranges::any_of(m_reopened, [&](const Oid& each) { return each.startsWith(root) || root.startsWith(each); });
}

bool Heard::knows(const Oid& object) const
{
    if (m_isEverything && !m_stale.contains(object) && !isReopened(object))
        return true;
    if (m_answers.contains(object) || m_missing.contains(object) || isInStretch(object))
        return true;
    return !m_deadEnds.isEmpty() && m_deadEnds.contains(startTowards(object));
}

std::optional<Oid> Heard::gapBelow(const Oid& root, int rows) const
{
    if (m_isEverything && !isReopened(root))
        return std::nullopt;
    Oid at = root;
    while (rows-- > 0) {
        auto from = m_stretches.upperBound(at);
        if (m_deadEnds.contains(at))
            return std::nullopt;
        if (from == m_stretches.begin() || !(at < std::prev(from).value()))
            return at;
        at = std::prev(from).value();
        if (!at.startsWith(root))
            return std::nullopt;
    }
    return std::nullopt;
}

void Heard::refresh(const Oid& object)
{
    if (m_answers.remove(object) > 0)
        m_stale.insert(object, true);
}

void Heard::reopen(const Oid& root)
{
    for (auto it = m_answers.lowerBound(root); it != m_answers.end() && it.key().startsWith(root);)
        it = m_answers.erase(it);
    for (auto it = m_stretches.lowerBound(root); it != m_stretches.end() && it.key().startsWith(root);)
        it = m_stretches.erase(it);
    m_reopened += root;
}

Oid Heard::startTowards(const Oid& object) const
{
    Oid at = before(object);
    for (auto it = m_stretches.find(at); it != m_stretches.end() && it.value() < object; it = m_stretches.find(at))
        at = it.value();
    return at;
}

QList<Oid> Heard::staleBelow(const Oid& root) const
{
    QList<Oid> objects;
    for (auto it = m_stale.lowerBound(root); it != m_stale.end() && it.key().startsWith(root); ++it) {
        if (!knows(it.key()))
            objects += it.key();
    }
    return objects;
}

} // namespace platen::snmp
