// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <vector>

namespace platen::api {

struct Field;

/// The shape of a JSON value: what a call takes and what it gives. One declaration checks what strangers send and writes
/// the OpenAPI document.
class Schema {
public:
    static Schema text(qsizetype longest, const QString& meaning = {}); ///< UTF-16 units, at most `longest`
    static Schema password(qsizetype longest, const QString& meaning = {});
    static Schema choice(const QStringList& words, const QString& meaning = {});
    static Schema instant(const QString& meaning = {}); ///< ISO 8601 with a zone: "2026-11-22T12:00:00.000Z"
    static Schema integer(qint64 low, qint64 high, const QString& meaning = {});
    static Schema number(const QString& meaning = {});
    static Schema boolean(const QString& meaning = {});
    static Schema list(Schema item, qsizetype most, const QString& meaning = {});
    static Schema object(std::vector<Field> fields, const QString& meaning = {}); ///< these fields and no others
    static Schema anyObject(const QString& meaning = {}); ///< described elsewhere

    /// The same, or null.
    Schema orNull() const;

    /// Fails with InvalidInput and a sentence that names the part at fault by its path: "filter.state[0]".
    Status check(const QJsonValue& value, const QString& path = {}) const;

    /// As an OpenAPI 3.1 schema object.
    QJsonObject toOpenApi() const;

private:
    enum class Kind { Text, Password, Choice, Instant, Integer, Number, Boolean, List, Object, AnyObject };

    Schema(Kind kind, const QString& meaning);
    Status checkText(const QString& text, const QString& path) const;
    Status checkInteger(const QJsonValue& value, const QString& path) const;
    Status checkList(const QJsonValue& value, const QString& path) const;
    Status checkObject(const QJsonObject& object, const QString& path) const;
    QJsonObject shape() const;

    Kind m_kind;
    QString m_meaning;
    bool m_mayBeNull = false;
    qint64 m_low = 0;
    qint64 m_high = 0; ///< also the longest text, the most items
    QStringList m_words;
    std::vector<Schema> m_item; ///< none or one
    std::vector<Field> m_fields;
};

/// One field of an object.
struct Field {
    QString name;
    Schema schema;
    bool isRequired = true;
};

/// A field that may be left out.
inline Field optional(const QString& name, Schema schema) { return {name, std::move(schema), false}; }

} // namespace platen::api
