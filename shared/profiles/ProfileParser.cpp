// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ProfileParser.h"

#include "CheckedJson.h"
#include "Keywords.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

const QStringList sections{u"about"_s, u"makers"_s, u"printer"_s, u"identity"_s, u"rejects"_s, u"deviceTypes"_s,
    u"meters"_s, u"meterTables"_s, u"supplySerialNumbers"_s, u"supplyLevels"_s, u"display"_s, u"misc"_s, u"pages"_s,
    u"references"_s};
const QStringList identityFields{
    u"model"_s, u"serialNumber"_s, u"firmware"_s, u"assetNumber"_s, u"location"_s, u"mac"_s, u"description"_s};
const QStringList deviceTypes{u"printer"_s, u"mfp"_s, u"label"_s, u"plotter"_s, u"scanner"_s, u"printServer"_s};

/// One section of the file after the other; the JSON keeps the first mistake, what is read after it does not matter any more.
class Parser {
public:
    Parser(const QString& file, const QByteArray& bytes)
        : m_file(file)
        , m_json(u"profile"_s, file, bytes)
    {
    }

    Result<Profile> profile()
    {
        const QJsonObject& root = m_json.root();
        m_json.expectKeys(root, u""_s, sections);
        Profile profile;
        profile.id = QFileInfo(m_file).completeBaseName();
        const auto read = [&](const QString& section, auto one, auto& into) {
            m_json.each(root, u""_s, section,
                [&](const QJsonObject& item, const QString& path) { into += (this->*one)(item, path); });
        };
        read(u"makers"_s, &Parser::maker, profile.makers);
        read(u"deviceTypes"_s, &Parser::deviceType, profile.deviceTypes);
        read(u"meters"_s, &Parser::meter, profile.meters);
        read(u"meterTables"_s, &Parser::meterTable, profile.meterTables);
        read(u"supplySerialNumbers"_s, &Parser::supplySerial, profile.supplySerials);
        read(u"supplyLevels"_s, &Parser::supplyLevel, profile.supplyLevels);
        readPrinter(root, profile);
        readIdentity(root, profile);
        profile.display = sources(root, u""_s, u"display"_s);
        const QJsonObject misc = m_json.object(root, u""_s, u"misc"_s);
        for (auto it = misc.begin(); it != misc.end(); ++it)
            profile.misc.insert(it.key(), source(it.value().toObject(), u"misc."_s + it.key()));
        profile.pages = root.value(u"pages"_s);
        checkRemarks(root);
        if (const Status status = m_json.status(); !status)
            return fail(status.error());
        return profile;
    }

private:
    // Words at the start of a text, ended by anything but a letter or a digit.
    QRegularExpression leadingWords(const QJsonObject& parent, const QString& where, const QString& key)
    {
        const QStringList words = m_json.strings(parent, where, key);
        if (words.isEmpty())
            return {};
        const QRegularExpression pattern = m_json.pattern(u"^(?:%1)(?![a-z0-9])[\\s:,_-]*"_s.arg(words.join(u'|')), CheckedJson::below(where, key));
        if (pattern.captureCount() > 0) // all makers' words become one expression, a group each
            m_json.refuse(CheckedJson::below(where, key), u"a group must be written (?:…)"_s);
        return pattern;
    }

    Maker maker(const QJsonObject& item, const QString& where)
    {
        m_json.expectKeys(item, where, {u"name"_s, u"names"_s, u"products"_s, u"sysObjectIds"_s});
        return {m_json.string(item, where, u"name"_s, true), leadingWords(item, where, u"names"_s),
            leadingWords(item, where, u"products"_s), m_json.oids(item, where, u"sysObjectIds"_s)};
    }

    void readPrinter(const QJsonObject& root, Profile& profile)
    {
        const QJsonObject printer = m_json.object(root, u""_s, u"printer"_s);
        m_json.expectKeys(printer, u"printer"_s, {u"sysObjectIds"_s, u"descriptions"_s});
        profile.printerIds = m_json.oids(printer, u"printer"_s, u"sysObjectIds"_s);
        profile.printerDescriptions = m_json.patterns(printer, u"printer"_s, u"descriptions"_s);
    }

