// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Fields.h"

using namespace Qt::StringLiterals;

namespace platen::protocol {

Fields::Fields(QString message, QCborMap map)
    : m_message(std::move(message))
    , m_map(std::move(map))
{
}

bool Fields::has(QLatin1StringView name) const
{
    const QCborValue value = m_map.value(name);
    return !value.isUndefined() && !value.isNull();
}

void Fields::refuse(QLatin1StringView name, const QString& what, ErrorCode code)
{
    if (!m_failure)
        m_failure = Error{code, u"%1: %2 %3."_s.arg(m_message, name, what)};
}

QByteArray Fields::bytes(QLatin1StringView name, qsizetype size)
{
    const QCborValue value = m_map.value(name);
    if (!value.isByteArray() || value.toByteArray().size() != size) {
        refuse(name, u"must be %1 bytes"_s.arg(size));
        return {};
    }
    return value.toByteArray();
}

QByteArray Fields::bytesUpTo(QLatin1StringView name, qsizetype most)
{
    const QCborValue value = m_map.value(name);
    if (!value.isByteArray() || value.toByteArray().size() > most) {
        refuse(name, u"must be at most %1 bytes"_s.arg(most));
        return {};
    }
    return value.toByteArray();
}

QByteArray Fields::optionalBytes(QLatin1StringView name, qsizetype size)
{
    return has(name) ? bytes(name, size) : QByteArray();
}

QString Fields::text(QLatin1StringView name, qsizetype mostBytes)
{
    const QCborValue value = m_map.value(name);
    if (!value.isString() || value.toString().toUtf8().size() > mostBytes) {
        refuse(name, u"must be text of at most %1 bytes"_s.arg(mostBytes));
        return {};
    }
    return value.toString();
}

QString Fields::optionalText(QLatin1StringView name, qsizetype mostBytes)
{
    return has(name) ? text(name, mostBytes) : QString();
}

quint64 Fields::number(QLatin1StringView name, quint64 most)
{
    const QCborValue value = m_map.value(name);
    if (!value.isInteger() || value.toInteger() < 0 || static_cast<quint64>(value.toInteger()) > most) {
        refuse(name, u"must be a number from 0 to %1"_s.arg(most));
        return 0;
    }
    return static_cast<quint64>(value.toInteger());
}

Instant Fields::instant(QLatin1StringView name)
{
    // The year 9999: later than any clock, early enough that sums do not overflow.
    constexpr quint64 latest = 253'402'300'799'999;
    return fromMs(static_cast<qint64>(number(name, latest)));
}

std::optional<Instant> Fields::optionalInstant(QLatin1StringView name)
{
    return has(name) ? std::optional(instant(name)) : std::nullopt;
}

std::optional<qint64> Fields::optionalInteger(QLatin1StringView name, qint64 least, qint64 most)
{
    if (!has(name))
        return std::nullopt;
    const QCborValue value = m_map.value(name);
    if (!value.isInteger() || value.toInteger() < least || value.toInteger() > most) {
        refuse(name, u"must be a number from %1 to %2"_s.arg(least).arg(most));
        return std::nullopt;
    }
    return value.toInteger();
}

std::optional<double> Fields::optionalReal(QLatin1StringView name, double least, double most)
{
    if (!has(name))
        return std::nullopt;
    const QCborValue value = m_map.value(name);
    const double number = value.toDouble(); // of an integer as well
    if ((!value.isDouble() && !value.isInteger()) || !(number >= least && number <= most)) {
        refuse(name, u"must be a number from %1 to %2"_s.arg(least).arg(most));
        return std::nullopt;
    }
    return number;
}

std::optional<bool> Fields::optionalBool(QLatin1StringView name)
{
    if (!has(name))
        return std::nullopt;
    const QCborValue value = m_map.value(name);
    if (!value.isBool())
        refuse(name, u"must be true or false"_s);
    return value.toBool();
}

void Fields::adopt(const Fields& inner)
{
    if (!m_failure)
        m_failure = inner.m_failure;
}

QCborMap Fields::map(QLatin1StringView name)
{
    const QCborValue value = m_map.value(name);
    if (!value.isMap())
        refuse(name, u"must be a map"_s);
    return value.toMap();
}

QCborMap Fields::optionalMap(QLatin1StringView name) { return has(name) ? map(name) : QCborMap(); }

QCborArray Fields::optionalArray(QLatin1StringView name, qsizetype most)
{
    if (!has(name))
        return {};
    const QCborValue value = m_map.value(name);
    if (!value.isArray() || value.toArray().size() > most) {
        refuse(name, u"must be a list of at most %1"_s.arg(most));
        return {};
    }
    return value.toArray();
}

} // namespace platen::protocol
