// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProfileParser.h"

#include "Keywords.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

const QStringList identityFields{
    u"model"_s, u"serialNumber"_s, u"firmware"_s, u"assetNumber"_s, u"location"_s, u"mac"_s, u"description"_s};
const QStringList deviceTypes{u"printer"_s, u"mfp"_s, u"label"_s, u"plotter"_s, u"scanner"_s, u"printServer"_s};
const QStringList meterNames{u"total"_s, u"mono"_s, u"color"_s, u"print"_s, u"printMono"_s, u"printColor"_s,
    u"printSingleColor"_s, u"copy"_s, u"copyMono"_s, u"copyColor"_s, u"copySingleColor"_s, u"fax"_s, u"scan"_s,
    u"duplex"_s, u"large"_s};

/// Keeps the first error; what is read after it does not matter any more.
class Parser {
public:
    explicit Parser(QString file)
        : m_file(std::move(file))
    {
    }

    Result<Profile> profile(const QJsonObject& root)
    {
        expectKeys(root, u""_s,
            {u"makers"_s, u"printer"_s, u"identity"_s, u"rejects"_s, u"deviceTypes"_s, u"meters"_s, u"meterTables"_s,
                u"supplySerialNumbers"_s, u"display"_s, u"misc"_s});
        Profile profile;
        profile.id = QFileInfo(m_file).completeBaseName();
        each(root, u""_s, u"makers"_s,
            [&](const QJsonObject& item, const QString& key) { profile.makers += maker(item, key); });
        readPrinter(root, profile);
        readIdentity(root, profile);
        each(root, u""_s, u"deviceTypes"_s,
            [&](const QJsonObject& item, const QString& key) { profile.deviceTypes += deviceType(item, key); });
        each(root, u""_s, u"meters"_s,
            [&](const QJsonObject& item, const QString& key) { profile.meters += meter(item, key); });
        each(root, u""_s, u"meterTables"_s,
            [&](const QJsonObject& item, const QString& key) { profile.meterTables += meterTable(item, key); });
        profile.supplySerialNumbers = oids(root, u""_s, u"supplySerialNumbers"_s);
        profile.display = sources(root, u""_s, u"display"_s);
        const QJsonObject misc = object(root, u""_s, u"misc"_s);
        for (auto it = misc.begin(); it != misc.end(); ++it)
            profile.misc.insert(it.key(), source(it.value().toObject(), u"misc."_s + it.key()));
        if (!m_error.isEmpty())
            return fail(ErrorCode::InvalidInput, m_error);
        return profile;
    }

private:
    void refuse(const QString& key, const QString& reason)
    {
        if (m_error.isEmpty())
            m_error = u"The profile %1 is wrong at '%2': %3."_s.arg(m_file, key, reason);
    }

    static QString below(const QString& parent, const QString& key)
    {
        return parent.isEmpty() ? key : parent + u'.' + key;
    }

    void expectKeys(const QJsonObject& object, const QString& where, const QStringList& known)
    {
        for (const QString& key : object.keys()) {
            if (!known.contains(key))
                refuse(below(where, key), u"there is no such key, use one of %1"_s.arg(known.join(u", "_s)));
        }
    }

    QString string(const QJsonObject& object, const QString& where, const QString& key, bool needed = false)
    {
        const QJsonValue value = object.value(key);
        if (value.isUndefined() ? needed : !value.isString() || value.toString().isEmpty())
            refuse(below(where, key), u"a text that is not empty must stand here"_s);
        return value.toString();
    }

    QJsonObject object(const QJsonObject& parent, const QString& where, const QString& key)
    {
        const QJsonValue value = parent.value(key);
        if (!value.isUndefined() && !value.isObject())
            refuse(below(where, key), u"an object must stand here"_s);
        return value.toObject();
    }

    QJsonArray array(const QJsonObject& parent, const QString& where, const QString& key)
    {
        const QJsonValue value = parent.value(key);
        if (!value.isUndefined() && !value.isArray())
            refuse(below(where, key), u"a list must stand here"_s);
        return value.toArray();
    }

    template <typename Use>
    void each(const QJsonObject& parent, const QString& where, const QString& key, Use use)
    {
        const QJsonArray items = array(parent, where, key);
        for (qsizetype i = 0; i < items.size(); ++i) {
            const QString path = u"%1[%2]"_s.arg(below(where, key)).arg(i);
            if (!items[i].isObject())
                refuse(path, u"an object must stand here"_s);
            use(items[i].toObject(), path);
        }
    }

