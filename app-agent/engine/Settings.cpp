// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Settings.h"

#include <base/File.h>
#include <snmp/AddressRange.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

using Duration = Settings::Duration;

template <typename... Functions>
struct Cases : Functions... {
    using Functions::operator()...;
};

struct Unit {
    QLatin1StringView name;
    qint64 ms;
};
constexpr std::array units{
    Unit{"d"_L1, 86'400'000}, Unit{"h"_L1, 3'600'000}, Unit{"min"_L1, 60'000}, Unit{"s"_L1, 1000}, Unit{"ms"_L1, 1}};

/// "15min": the largest unit that needs no fraction.
QString durationText(qint64 ms)
{
    const auto unit = std::ranges::find_if(units, [ms](const Unit& one) { return ms % one.ms == 0; });
    return QString::number(ms / unit->ms) + unit->name;
}

std::optional<Duration> durationFrom(const QString& text)
{
    static const QRegularExpression form(u"^(\\d{1,9}) ?(d|h|min|s|ms)$"_s);
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const auto unit = std::ranges::find(units, match.captured(2), &Unit::name);
    return Duration(match.captured(1).toLongLong() * unit->ms);
}

Status wrong(const QString& what) { return fail(ErrorCode::InvalidInput, what); }

/// Takes values for one key; an error says what the value must be, the caller adds the rest of the sentence.
struct Taker {
    const SettingKey& key;
    const QJsonValue& value;
    Settings& settings;

    Status operator()(QStringList Settings::* member) const
    {
        const Result<QStringList> texts = list();
        if (!texts)
            return fail(texts.error());
        const bool excludes = member == &Settings::exclude;
        for (const QString& text : *texts)
            if (const auto range =
                    excludes ? snmp::AddressRange::parseExclusion(text) : snmp::AddressRange::parse(text);
                !range)
                return fail(range.error());
        settings.*member = *texts;
        return {};
    }

    Status operator()(QList<Secret> Settings::* member) const
    {
        const Result<QStringList> texts = list();
        if (!texts)
            return fail(texts.error());
        QList<Secret> secrets;
        for (const QString& text : *texts) {
            if (text.isEmpty() || text.toUtf8().size() > 255)
                return wrong(u"every community must have 1 to 255 bytes"_s);
            secrets.append(Secret(text.toUtf8()));
        }
        settings.*member = secrets;
        return {};
    }

    Status operator()(int Settings::* member) const
    {
        const double number = value.toDouble(-1);
        if (!value.isDouble() || number != std::floor(number) || number < double(key.least)
            || number > double(key.most))
            return wrong(u"it must be a whole number from %1"_s.arg(rangeText(key)));
        settings.*member = int(number);
        return {};
    }

    Status operator()(Duration Settings::* member) const
    {
        const std::optional<Duration> duration = durationFrom(value.toString());
        if (!duration || duration->count() < key.least || duration->count() > key.most)
            return wrong(u"it must be a duration such as \"%1\", from %2"_s.arg(defaultValueText(), rangeText(key)));
        settings.*member = *duration;
        return {};
    }

    Status operator()(QTime Settings::* member) const
    {
        static const QRegularExpression form(u"^\\d\\d:\\d\\d$"_s);
        const QTime time = QTime::fromString(value.toString(), u"HH:mm"_s);
        if (!time.isValid() || !form.match(value.toString()).hasMatch())
            return wrong(u"it must be a time of day such as \"23:30\""_s);
        settings.*member = time;
        return {};
    }

    Status operator()(QUrl Settings::* member) const
    {
        if (value.isString() && value.toString().isEmpty()) {
            settings.*member = QUrl();
            return {};
        }
        const Result<QUrl> url = serverUrlFrom(value.toString());
        if (!url)
            return fail(url.error());
        settings.*member = *url;
        return {};
    }

    Status operator()(bool Settings::* member) const
    {
        if (!value.isBool())
            return wrong(u"it must be true or false"_s);
        settings.*member = value.toBool();
        return {};
    }

private:
    QString defaultValueText() const { return defaultText(key).remove(u'"'); }

    Result<QStringList> list() const
    {
        const QJsonArray array = value.toArray();
        const bool isText = std::ranges::all_of(array, [](const QJsonValue& entry) { return entry.isString(); });
        if (!value.isArray() || !isText || array.size() < key.least || array.size() > key.most)
            return fail(
                ErrorCode::InvalidInput, u"it must be a list of %1 texts, [\"…\", \"…\"]"_s.arg(rangeText(key)));
        QStringList texts;
        for (const QJsonValue& entry : array)
            texts.append(entry.toString());
        return texts;
    }
};

/// "line 3, column 14" of a place in the text.
QString placeIn(const QByteArray& text, qsizetype offset)
{
    const QByteArray before = text.left(offset);
    const qsizetype line = before.count('\n') + 1;
    const qsizetype column = QString::fromUtf8(before.mid(before.lastIndexOf('\n') + 1)).size() + 1;
    return u"line %1, column %2"_s.arg(line).arg(column);
}

QJsonValue defaultValue(const SettingKey& key)
{
    const Settings defaults;
    const auto texts = [](const QStringList& list) { return QJsonValue(QJsonArray::fromStringList(list)); };
    return std::visit(
        Cases{
            [&](QStringList Settings::* member) { return texts(defaults.*member); },
            [&](int Settings::* member) { return QJsonValue(defaults.*member); },
            [&](QList<Secret> Settings::*) { return texts({u"public"_s}); },
            [&](Duration Settings::* member) { return QJsonValue(durationText((defaults.*member).count())); },
            [&](QTime Settings::* member) { return QJsonValue((defaults.*member).toString(u"HH:mm"_s)); },
            [&](QUrl Settings::* member) { return QJsonValue((defaults.*member).toString()); },
            [&](bool Settings::* member) { return QJsonValue(defaults.*member); },
        },
        key.member);
}

/// One JSON value on one line.
QString jsonText(const QJsonValue& value)
{
    if (value.isArray())
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact)).sliced(1).chopped(1);
}

} // namespace

