// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SweepPlan.h"

#include <algorithm>
#include <map>
#include <numeric>

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

/// From one address to another, both included.
struct Stretch {
    IpNumber first;
    IpNumber last;
};

/// Addresses that are spoken for, as stretches that neither overlap nor touch.
class Taken {
public:
    /// What of `wanted` is still free, in order.
    QList<Stretch> freeOf(Stretch wanted) const
    {
        QList<Stretch> open;
        auto next = m_lastByFirst.upper_bound(wanted.first);
        if (next != m_lastByFirst.cbegin() && std::prev(next)->second >= wanted.first)
            --next;
        for (; next != m_lastByFirst.cend() && next->first <= wanted.last; ++next) {
            if (wanted.first < next->first)
                open.append({wanted.first, next->first.previous()});
            if (next->second >= wanted.last)
                return open;
            wanted.first = next->second.next();
        }
        open.append(wanted);
        return open;
    }

    void add(Stretch stretch)
    {
        for (const Stretch& open : freeOf(stretch))
            m_lastByFirst.emplace(open.first, open.last);
    }

private:
    std::map<IpNumber, IpNumber> m_lastByFirst;
};

std::unexpected<Error> tooMany(const AddressRange& range)
{
    return fail(ErrorCode::InvalidInput,
        u"\"%1\" and the other ranges have together more than the %2 addresses of one sweep: name only networks that have printers"_s
            .arg(range.text)
            .arg(AddressRange::largest));
}

} // namespace

Result<QList<SweepSpan>> planned(
    const QList<SearchRange>& ranges, const QList<AddressRange>& exclusions, int credentialCount)
{
    QList<int> all(credentialCount);
    std::iota(all.begin(), all.end(), 0);
    Taken excluded, taken;
    for (const AddressRange& exclusion : exclusions)
        excluded.add({exclusion.first, exclusion.last});

    QList<SweepSpan> spans;
    quint64 count = 0;
    for (const SearchRange& search : ranges) {
        Taken without = excluded;
        for (const AddressRange& exclusion : search.exclusions)
            without.add({exclusion.first, exclusion.last});
        for (const Stretch& wanted : without.freeOf({search.range.first, search.range.last})) {
            for (const Stretch& open : taken.freeOf(wanted)) {
                count += open.first.countTo(open.last);
                if (count > AddressRange::largest)
                    return tooMany(search.range);
                spans.append({open.first, open.last, search.port,
                    search.credentials.isEmpty() ? all : search.credentials, search.range.scope});
            }
            taken.add(wanted);
        }
    }
    if (spans.isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"there is no address to look at: give a range, as in 10.0.0.0/24, that is not excluded as a whole"_s);
    std::ranges::sort(spans, {}, &SweepSpan::first);
    return spans;
}

qint64 addressCount(const QList<SweepSpan>& spans)
{
    return std::accumulate(spans.cbegin(), spans.cend(), qint64(0),
        [](qint64 sum, const SweepSpan& span) { return sum + static_cast<qint64>(span.count()); });
}

} // namespace platen::snmp