    void readIdentity(const QJsonObject& root, Profile& profile)
    {
        const QJsonObject identity = m_json.object(root, u""_s, u"identity"_s);
        m_json.expectKeys(identity, u"identity"_s, identityFields);
        for (const QString& field : identity.keys())
            profile.identity.insert(field, sources(identity, u"identity"_s, field));
        const QJsonObject rejects = m_json.object(root, u""_s, u"rejects"_s);
        m_json.expectKeys(rejects, u"rejects"_s, identityFields);
        for (const QString& field : rejects.keys())
            profile.rejects.insert(field, m_json.patterns(rejects, u"rejects"_s, field));
    }

    DeviceTypeRule deviceType(const QJsonObject& item, const QString& where)
    {
        m_json.expectKeys(item, where, {u"type"_s, u"pattern"_s});
        const QString type = m_json.string(item, where, u"type"_s, true);
        if (!deviceTypes.contains(type))
            m_json.refuse(where + u".type"_s, u"use one of %1"_s.arg(deviceTypes.join(u", "_s)));
        return {type, m_json.pattern(m_json.string(item, where, u"pattern"_s, true), where + u".pattern"_s)};
    }

    QList<ValueSource> sources(const QJsonObject& parent, const QString& where, const QString& key)
    {
        QList<ValueSource> list;
        m_json.each(
            parent, where, key, [&](const QJsonObject& item, const QString& path) { list += source(item, path); });
        return list;
    }

    ValueSource source(const QJsonObject& item, const QString& where, const QStringList& moreKeys = {})
    {
        m_json.expectKeys(item, where,
            QStringList{u"object"_s, u"decode"_s, u"field"_s, u"tag"_s, u"bytes"_s, u"pattern"_s, u"format"_s}
                + moreKeys);
        ValueSource source;
        QString text = m_json.string(item, where, u"object"_s, true);
        source.object.perDevice = text.endsWith(u".D"_s);
        if (source.object.perDevice)
            text.chop(2);
        source.object.oid = m_json.oid(text, where + u".object"_s);
        source.decoding = decoding(item, where);
        source.format = m_json.string(item, where, u"format"_s);
        if (!source.format.isEmpty() && source.format.count("%1"_L1) != 1)
            m_json.refuse(where + u".format"_s, u"%1 must stand in it once"_s);
        return source;
    }

    Decoding decoding(const QJsonObject& item, const QString& where)
    {
        Decoding decoding;
        const QString name = item.contains(u"decode"_s) ? m_json.string(item, where, u"decode"_s) : u"text"_s;
        const auto kind = Decoding::kindFrom(name);
        if (!kind)
            m_json.refuse(where + u".decode"_s, u"there is no decoder '%1'"_s.arg(name));
        decoding.kind = kind.value_or(Decoding::Kind::Text);
        decoding.field = m_json.string(item, where, u"field"_s, kind == Decoding::Kind::DeviceId);
        if (item.contains(u"field"_s) && kind != Decoding::Kind::DeviceId)
            m_json.refuse(where + u".field"_s, u"only the decoder deviceId takes a field"_s);
        if (item.contains(u"tag"_s) != (kind == Decoding::Kind::BrotherRecord))
            m_json.refuse(where + u".tag"_s, u"the decoder brotherRecord, and only it, takes a tag from 0 to 254"_s);
        decoding.tag = static_cast<quint8>(m_json.number(item, where, u"tag"_s, 0, 254, 0));
        if (item.contains(u"bytes"_s) && kind != Decoding::Kind::BrotherRecord)
            m_json.refuse(where + u".bytes"_s, u"only the decoder brotherRecord takes a length"_s);
        decoding.bytes = static_cast<quint8>(m_json.number(item, where, u"bytes"_s, 1, 8, 0));
        if (item.contains(u"pattern"_s))
            decoding.pattern = m_json.pattern(m_json.string(item, where, u"pattern"_s), where + u".pattern"_s);
        return decoding;
    }

    QString meterName(const QString& name, const QString& path)
    {
        if (!meterNames().contains(name))
            m_json.refuse(path, u"there is no meter '%1', use one of %2"_s.arg(name, meterNames().join(u", "_s)));
        return name;
    }

    QString unit(const QJsonObject& item, const QString& where)
    {
        const QString unit = item.contains(u"unit"_s) ? m_json.string(item, where, u"unit"_s) : u"impressions"_s;
        if (!keyword::isCounterUnit(unit))
            m_json.refuse(where + u".unit"_s, u"'%1' is no word of prtMarkerCounterUnit"_s.arg(unit));
        return unit;
    }

