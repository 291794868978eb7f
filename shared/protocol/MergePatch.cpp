// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReadingCodec.h"

#include "Cbor.h"
#include "ReadingCost.h"

#include <QCborArray>
#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

constexpr auto takenAt = "takenAt"_L1;
constexpr qsizetype fingerprintSize = 8;

QCborMap changes(const QCborMap& from, const QCborMap& to)
{
    QCborMap patch;
    for (auto it = from.cbegin(); it != from.cend(); ++it) {
        if (!to.contains(it.key()))
            patch.insert(it.key(), QCborValue(nullptr));
    }
    for (auto it = to.cbegin(); it != to.cend(); ++it) {
        const QCborValue before = from.value(it.key()), after = it.value();
        if (before.isMap() && after.isMap()) {
            if (const QCborMap inner = changes(before.toMap(), after.toMap()); !inner.isEmpty())
                patch.insert(it.key(), inner);
        } else if (before != after) {
            patch.insert(it.key(), after);
        }
    }
    return patch;
}

QCborMap merged(QCborMap base, const QCborMap& patch)
{
    for (auto it = patch.cbegin(); it != patch.cend(); ++it) {
        const QCborValue change = it.value();
        if (change.isNull())
            base.remove(it.key());
        else if (change.isMap())
            base.insert(it.key(), merged(base.value(it.key()).toMap(), change.toMap()));
        else
            base.insert(it.key(), change);
    }
    return base;
}

} // namespace

ReadingCost& ReadingCost::operator+=(const ReadingCost& other)
{
    items += other.items;
    bytes += other.bytes;
    return *this;
}

bool ReadingCost::isAllowed() const { return items <= readingLimit::items && bytes <= readingLimit::bytes; }

ReadingCost costOf(const QCborValue& value)
{
    constexpr qsizetype largestHead = 9;
    ReadingCost cost{1, largestHead};
    if (value.isString())
        cost.bytes += value.toString().toUtf8().size();
    else if (value.isByteArray())
        cost.bytes += value.toByteArray().size();
    if (value.isArray()) {
        const QCborArray array = value.toArray();
        for (const QCborValue& element : array)
            cost += costOf(element);
    } else if (value.isMap()) {
        const QCborMap map = value.toMap();
        for (auto it = map.cbegin(); it != map.cend(); ++it) {
            cost += costOf(it.key());
            cost += costOf(it.value());
        }
    }
    return cost;
}

QByteArray baseOf(const QCborMap& keyed)
{
    QCborMap named = keyed;
    named.remove(takenAt);
    return QCryptographicHash::hash(encodeMap(named), QCryptographicHash::Sha256).first(fingerprintSize);
}

QCborMap difference(const QCborMap& from, const QCborMap& to)
{
    QCborMap patch = changes(from, to);
    patch.insert(takenAt, to.value(takenAt));
    return patch;
}

bool isEmptyPatch(const QCborMap& patch) { return patch.isEmpty() || (patch.size() == 1 && patch.contains(takenAt)); }

Result<QCborMap> patched(const QCborMap& base, const QCborMap& patch)
{
    QCborMap outcome = merged(base, patch);
    if (!costOf(outcome).isAllowed())
        return fail(ErrorCode::LimitExceeded, u"Reading: with this change it is larger than a reading may be."_s);
    return outcome;
}

} // namespace platen::protocol
