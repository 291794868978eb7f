// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Drift.h"

using platen::snmp::Answers;
using platen::snmp::Oid;
using platen::snmp::Value;

namespace platen::fleetsim {

namespace {

const Oid hrPrinterStatus{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1};
const Oid hrPrinterDetectedErrorState{1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2};
const Oid prtMarkerLifeCount{1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4};
const Oid prtMarkerSuppliesMaxCapacity{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8};
const Oid prtMarkerSuppliesLevel{1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9};
const Oid enterprises{1, 3, 6, 1, 4, 1};
const Oid prtAlertEntry{1, 3, 6, 1, 2, 1, 43, 18, 1, 1};

constexpr qint64 idle = 3, printing = 4; // hrPrinterStatus
constexpr qint64 leastTotal = 100;       // a smaller number of a vendor's may be anything
constexpr int pagesPerPercent = 40;      // a cartridge of about 4,000 pages
constexpr quint32 driftAlertIndex = 9001;

template <typename Visit>
void eachBelow(const Answers& objects, const Oid& root, Visit visit)
{
    for (auto at = objects.lowerBound(root); at != objects.end() && at.key().startsWith(root); ++at)
        visit(at.key(), at.value());
}

} // namespace

Drift::Drift(Answers objects, quint32 seed)
    : m_objects(std::move(objects))
    , m_random(seed)
{
    eachBelow(m_objects, prtMarkerLifeCount, [this](const Oid& oid, const Value& value) {
        if (value.isNumber() && value.number >= 0)
            m_counters.append(oid);
    });
    QSet<qint64> counts;
    for (const Oid& counter : std::as_const(m_counters))
        counts.insert(m_objects.value(counter).number);
    eachBelow(m_objects, enterprises, [&](const Oid& oid, const Value& value) {
        if (value.isNumber() && value.number >= leastTotal && counts.contains(value.number))
            m_counters.append(oid);
    });
    eachBelow(m_objects, prtMarkerSuppliesLevel, [this](const Oid& oid, const Value& value) {
        const Value capacity = m_objects.value(prtMarkerSuppliesMaxCapacity + oid.after(prtMarkerSuppliesLevel));
        if (value.isNumber() && value.number >= 0 && capacity.number > 0)
            m_levels.append(oid);
    });
    eachBelow(m_objects, hrPrinterStatus, [this](const Oid& oid, const Value&) { m_printerStatus = oid; });
    eachBelow(m_objects, hrPrinterDetectedErrorState, [this](const Oid& oid, const Value&) { m_errorState = oid; });
}

bool Drift::step()
{
    if (m_isPrinting) {
        m_isPrinting = false;
        setStatus(idle);
        return true;
    }
    const quint32 chance = m_random.bounded(100u);
    if (chance < 30 && m_calm.isEmpty()) {
        const int pages = 1 + int(m_random.bounded(12u));
        print(pages);
        drain(pages);
        m_isPrinting = true;
        setStatus(printing);
        return true;
    }
    if (chance >= 96 || (!m_calm.isEmpty() && chance >= 70)) {
        toggleAlert();
        return true;
    }
    return false;
}

void Drift::print(int pages)
{
    for (const Oid& counter : std::as_const(m_counters))
        m_objects[counter].number += pages;
}

void Drift::drain(int pages)
{
    for (const Oid& oid : std::as_const(m_levels)) {
        const Oid index = oid.after(prtMarkerSuppliesLevel);
        const qint64 capacity = m_objects.value(prtMarkerSuppliesMaxCapacity + index).number;
        int& since = m_pagesSinceDrop[oid];
        since += pages;
        const qint64 percents = since / pagesPerPercent;
        since %= pagesPerPercent;
        qint64& level = m_objects[oid].number;
        // RFC 3805 counts the room left of a receptacle, so both classes go down and are renewed when at their end.
        level -= std::max<qint64>(percents, percents * capacity / 100);
        if (level < 0)
            level = capacity;
    }
}

void Drift::toggleAlert()
{
    if (!m_calm.isEmpty()) {
        eachBelow(Answers(m_objects), prtAlertEntry, [this](const Oid& oid, const Value&) {
            if (oid.last() == driftAlertIndex)
                m_objects.remove(oid);
        });
        m_objects.insert(m_calm);
        m_calm.clear();
        return;
    }
    if (!m_errorState || !m_printerStatus)
        return;
    const quint32 device = m_errorState->last();
    m_calm.insert(*m_errorState, m_objects.value(*m_errorState));
    const bool isJam = m_random.bounded(2u) == 0;
    m_objects[*m_errorState] = Value::text(isJam ? QByteArray("\x04", 1) : QByteArray("\x80", 1)); // bits jammed(5), lowPaper(0)
    const auto insert = [&](quint32 column, Value value) { m_objects.insert(prtAlertEntry + column + device + driftAlertIndex, std::move(value)); };
    insert(2, Value::integer(isJam ? 3 : 4));  // critical, warning
    insert(3, Value::integer(isJam ? 4 : 3));  // trained, untrained
    insert(4, Value::integer(isJam ? 13 : 8)); // mediaPath, input
    insert(5, Value::integer(1));
    insert(6, Value::integer(-2));
    insert(7, Value::integer(isJam ? 8 : 12)); // jam, inputMediaSupplyLow
    insert(8, Value::text(isJam ? "Paper jam: open the rear cover" : "Tray 1 is low on paper"));
}

void Drift::setStatus(qint64 printerStatus)
{
    if (m_printerStatus)
        m_objects[*m_printerStatus].number = printerStatus;
}

} // namespace platen::fleetsim
