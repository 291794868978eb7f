// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CheckedJson.h"

#include "JsonLines.h"

#include <QJsonDocument>

#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::profiles {

CheckedJson::CheckedJson(QString what, QString file, const QByteArray& json)
    : m_what(std::move(what))
    , m_file(std::move(file))
    , m_json(json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    m_root = document.object();
    if (error.error != QJsonParseError::NoError)
        m_error = u"The %1 %2 is not JSON: %3, line %4."_s.arg(m_what, m_file, error.errorString())
                      .arg(lineOfByte(json, error.offset));
    else if (!document.isObject())
        m_error = u"The %1 %2 is not JSON as we need it: it must hold one object in braces."_s.arg(m_what, m_file);
}

Status CheckedJson::status() const { return m_error.isEmpty() ? Status() : fail(ErrorCode::InvalidInput, m_error); }

void CheckedJson::refuse(const QString& path, const QString& reason)
{
    if (m_error.isEmpty())
        m_error = u"The %1 %2 is wrong at '%3' (line %4): %5."_s.arg(
            m_what, m_file, path, QString::number(lineOfJsonValue(m_json, path)), reason);
}

QString CheckedJson::below(const QString& where, const QString& key)
{
    return where.isEmpty() ? key : where + u'.' + key;
}

void CheckedJson::expectKeys(const QJsonObject& object, const QString& where, const QStringList& known)
{
    for (const QString& key : object.keys()) {
        if (!known.contains(key))
            refuse(below(where, key), u"there is no such key, use one of %1"_s.arg(known.join(u", "_s)));
    }
}

QString CheckedJson::string(const QJsonObject& object, const QString& where, const QString& key, bool needed)
{
    const QJsonValue value = object.value(key);
    if (value.isUndefined() ? needed : !value.isString() || value.toString().isEmpty())
        refuse(below(where, key), u"a text that is not empty must stand here"_s);
    return value.toString();
}

bool CheckedJson::boolean(const QJsonObject& object, const QString& where, const QString& key)
{
    const QJsonValue value = object.value(key);
    if (!value.isUndefined() && !value.isBool())
        refuse(below(where, key), u"true or false must stand here"_s);
    return value.toBool();
}

int CheckedJson::number(
    const QJsonObject& object, const QString& where, const QString& key, int low, int high, int fallback)
{
    const QJsonValue value = object.value(key);
    if (value.isUndefined())
        return fallback;
    const double number = value.toDouble(low - 1.0);
    if (number < low || number > high || number != std::floor(number)) {
        refuse(below(where, key), u"a whole number from %1 to %2 must stand here"_s.arg(low).arg(high));
        return fallback;
    }
    return static_cast<int>(number);
}

QStringList CheckedJson::strings(const QJsonObject& object, const QString& where, const QString& key)
{
    QStringList list;
    const QJsonArray items = array(object, where, key);
    for (qsizetype i = 0; i < items.size(); ++i) {
        if (items[i].toString().isEmpty())
            refuse(u"%1[%2]"_s.arg(below(where, key)).arg(i), u"a text that is not empty must stand here"_s);
        list += items[i].toString();
    }
    return list;
}

QJsonObject CheckedJson::object(const QJsonObject& parent, const QString& where, const QString& key)
{
    const QJsonValue value = parent.value(key);
    if (!value.isUndefined() && !value.isObject())
        refuse(below(where, key), u"an object must stand here"_s);
    return value.toObject();
}

QJsonArray CheckedJson::array(const QJsonObject& parent, const QString& where, const QString& key)
{
    const QJsonValue value = parent.value(key);
    if (!value.isUndefined() && !value.isArray())
        refuse(below(where, key), u"a list must stand here"_s);
    return value.toArray();
}

snmp::Oid CheckedJson::oid(const QString& text, const QString& path)
{
    const Result<snmp::Oid> parsed = snmp::Oid::parse(text);
    if (!parsed || parsed->size() < 3)
        refuse(path, u"'%1' is no object identifier"_s.arg(text));
    return parsed.value_or(snmp::Oid());
}

QList<snmp::Oid> CheckedJson::oids(const QJsonObject& object, const QString& where, const QString& key)
{
    QList<snmp::Oid> list;
    for (const QString& text : strings(object, where, key))
        list += oid(text, u"%1[%2]"_s.arg(below(where, key)).arg(list.size()));
    return list;
}

QRegularExpression CheckedJson::pattern(const QString& text, const QString& path)
{
    QRegularExpression expression(
        text, QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    if (!expression.isValid())
        refuse(path, u"'%1' is no regular expression (%2)"_s.arg(text, expression.errorString()));
    expression.optimize();
    return expression;
}

QList<QRegularExpression> CheckedJson::patterns(const QJsonObject& object, const QString& where, const QString& key)
{
    QList<QRegularExpression> list;
    for (const QString& text : strings(object, where, key))
        list += pattern(text, u"%1[%2]"_s.arg(below(where, key)).arg(list.size()));
    return list;
}

} // namespace platen::profiles