    template <typename Use>
    void eachString(const QJsonObject& parent, const QString& where, const QString& key, Use use)
    {
        const QJsonArray items = array(parent, where, key);
        for (qsizetype i = 0; i < items.size(); ++i) {
            const QString path = u"%1[%2]"_s.arg(below(where, key)).arg(i);
            if (!items[i].isString() || items[i].toString().isEmpty())
                refuse(path, u"a text that is not empty must stand here"_s);
            use(items[i].toString(), path);
        }
    }

    snmp::Oid oid(const QString& text, const QString& where)
    {
        const Result<snmp::Oid> parsed = snmp::Oid::parse(text);
        if (!parsed || parsed->size() < 3)
            refuse(where, u"'%1' is no object identifier"_s.arg(text));
        return parsed.value_or(snmp::Oid());
    }

    QList<snmp::Oid> oids(const QJsonObject& parent, const QString& where, const QString& key)
    {
        QList<snmp::Oid> list;
        eachString(parent, where, key, [&](const QString& text, const QString& path) { list += oid(text, path); });
        return list;
    }

    QRegularExpression pattern(const QString& text, const QString& where)
    {
        QRegularExpression expression(
            text, QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
        if (!expression.isValid())
            refuse(where, u"'%1' is no regular expression (%2)"_s.arg(text, expression.errorString()));
        expression.optimize();
        return expression;
    }

    QList<QRegularExpression> patterns(const QJsonObject& parent, const QString& where, const QString& key)
    {
        QList<QRegularExpression> list;
        eachString(parent, where, key, [&](const QString& text, const QString& path) { list += pattern(text, path); });
        return list;
    }

    // Words at the start of a text, ended by anything but a letter or a digit.
    QRegularExpression leadingWords(const QJsonObject& parent, const QString& where, const QString& key)
    {
        QStringList words;
        eachString(parent, where, key, [&](const QString& text, const QString&) { words += text; });
        return words.isEmpty() ? QRegularExpression()
                               : pattern(u"^(?:%1)(?![a-z0-9])[\\s:,_-]*"_s.arg(words.join(u'|')), below(where, key));
    }

    Maker maker(const QJsonObject& item, const QString& where)
    {
        expectKeys(item, where, {u"name"_s, u"names"_s, u"products"_s, u"sysObjectIds"_s});
        return {string(item, where, u"name"_s, true), leadingWords(item, where, u"names"_s),
            leadingWords(item, where, u"products"_s), oids(item, where, u"sysObjectIds"_s)};
    }

    void readPrinter(const QJsonObject& root, Profile& profile)
    {
        const QJsonObject printer = object(root, u""_s, u"printer"_s);
        expectKeys(printer, u"printer"_s, {u"sysObjectIds"_s, u"descriptions"_s});
        profile.printerIds = oids(printer, u"printer"_s, u"sysObjectIds"_s);
        profile.printerDescriptions = patterns(printer, u"printer"_s, u"descriptions"_s);
    }

    void readIdentity(const QJsonObject& root, Profile& profile)
    {
        const QJsonObject identity = object(root, u""_s, u"identity"_s);
        expectKeys(identity, u"identity"_s, identityFields);
        for (const QString& field : identity.keys())
            profile.identity.insert(field, sources(identity, u"identity"_s, field));
        const QJsonObject rejects = object(root, u""_s, u"rejects"_s);
        expectKeys(rejects, u"rejects"_s, identityFields);
        for (const QString& field : rejects.keys())
            profile.rejects.insert(field, patterns(rejects, u"rejects"_s, field));
    }

    DeviceTypeRule deviceType(const QJsonObject& item, const QString& where)
    {
        expectKeys(item, where, {u"type"_s, u"pattern"_s});
        const QString type = string(item, where, u"type"_s, true);
        if (!deviceTypes.contains(type))
            refuse(below(where, u"type"_s), u"use one of %1"_s.arg(deviceTypes.join(u", "_s)));
        return {type, pattern(string(item, where, u"pattern"_s, true), below(where, u"pattern"_s))};
    }

    QList<ValueSource> sources(const QJsonObject& parent, const QString& where, const QString& key)
    {
        QList<ValueSource> list;
        each(parent, where, key, [&](const QJsonObject& item, const QString& path) { list += source(item, path); });
        return list;
    }

    ValueSource source(const QJsonObject& item, const QString& where)
    {
        expectKeys(item, where, {u"object"_s, u"decode"_s, u"field"_s, u"tag"_s, u"pattern"_s, u"format"_s});
        ValueSource source;
        QString text = string(item, where, u"object"_s, true);
        source.object.perDevice = text.endsWith(u".D"_s);
        if (source.object.perDevice)
            text.chop(2);
        source.object.oid = oid(text, below(where, u"object"_s));
        const QString decoder = item.contains(u"decode"_s) ? string(item, where, u"decode"_s) : u"text"_s;
        const auto kind = Decoding::kindFrom(decoder);
        if (!kind)
            refuse(below(where, u"decode"_s), u"there is no decoder '%1'"_s.arg(decoder));
        source.decoding.kind = kind.value_or(Decoding::Kind::Text);
        source.decoding.field = string(item, where, u"field"_s, kind == Decoding::Kind::DeviceId);
        if (item.contains(u"field"_s) && kind != Decoding::Kind::DeviceId)
            refuse(below(where, u"field"_s), u"only the decoder deviceId takes a field"_s);
        readTag(item, where, source.decoding);
        source.format = string(item, where, u"format"_s);
        if (!source.format.isEmpty() && source.format.count("%1"_L1) != 1)
            refuse(below(where, u"format"_s), u"%1 must stand in it once"_s);
        if (item.contains(u"pattern"_s))
            source.decoding.pattern = pattern(string(item, where, u"pattern"_s), below(where, u"pattern"_s));
        return source;
    }

    void readTag(const QJsonObject& item, const QString& where, Decoding& decoding)
    {
        const bool needed = decoding.kind == Decoding::Kind::BrotherRecord;
        const double tag = item.value(u"tag"_s).toDouble(-1);
        if (needed ? tag < 0 || tag > 254 || tag != std::floor(tag) : item.contains(u"tag"_s))
            refuse(below(where, u"tag"_s), u"the decoder brotherRecord, and only it, takes a tag from 0 to 254"_s);
        else if (needed)
            decoding.tag = static_cast<quint8>(tag);
    }

    QString meterName(const QString& name, const QString& where)
    {
        if (!meterNames.contains(name))
            refuse(where, u"there is no meter '%1', use one of %2"_s.arg(name, meterNames.join(u", "_s)));
        return name;
    }

    QString unit(const QJsonObject& item, const QString& where)
    {
        const QString unit = item.contains(u"unit"_s) ? string(item, where, u"unit"_s) : u"impressions"_s;
        if (!keyword::isCounterUnit(unit))
            refuse(below(where, u"unit"_s), u"'%1' is no word of prtMarkerCounterUnit"_s.arg(unit));
        return unit;
    }

    MeterSource meter(const QJsonObject& item, const QString& where)
    {
        expectKeys(item, where, {u"name"_s, u"unit"_s, u"sources"_s, u"sum"_s});
        if (item.contains(u"sum"_s) && !item.value(u"sum"_s).isBool())
            refuse(below(where, u"sum"_s), u"true or false must stand here"_s);
        return {meterName(string(item, where, u"name"_s, true), below(where, u"name"_s)), unit(item, where),
            sources(item, where, u"sources"_s), item.value(u"sum"_s).toBool()};
    }

    MeterTable meterTable(const QJsonObject& item, const QString& where)
    {
        expectKeys(item, where, {u"label"_s, u"value"_s, u"unit"_s, u"names"_s});
        MeterTable table{oid(string(item, where, u"label"_s, true), below(where, u"label"_s)),
            oid(string(item, where, u"value"_s, true), below(where, u"value"_s)), unit(item, where), {}};
        const QJsonObject names = object(item, where, u"names"_s);
        for (auto it = names.begin(); it != names.end(); ++it)
            table.names.insert(
                it.key().toLower(), meterName(it.value().toString(), u"%1.names.%2"_s.arg(where, it.key())));
        if (table.names.isEmpty())
            refuse(below(where, u"names"_s), u"a table without names reads nothing"_s);
        return table;
    }

    QString m_file;
    QString m_error;
};

} // namespace

Result<Profile> parseProfile(const QString& file, const QByteArray& json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject()) {
        const QString reason = error.error == QJsonParseError::NoError
            ? u"it holds no object"_s
            : u"%1 at byte %2"_s.arg(error.errorString()).arg(error.offset);
        return fail(ErrorCode::InvalidInput, u"The profile %1 is not JSON: %2."_s.arg(file, reason));
    }
    return Parser(file).profile(document.object());
}

} // namespace platen::profiles
