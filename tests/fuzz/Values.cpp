// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Values.h"

#include "Fixtures.h"

#include <profiles/Identify.h>
#include <profiles/Plan.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace platen::fuzz {

using snmp::Value;

namespace {

constexpr int typeCount = int(Value::Type::EndOfMibView) + 1;

bool isPercent(double number)
{
    return std::isfinite(number) && number >= 0 && number <= 100;
}

} // namespace

Value valueFrom(quint8 type, QByteArrayView octets)
{
    Value value;
    value.type = Value::Type(type % typeCount);
    value.octets = octets.toByteArray();
    if (value.type == Value::Type::ObjectId) {
        snmp::Oid id;
        for (const char octet : octets.first(std::min<qsizetype>(octets.size(), snmp::Oid::maxArcs)))
            id = id + quint32(quint8(octet));
        value.objectId = id;
    }
    for (const char octet : octets.first(std::min<qsizetype>(octets.size(), 8)))
        value.number = qint64(quint64(value.number) << 8 | quint8(octet));
    if (value.type == Value::Type::Integer)
        value.number = qint32(value.number);
    else if (value.type != Value::Type::Counter64)
        value.number = quint32(value.number);
    else
        value.number &= std::numeric_limits<qint64>::max();
    return value;
}

QByteArray octetsOf(const Value& value)
{
    QByteArray octets = value.octets.first(std::min<qsizetype>(value.octets.size(), 255));
    for (int shift = 56; value.isNumber() && shift >= 0; shift -= 8)
        octets += char(value.number >> shift);
    for (const quint32 arc : value.objectId.oid().arcs())
        octets += char(arc);
    return octets;
}

const profiles::Catalogue& catalogue()
{
    static const auto builtIn = *profiles::Catalogue::builtIn();
    return *builtIn;
}

const QList<snmp::Answers>& printers()
{
    static const QList<snmp::Answers> all = [] {
        QList<snmp::Answers> answers;
        for (const snmp::Answers& recording : recordings()) {
            const profiles::Profile& profile = catalogue().profileOf(profiles::makerOf(catalogue(), recording));
            snmp::Answers asked;
            for (const snmp::Oid& root : profile.interest.roots)
                for (auto at = recording.lowerBound(root); at != recording.end() && at.key().startsWith(root); ++at)
                    asked.insert(at.key(), at.value());
            answers += asked;
        }
        return answers;
    }();
    return all;
}

const QList<snmp::Oid>& knownObjects()
{
    static const QList<snmp::Oid> known = [] {
        QList<snmp::Oid> oids;
        for (const snmp::Answers& printer : printers())
            oids += printer.keys();
        std::ranges::sort(oids);
        oids.erase(std::unique(oids.begin(), oids.end()), oids.end());
        return oids;
    }();
    return known;
}

void checkNumbers(const model::Reading& reading)
{
    for (const model::Supply& supply : reading.supplies) {
        if (!isPercent(supply.level.percent) || !isPercent(supply.level.low) || !isPercent(supply.level.high) || supply.level.low > supply.level.high)
            qFatal("a level is no percentage");
        if (supply.capacity && *supply.capacity <= 0)
            qFatal("a capacity is not positive");
    }
    for (const model::Meter& meter : reading.meters)
        if (meter.value < 0)
            qFatal("a meter is negative");
}

} // namespace platen::fuzz
