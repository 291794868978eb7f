// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Mischief.h"

#include "Table.h"

using namespace std::chrono_literals;
using platen::snmp::Answers;
using platen::snmp::Oid;
using platen::snmp::Value;
using platen::snmp::VarBind;

namespace platen::fleetsim {

namespace {

constexpr qsizetype hugeString = 64'900; // with its name and the message's head just below the 65,507 bytes that UDP carries
constexpr qsizetype frame = 1'400;       // of a GETBULK's answer
constexpr auto late = 4s;                // after any time-out of ours
constexpr auto echo = 50ms;

bool isInColumn(const Oid& object, const Oid& neighbour)
{
    return object.size() == neighbour.size() && !object.isEmpty() && object.startsWith(Oid(neighbour.arcs().first(size_t(neighbour.size() - 1))));
}

/// There is always one more row: of the value that the last real one has.
VarBind endless(const Answers& objects, const Oid& oid)
{
    const auto next = objects.upperBound(oid);
    if (next == objects.begin())
        return {next.key(), next.value()};
    const auto last = std::prev(next);
    if (!isInColumn(oid, last.key()) || (next != objects.end() && isInColumn(oid, next.key())))
        return next == objects.end() ? VarBind{oid + 1, last.value()} : VarBind{next.key(), next.value()};
    return {Oid(oid.arcs().first(size_t(oid.size() - 1))) + (oid.last() + 1), last.value()};
}

VarBind backwards(const Answers& objects, const Oid& oid)
{
    auto next = objects.upperBound(oid);
    if (next == objects.end())
        next = objects.begin();
    else if (const auto place = std::distance(objects.begin(), next); place % 4 == 3)
        std::advance(next, -3);
    return {next.key(), next.value()};
}

/// GETNEXT or GETBULK over a `step` that leads nowhere.
QByteArray walkAnswer(const Request& request, const Answers& objects, VarBind (*step)(const Answers&, const Oid&))
{
    QByteArray varBinds;
    QList<Oid> from = request.oids;
    const int rows = request.pdu == Pdu::GetBulk ? request.maxRepetitions : 1;
    for (int row = 0; row < rows; ++row) {
        for (Oid& oid : from) {
            const VarBind next = step(objects, oid);
            const QByteArray bytes = encodeVarBind(next.oid, next.value);
            if (row > 0 && varBinds.size() + bytes.size() > frame)
                return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);
            varBinds += bytes;
            oid = next.oid;
        }
    }
    return encodeResponse(request, ErrorStatus::NoError, 0, varBinds);
}

QByteArray withOtherId(const Request& request, const Table& table)
{
    QByteArray id = request.requestId.toByteArray();
    if (!id.isEmpty())
        id.back() = char(id.back() ^ 1);
    Request other = request;
    other.requestId = id;
    return table.answer(other);
}

Value mistyped(const Oid& oid, const Value& value)
{
    static const Oid nothing{1, 3, 6, 1, 4, 1, 31337};
    switch (value.type) {
    case Value::Type::Integer: return Value::text("n/a");
    case Value::Type::OctetString: return oid.last() % 2 ? Value{Value::Type::ObjectId, 0, {}, nothing} : Value::integer(4242);
    case Value::Type::ObjectId: return Value::text("none");
    case Value::Type::IpAddress: return Value::integer(-1);
    default: return Value{Value::Type::ObjectId, 0, {}, nothing};
    }
}

} // namespace

QList<Misdeed> misdeeds(Fault fault, const Request& request, const Table& table, const Answers& objects)
{
    const bool isWalk = (request.pdu == Pdu::GetNext || request.pdu == Pdu::GetBulk) && !objects.isEmpty();
    switch (fault) {
    case Fault::EndlessWalk: return {{isWalk ? walkAnswer(request, objects, endless) : table.answer(request)}};
    case Fault::Backwards: return {{isWalk ? walkAnswer(request, objects, backwards) : table.answer(request)}};
    case Fault::WrongRequestId: return {{withOtherId(request, table)}};
    case Fault::WrongPort: return {{table.answer(request), 0ms, Misdeed::From::OtherPort}};
    case Fault::WrongAddress: return {{table.answer(request), 0ms, Misdeed::From::NextAddress}};
    case Fault::Late: return {{table.answer(request), late}};
    case Fault::Duplicates: return {{table.answer(request)}, {table.answer(request)}, {table.answer(request), echo}};
    case Fault::ReportLoop: return {}; // does not speak v1 and v2c
    case Fault::TooBig: return {{encodeError(request, ErrorStatus::TooBig, 0)}};
    case Fault::Truncated: {
        const QByteArray whole = table.answer(request);
        return {{whole.first(whole.size() / 2)}};
    }
    default: return {{table.answer(request)}};
    }
}

Answers distorted(Fault fault, Answers objects)
{
    for (auto [oid, value] : objects.asKeyValueRange()) {
        if (fault == Fault::WrongTypes)
            value = mistyped(oid, value);
        else if (fault == Fault::HugeStrings && value.type == Value::Type::OctetString)
            value.octets.append(QByteArray(hugeString - value.octets.size(), 'A'));
    }
    return objects;
}

} // namespace platen::fleetsim