    MeterSource meter(const QJsonObject& item, const QString& where)
    {
        m_json.expectKeys(item, where, {u"name"_s, u"unit"_s, u"sources"_s, u"sum"_s});
        return {meterName(m_json.string(item, where, u"name"_s, true), where + u".name"_s), unit(item, where),
            sources(item, where, u"sources"_s), m_json.boolean(item, where, u"sum"_s)};
    }

    MeterTable meterTable(const QJsonObject& item, const QString& where)
    {
        m_json.expectKeys(item, where, {u"label"_s, u"value"_s, u"where"_s, u"unit"_s, u"names"_s});
        MeterTable table;
        table.label = m_json.oid(m_json.string(item, where, u"label"_s, true), where + u".label"_s);
        table.value = m_json.oid(m_json.string(item, where, u"value"_s, true), where + u".value"_s);
        table.unit = unit(item, where);
        const QString filter = where + u".where"_s;
        const QJsonObject rows = m_json.object(item, where, u"where"_s);
        m_json.expectKeys(rows, filter, {u"column"_s, u"is"_s});
        if (!rows.isEmpty()) {
            table.filter = m_json.oid(m_json.string(rows, filter, u"column"_s, true), filter + u".column"_s);
            table.wanted = m_json.strings(rows, filter, u"is"_s);
        }
        const QJsonObject names = m_json.object(item, where, u"names"_s);
        for (auto it = names.begin(); it != names.end(); ++it)
            table.names.insert(
                it.key().toLower(), meterName(it.value().toString(), u"%1.names.%2"_s.arg(where, it.key())));
        if (table.names.isEmpty())
            m_json.refuse(where + u".names"_s, u"a table without names reads nothing"_s);
        return table;
    }

    SupplySerial supplySerial(const QJsonObject& item, const QString& where)
    {
        m_json.expectKeys(item, where, {u"object"_s, u"decode"_s, u"field"_s, u"tag"_s, u"pattern"_s, u"names"_s});
        SupplySerial serial;
        const QString path = where + u".object"_s;
        const QString text = m_json.string(item, where, u"object"_s, true);
        static const QRegularExpression shape(u"^([\\d.]+)\\.(D\\.N|N(?:\\.\\d+)*)$"_s);
        const auto match = shape.match(text);
        if (!match.hasMatch())
            m_json.refuse(path, u"'%1' must end with D.N, N or N.0, N standing for the supply's index"_s.arg(text));
        serial.object = {m_json.oid(match.captured(1), path), match.captured(2)};
        serial.decoding = decoding(item, where);
        if (item.contains(u"names"_s))
            serial.names = m_json.oid(m_json.string(item, where, u"names"_s), where + u".names"_s);
        return serial;
    }

    SupplyLevelSource supplyLevel(const QJsonObject& item, const QString& where)
    {
        SupplyLevelSource level;
        level.source = source(item, where, {u"kinds"_s, u"color"_s, u"divisor"_s});
        level.kinds = m_json.strings(item, where, u"kinds"_s);
        for (const QString& kind : std::as_const(level.kinds)) {
            if (!keyword::isSupplyType(kind))
                m_json.refuse(where + u".kinds"_s, u"'%1' is no word of prtMarkerSuppliesType"_s.arg(kind));
        }
        if (level.kinds.isEmpty())
            m_json.refuse(where + u".kinds"_s, u"name the kinds of supplies it is the level of"_s);
        level.color = m_json.string(item, where, u"color"_s);
        level.divisor = m_json.number(item, where, u"divisor"_s, 1, 1'000'000, 1);
        return level;
    }

    // For people: where the facts of a profile are known from. Nothing reads them, but what is written must make sense.
    void checkRemarks(const QJsonObject& root)
    {
        m_json.string(root, u""_s, u"about"_s);
        const QJsonObject references = m_json.object(root, u""_s, u"references"_s);
        for (const QString& object : references.keys()) {
            m_json.oid(object, u"references."_s + object);
            m_json.string(references, u"references"_s, object, true);
        }
    }

    QString m_file;
    CheckedJson m_json;
};

} // namespace

const QStringList& meterNames()
{
    static const QStringList names{u"total"_s, u"mono"_s, u"color"_s, u"print"_s, u"printMono"_s, u"printColor"_s,
    u"printSingleColor"_s, u"copy"_s, u"copyMono"_s, u"copyColor"_s, u"copySingleColor"_s, u"fax"_s, u"scan"_s,
    u"duplex"_s, u"large"_s};
    return names;
}

Result<Profile> parseProfile(const QString& file, const QByteArray& json) { return Parser(file, json).profile(); }

} // namespace platen::profiles
