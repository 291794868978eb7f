// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Schema.h"

#include <QDateTime>
#include <QJsonArray>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

std::unexpected<Error> wrong(const QString& path, const QString& what)
{
    const QString who = path.isEmpty() ? u"the parameters"_s : u"parameter "_s + path;
    return fail(ErrorCode::InvalidInput, who + u' ' + what);
}

QString below(const QString& path, const QString& name) { return path.isEmpty() ? name : path + u'.' + name; }

QString nameForPeople(const QString& name) { return name.size() <= 64 ? name : name.left(64) + u'…'; }

} // namespace

Schema::Schema(Kind kind, const QString& meaning)
    : m_kind(kind)
    , m_meaning(meaning)
{
}

Schema Schema::text(qsizetype longest, const QString& meaning)
{
    Schema schema(Kind::Text, meaning);
    schema.m_high = longest;
    return schema;
}

Schema Schema::password(qsizetype longest, const QString& meaning)
{
    Schema schema(Kind::Password, meaning);
    schema.m_high = longest;
    return schema;
}

Schema Schema::choice(const QStringList& words, const QString& meaning)
{
    Schema schema(Kind::Choice, meaning);
    schema.m_words = words;
    return schema;
}

Schema Schema::instant(const QString& meaning) { return {Kind::Instant, meaning}; }
Schema Schema::number(const QString& meaning) { return {Kind::Number, meaning}; }
Schema Schema::boolean(const QString& meaning) { return {Kind::Boolean, meaning}; }
Schema Schema::anyObject(const QString& meaning) { return {Kind::AnyObject, meaning}; }

Schema Schema::integer(qint64 low, qint64 high, const QString& meaning)
{
    Schema schema(Kind::Integer, meaning);
    schema.m_low = low;
    schema.m_high = high;
    return schema;
}

Schema Schema::list(Schema item, qsizetype most, const QString& meaning)
{
    Schema schema(Kind::List, meaning);
    schema.m_high = most;
    schema.m_item.push_back(std::move(item));
    return schema;
}

Schema Schema::object(std::vector<Field> fields, const QString& meaning)
{
    Schema schema(Kind::Object, meaning);
    schema.m_fields = std::move(fields);
    return schema;
}

Schema Schema::orNull() const
{
    Schema schema = *this;
    schema.m_mayBeNull = true;
    return schema;
}

Status Schema::check(const QJsonValue& value, const QString& path) const
{
    if (value.isNull() && m_mayBeNull)
        return {};
    switch (m_kind) {
    case Kind::Text:
    case Kind::Password:
    case Kind::Choice:
    case Kind::Instant:
        return value.isString() ? checkText(value.toString(), path) : wrong(path, u"must be a text"_s);
    case Kind::Integer:
        return checkInteger(value, path);
    case Kind::Number:
        return value.isDouble() ? Status() : wrong(path, u"must be a number"_s);
    case Kind::Boolean:
        return value.isBool() ? Status() : wrong(path, u"must be true or false"_s);
    case Kind::List:
        return checkList(value, path);
    case Kind::Object:
        return value.isObject() ? checkObject(value.toObject(), path) : wrong(path, u"must be an object"_s);
    case Kind::AnyObject:
        return value.isObject() ? Status() : wrong(path, u"must be an object"_s);
    }
    Q_UNREACHABLE_RETURN({});
}

Status Schema::checkText(const QString& text, const QString& path) const
{
    if (m_kind == Kind::Choice)
        return m_words.contains(text) ? Status() : wrong(path, u"must be one of %1"_s.arg(m_words.join(u", "_s)));
    if (m_kind == Kind::Instant) {
        const bool hasZone = text.endsWith(u'Z') || text.indexOf(u'+', 10) > 0 || text.indexOf(u'-', 10) > 0;
        const bool isInstant = text.size() <= 40 && hasZone && QDateTime::fromString(text, Qt::ISODateWithMs).isValid();
        return isInstant ? Status() : wrong(path, u"must be an instant like 2026-11-22T12:00:00.000Z"_s);
    }
    return text.size() <= m_high ? Status() : wrong(path, u"is longer than %1 characters"_s.arg(m_high));
}

