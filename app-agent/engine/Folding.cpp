// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Folding.h"

#include "Batch.h"

#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr int mostItems = 1000; // of a folded patch: nulls of rows that are long gone add up
const QString mark = u"\x01"_s; // no key of a reading: texts lose their control characters

/// `first`, then `then`, as one patch. An object that comes after its key was removed is marked: it replaces, and a patch would only add.
QCborMap composed(QCborMap first, const QCborMap& then)
{
    for (const auto& [key, change] : then) {
        const QCborValue before = first.value(key);
        QCborValue after = change;
        if (change.isMap() && before.isMap()) {
            after = composed(before.toMap(), change.toMap());
        } else if (change.isMap() && first.contains(key)) {
            QCborMap replacing = change.toMap();
            replacing.insert(mark, true);
            after = replacing;
        }
        first.insert(key, after);
    }
    return first;
}

bool isMarked(const QCborMap& map)
{
    if (map.contains(mark))
        return true;
    for (const auto& [key, value] : map)
        if (value.isMap() && isMarked(value.toMap()))
            return true;
    return false;
}

} // namespace

void Folding::Chain::begin(const protocol::ReadingPart& part)
{
    exact = part;
    running = part.reading;
    since.clear();
}

void Folding::Chain::end()
{
    while (exact) {
        done.append(*exact);
        exact.reset();
        const QList<protocol::ReadingPart> rest = std::exchange(since, {});
        if (rest.isEmpty())
            return;
        begin(rest.first());
        for (const protocol::ReadingPart& part : rest.sliced(1)) {
            running = composed(running, part.reading);
            since.append(part);
            if (!isMarked(running)) {
                exact->reading = running;
                since.clear();
            }
        }
    }
}

void Folding::Chain::add(const protocol::ReadingPart& part)
{
    if (part.isFull()) { // says it all
        done.clear();
        return begin(part);
    }
    if (!exact)
        return begin(part);
    if (exact->isFull()) {
        const bool fits = protocol::baseOf(exact->reading) == part.base;
        const Result<QCborMap> whole = fits ? protocol::patched(exact->reading, part.reading) : fail(ErrorCode::Conflict, {});
        if (whole) {
            exact->reading = *whole;
            return;
        }
        end();
        return begin(part);
    }
    if (protocol::itemCount(running) > mostItems) {
        end();
        return begin(part);
    }
    running = composed(running, part.reading);
    since.append(part);
    if (!isMarked(running)) {
        exact->reading = running;
        since.clear();
    }
}

void Folding::add(const protocol::Data& data)
{
    for (const protocol::ReadingPart& part : data.readings)
        m_chains[part.localDeviceId].add(part);
    m_seen = data.seen;
}

QList<protocol::Data> Folding::take()
{
    QList<protocol::Data> folded;
    Batch batch;
    const auto flush = [&] {
        if (!batch.isEmpty())
            folded.append(batch.take());
    };
    for (auto& [id, chain] : m_chains) {
        chain.end();
        for (const protocol::ReadingPart& part : std::as_const(chain.done)) {
            if (!batch.takes(part))
                flush();
            batch.add(part);
        }
    }
    for (const quint64 id : std::as_const(m_seen)) {
        if (!batch.takesSeen())
            flush();
        batch.addSeen(quint32(id));
    }
    flush();
    m_chains.clear();
    m_seen.clear();
    return folded;
}

} // namespace platen::agent
