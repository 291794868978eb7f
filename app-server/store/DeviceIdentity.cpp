// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceIdentity.h"

#include <storage/Query.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::store {

using storage::query;

namespace {

constexpr qsizetype shortestSerial = 4;

/// What two readings are compared by.
struct Evidence {
    QString manufacturer, model, serial, mac;
};

struct Candidate {
    qint64 id = 0;
    Evidence evidence;
};

bool same(const QString& a, const QString& b) { return a.compare(b, Qt::CaseInsensitive) == 0; }

/// Both known and not the same.
bool differ(const QString& a, const QString& b) { return !a.isEmpty() && !b.isEmpty() && !same(a, b); }

Result<QList<Candidate>> candidates(QSqlDatabase db, const QString& where, const QVariantList& values)
{
    auto rows = query(db,
        u"SELECT device.id, manufacturer, model, serial_normalised, mac FROM device "_s + where
            + u" ORDER BY device.id"_s,
        values);
    if (!rows)
        return fail(rows.error());
    QList<Candidate> found;
    while (rows->next())
        found.append({rows->value(0).toLongLong(),
            {rows->value(1).toString(), rows->value(2).toString(), rows->value(3).toString(),
                rows->value(4).toString()}});
    return found;
}

/// Devices that an agent of the same customer (group) has read: nobody can take over another customer's device, and its meters,
/// by sending its serial number.
QString ofSameCustomer()
{
    return u" AND EXISTS (SELECT 1 FROM agent_device JOIN agent AS reader ON reader.id = agent_device.agent_id "
           "JOIN agent AS caller ON caller.id = ? WHERE agent_device.device_id = device.id "
           "AND COALESCE(reader.group_name, '') = COALESCE(caller.group_name, ''))"_s;
}

/// Makers hand out the same numbers; and one maker does it too when neither model nor MAC agree.
bool agreesBySerial(const Evidence& known, const Evidence& seen)
{
    return !differ(known.manufacturer, seen.manufacturer)
        && !(differ(known.model, seen.model) && differ(known.mac, seen.mac));
}

bool agreesByMac(const Evidence& known, const Evidence& seen)
{
    return !differ(known.serial, seen.serial) && !differ(known.manufacturer, seen.manufacturer);
}

/// The agent's number was given to another device when serial or MAC say so; a new network card keeps its device by the serial.
bool agreesByNumber(const Evidence& known, const Evidence& seen)
{
    if (differ(known.serial, seen.serial))
        return false;
    return !differ(known.mac, seen.mac) || (!known.serial.isEmpty() && same(known.serial, seen.serial));
}

template <typename Rule>
std::optional<qint64> firstThat(const QList<Candidate>& found, const Evidence& seen, Rule agrees)
{
    const auto one =
        std::ranges::find_if(found, [&](const Candidate& candidate) { return agrees(candidate.evidence, seen); });
    return one == found.end() ? std::nullopt : std::optional(one->id);
}

} // namespace

QString normalisedSerial(QStringView serial)
{
    QString kept;
    for (const QChar c : serial) {
        if (c.unicode() < 128 && c.isLetterOrNumber())
            kept += c.toUpper();
    }
    while (kept.startsWith(u'0'))
        kept.removeFirst();
    const bool repeats = std::ranges::all_of(kept, [&](QChar c) { return c == kept.front(); });
    static const QStringList placeholders{u"NONE"_s, u"NULL"_s, u"UNKNOWN"_s, u"NOTSET"_s, u"NOTAVAILABLE"_s,
        u"UNDEFINED"_s, u"DEFAULT"_s, u"SERIALNUMBER"_s, u"123456"_s, u"1234567"_s, u"12345678"_s, u"123456789"_s,
        u"1234567890"_s};
    return kept.size() < shortestSerial || repeats || placeholders.contains(kept) ? QString() : kept;
}

QString normalisedMac(QStringView mac)
{
    const QByteArray bytes = QByteArray::fromHex(mac.toLatin1()); // skips what is no digit
    const bool none = bytes.size() != 6 || (bytes[0] & 1) || std::ranges::all_of(bytes, [](char c) { return c == 0; });
    return none ? QString() : QString::fromLatin1(bytes.toHex(':'));
}

Result<std::optional<qint64>> findDevice(
    QSqlDatabase db, const QByteArray& agentId, quint64 localId, const model::Identity& identity)
{
    const Evidence seen{
        identity.manufacturer, identity.model, normalisedSerial(identity.serialNumber), normalisedMac(identity.mac)};
    if (!seen.serial.isEmpty()) {
        const auto found = candidates(db, u"WHERE serial_normalised = ?"_s + ofSameCustomer(), {seen.serial, agentId});
        if (!found)
            return fail(found.error());
        if (const auto id = firstThat(*found, seen, agreesBySerial))
            return id;
    }
    if (!seen.mac.isEmpty()) {
        const auto found = candidates(db, u"WHERE mac = ?"_s + ofSameCustomer(), {seen.mac, agentId});
        if (!found)
            return fail(found.error());
        if (const auto id = firstThat(*found, seen, agreesByMac))
            return id;
    }
    const auto found = candidates(db,
        u"JOIN agent_device ON agent_device.device_id = device.id WHERE agent_device.agent_id = ? AND agent_device.local_id = ?"_s,
        {agentId, static_cast<qint64>(localId)});
    if (!found)
        return fail(found.error());
    return firstThat(*found, seen, agreesByNumber);
}

} // namespace platen::store