Result<QUrl> serverUrlFrom(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isWeb = url.scheme() == "https"_L1 || url.scheme() == "http"_L1;
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery()
        || url.hasFragment())
        return fail(
            ErrorCode::InvalidInput, u"it must be the server's address such as \"https://platen.example:8443\""_s);
    return url;
}

Result<Settings> Settings::parse(const QByteArray& text, const QString& file)
{
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorCode::InvalidInput,
            u"%1 is not JSON at %2 (%3): correct it there"_s.arg(
                file, placeIn(text, error.offset), error.errorString()));
    if (!document.isObject())
        return fail(ErrorCode::InvalidInput, u"%1 must hold one JSON object, { \"key\": value, … }"_s.arg(file));

    Settings settings;
    const QJsonObject object = document.object();
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        const auto key = std::ranges::find(settingKeys, entry.key(), &SettingKey::name);
        if (key == settingKeys.end())
            return fail(ErrorCode::InvalidInput,
                u"%1: there is no setting \"%2\": correct its spelling or remove it"_s.arg(file, entry.key()));
        const QJsonValue value = entry.value();
        if (const Status taken = std::visit(Taker{*key, value, settings}, key->member); !taken)
            return fail(
                ErrorCode::InvalidInput, u"%1: \"%2\" is wrong: %3"_s.arg(file, entry.key(), taken.error().detail));
    }
    return settings;
}

Result<Settings> Settings::load(const QString& path)
{
    const Result<QByteArray> text = readFile(path, 1 << 20);
    if (!text && text.error().code == ErrorCode::NotFound)
        return Settings();
    if (!text)
        return fail(text.error());
    return parse(*text, path);
}

QString typeText(const SettingKey& key)
{
    return std::visit(Cases{
                          [](QStringList Settings::*) { return u"list of address ranges"_s; },
                          [](int Settings::*) { return u"whole number"_s; },
                          [](QList<Secret> Settings::*) { return u"list of texts"_s; },
                          [](Duration Settings::*) { return u"duration"_s; },
                          [](QTime Settings::*) { return u"time of day"_s; },
                          [](QUrl Settings::*) { return u"URL"_s; },
                          [](bool Settings::*) { return u"true or false"_s; },
                      },
        key.member);
}

QString defaultText(const SettingKey& key) { return jsonText(defaultValue(key)); }

QString rangeText(const SettingKey& key)
{
    if (std::holds_alternative<Duration Settings::*>(key.member))
        return u"%1 to %2"_s.arg(durationText(key.least), durationText(key.most));
    if (key.least == 0 && key.most == 0)
        return {};
    return u"%1 to %2"_s.arg(key.least).arg(key.most);
}

QByteArray defaultFile()
{
    QStringList lines;
    for (const SettingKey& key : settingKeys)
        lines.append(u"  \"%1\": %2"_s.arg(key.name, jsonText(defaultValue(key))));
    return "{\n" + lines.join(u",\n"_s).toUtf8() + "\n}\n";
}

} // namespace platen::agent