Status Schema::checkInteger(const QJsonValue& value, const QString& path) const
{
    const double number = value.toDouble(std::nan(""));
    if (std::isnan(number) || number != std::floor(number) || number < static_cast<double>(m_low)
        || number > static_cast<double>(m_high))
        return wrong(path, u"must be a whole number from %1 to %2"_s.arg(m_low).arg(m_high));
    return {};
}

Status Schema::checkList(const QJsonValue& value, const QString& path) const
{
    if (!value.isArray())
        return wrong(path, u"must be a list"_s);
    const QJsonArray items = value.toArray();
    if (items.size() > m_high)
        return wrong(path, u"has more than %1 entries"_s.arg(m_high));
    for (qsizetype i = 0; i < items.size(); ++i)
        if (const Status checked = m_item.front().check(items.at(i), u"%1[%2]"_s.arg(path).arg(i)); !checked)
            return checked;
    return {};
}

Status Schema::checkObject(const QJsonObject& object, const QString& path) const
{
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        const bool isKnown =
            std::ranges::any_of(m_fields, [&](const Field& field) { return field.name == entry.key(); });
        if (!isKnown)
            return wrong(below(path, nameForPeople(entry.key())), u"is not known to this call"_s);
    }
    for (const Field& field : m_fields) {
        const QString name = below(path, field.name);
        if (!object.contains(field.name)) {
            if (field.isRequired)
                return wrong(name, u"is missing"_s);
            continue;
        }
        if (const Status checked = field.schema.check(object.value(field.name), name); !checked)
            return checked;
    }
    return {};
}

QJsonObject Schema::toOpenApi() const
{
    QJsonObject schema = shape();
    if (m_mayBeNull)
        schema[u"type"_s] = QJsonArray{schema.value(u"type"_s), u"null"_s};
    if (m_mayBeNull && m_kind == Kind::Choice) {
        QJsonArray words = schema.value(u"enum"_s).toArray();
        words.append(QJsonValue());
        schema[u"enum"_s] = words;
    }
    if (!m_meaning.isEmpty())
        schema[u"description"_s] = m_meaning;
    return schema;
}

QJsonObject Schema::shape() const
{
    switch (m_kind) {
    case Kind::Text:
        return {{u"type"_s, u"string"_s}, {u"maxLength"_s, m_high}};
    case Kind::Password:
        return {{u"type"_s, u"string"_s}, {u"format"_s, u"password"_s}, {u"maxLength"_s, m_high}};
    case Kind::Choice:
        return {{u"type"_s, u"string"_s}, {u"enum"_s, QJsonArray::fromStringList(m_words)}};
    case Kind::Instant:
        return {{u"type"_s, u"string"_s}, {u"format"_s, u"date-time"_s}};
    case Kind::Integer:
        return {{u"type"_s, u"integer"_s}, {u"minimum"_s, m_low}, {u"maximum"_s, m_high}};
    case Kind::Number:
        return {{u"type"_s, u"number"_s}};
    case Kind::Boolean:
        return {{u"type"_s, u"boolean"_s}};
    case Kind::AnyObject:
        return {{u"type"_s, u"object"_s}};
    case Kind::List:
        return {{u"type"_s, u"array"_s}, {u"items"_s, m_item.front().toOpenApi()}, {u"maxItems"_s, m_high}};
    case Kind::Object:
        break;
    }
    QJsonObject properties;
    QJsonArray required;
    for (const Field& field : m_fields) {
        properties[field.name] = field.schema.toOpenApi();
        if (field.isRequired)
            required.append(field.name);
    }
    QJsonObject shape{{u"type"_s, u"object"_s}, {u"properties"_s, properties}, {u"additionalProperties"_s, false}};
    if (!required.isEmpty())
        shape[u"required"_s] = required;
    return shape;
}

} // namespace platen::api
