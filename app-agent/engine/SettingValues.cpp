// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SettingValues.h"

#include "SettingsFile.h"

#include <snmp/AddressRange.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
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

struct MaskKey {
    QLatin1StringView name;
    bool Mask::* member;
};
constexpr std::array maskKeys{MaskKey{"address"_L1, &Mask::address}, MaskKey{"hostName"_L1, &Mask::hostName},
    MaskKey{"location"_L1, &Mask::location}};

/// "15min": the largest unit that needs no fraction.
QString durationText(qint64 ms)
{
    const auto unit = std::ranges::find_if(units, [ms](const Unit& one) { return ms % one.ms == 0; });
    return QString::number(ms / unit->ms) + (ms == 0 ? "s"_L1 : unit->name);
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

/// Takes the value of one key; what is wrong is said behind the key's name.
struct Taker {
    const SettingKey& key;
    const QJsonValue& value;
    Settings& settings;

    QStringList operator()(QList<RangeSetting> Settings::* member) const
    {
        return takeList(member, &rangeSettingFrom);
    }

    QStringList operator()(QList<NamedCredentials> Settings::* member) const
    {
        return takeList(member, &credentialsFrom);
    }

    QStringList operator()(QStringList Settings::* member) const
    {
        return takeList(member, [](const QJsonValue& entry) -> Result<QString> {
            const auto range = snmp::AddressRange::parseExclusion(entry.toString());
            if (!range)
                return fail(range.error());
            return entry.toString();
        });
    }

    QStringList operator()(QList<Secret> Settings::* member) const
    {
        return takeList(member, [](const QJsonValue& entry) -> Result<Secret> {
            if (!entry.isString() || !isCommunity(entry.toString().toUtf8()))
                return fail(ErrorCode::InvalidInput, u"every community must be a text of 1 to 255 bytes"_s);
            return Secret(entry.toString().toUtf8());
        });
    }

    QStringList operator()(int Settings::* member) const
    {
        const double number = value.toDouble(-1);
        if (!value.isDouble() || number != std::floor(number) || number < double(key.least)
            || number > double(key.most))
            return {u"it must be a whole number from %1"_s.arg(rangeText(key))};
        settings.*member = int(number);
        return {};
    }

    QStringList operator()(Duration Settings::* member) const
    {
        const std::optional<Duration> duration = durationFrom(value.toString());
        if (!duration || duration->count() < key.least || duration->count() > key.most)
            return {u"it must be a duration such as %1, from %2"_s.arg(defaultText(key), rangeText(key))};
        settings.*member = *duration;
        return {};
    }

    QStringList operator()(QTime Settings::* member) const
    {
        static const QRegularExpression form(u"^\\d\\d:\\d\\d$"_s);
        const QTime time = QTime::fromString(value.toString(), u"HH:mm"_s);
        if (!time.isValid() || !form.match(value.toString()).hasMatch())
            return {u"it must be a time of day such as \"23:30\""_s};
        settings.*member = time;
        return {};
    }

    QStringList operator()(QUrl Settings::* member) const
    {
        if (value.isString() && value.toString().isEmpty()) {
            settings.*member = QUrl();
            return {};
        }
        const Result<QUrl> url = serverUrlFrom(value.toString());
        if (!url)
            return {url.error().detail};
        settings.*member = *url;
        return {};
    }

    QStringList operator()(QString Settings::* member) const
    {
        const QString path = value.toString();
        if (!value.isString() || !(path.isEmpty() || QDir::isAbsolutePath(path)))
            return {u"it must be the whole path of a folder, such as \"/etc/platen/profiles\""_s};
        settings.*member = path;
        return {};
    }

    QStringList operator()(bool Settings::* member) const
    {
        if (!value.isBool())
            return {u"it must be true or false"_s};
        settings.*member = value.toBool();
        return {};
    }

    QStringList operator()(channel::Proxy Settings::* member) const
    {
        const Result<channel::Proxy> proxy = channel::Proxy::from(value.toString());
        if (!proxy)
            return {proxy.error().detail};
        settings.*member = *proxy;
        return {};
    }

    QStringList operator()(Secret Settings::* member) const
    {
        if (!value.isString() || value.toString().toUtf8().size() > 255)
            return {u"it must be a text of at most 255 bytes"_s};
        settings.*member = Secret(value.toString().toUtf8());
        return {};
    }

    QStringList operator()(Mask Settings::* member) const
    {
        if (!value.isObject())
            return {u"it must be an object such as %1"_s.arg(defaultText(key))};
        QStringList problems;
        const QJsonObject object = value.toObject();
        for (auto entry = object.begin(); entry != object.end(); ++entry) {
            const auto known = std::ranges::find(maskKeys, entry.key(), &MaskKey::name);
            if (known == maskKeys.end())
                problems.append(u"there is no mask \"%1\": there are address, hostName and location"_s.arg(entry.key()));
            else if (!entry.value().isBool())
                problems.append(u"\"%1\" must be true or false"_s.arg(entry.key()));
            else
                settings.*member.*(known->member) = entry.value().toBool();
        }
        return problems;
    }

private:
    /// Every entry that is wrong is told; none is taken then.
    template <typename Entry, typename Read>
    QStringList takeList(QList<Entry> Settings::* member, Read read) const
    {
        const QJsonArray array = value.toArray();
        if (!value.isArray() || array.size() < key.least || array.size() > key.most)
            return {u"it must be a list of %1 entries, […, …]"_s.arg(rangeText(key))};
        QStringList problems;
        QList<Entry> entries;
        for (const QJsonValue& one : array) {
            const Result<Entry> entry = read(one);
            if (entry)
                entries.append(*entry);
            else
                problems.append(entry.error().detail);
        }
        if (problems.isEmpty())
            settings.*member = entries;
        return problems;
    }
};

QJsonObject maskObject(const Mask& mask)
{
    QJsonObject object;
    for (const MaskKey& key : maskKeys)
        object.insert(key.name, mask.*key.member);
    return object;
}

template <typename List, typename Write>
QJsonArray arrayOf(const List& list, Write write)
{
    QJsonArray array;
    for (const auto& entry : list)
        array.append(write(entry));
    return array;
}

} // namespace

QStringList takeSetting(const SettingKey& key, const QJsonValue& value, Settings& settings)
{
    return std::visit(Taker{key, value, settings}, key.member);
}

QJsonValue valueOf(const SettingKey& key, const Settings& settings)
{
    return std::visit(
        Cases{
            [&](QList<RangeSetting> Settings::* member) { return QJsonValue(arrayOf(settings.*member, &toJson)); },
            [&](QStringList Settings::* member) { return QJsonValue(QJsonArray::fromStringList(settings.*member)); },
            [&](int Settings::* member) { return QJsonValue(settings.*member); },
            [&](QList<NamedCredentials> Settings::* member) {
                return QJsonValue(arrayOf(settings.*member, &withSecretsHidden));
            },
            [&](QList<Secret> Settings::* member) {
                return QJsonValue(arrayOf(settings.*member, [](const Secret& community) {
                    return community == Secret("public") ? u"public"_s : u"••••"_s;
                }));
            },
            [&](Duration Settings::* member) { return QJsonValue(durationText((settings.*member).count())); },
            [&](QTime Settings::* member) { return QJsonValue((settings.*member).toString(u"HH:mm"_s)); },
            [&](QUrl Settings::* member) { return QJsonValue((settings.*member).toString()); },
            [&](bool Settings::* member) { return QJsonValue(settings.*member); },
            [&](QString Settings::* member) { return QJsonValue(settings.*member); },
            [&](Mask Settings::* member) { return QJsonValue(maskObject(settings.*member)); },
            [&](channel::Proxy Settings::* member) { return QJsonValue((settings.*member).text()); },
            [&](Secret Settings::* member) { return QJsonValue((settings.*member).isEmpty() ? QString() : u"••••"_s); },
        },
        key.member);
}

QString jsonText(const QJsonValue& value)
{
    const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(text).sliced(1).chopped(1);
}

QString typeText(const SettingKey& key)
{
    return std::visit(Cases{
                          [](QList<RangeSetting> Settings::*) { return u"list of ranges"_s; },
                          [](QStringList Settings::*) { return u"list of address ranges"_s; },
                          [](int Settings::*) { return u"whole number"_s; },
                          [](QList<NamedCredentials> Settings::*) { return u"list of credentials"_s; },
                          [](QList<Secret> Settings::*) { return u"list of texts"_s; },
                          [](Duration Settings::*) { return u"duration"_s; },
                          [](QTime Settings::*) { return u"time of day"_s; },
                          [](QUrl Settings::*) { return u"URL"_s; },
                          [](bool Settings::*) { return u"true or false"_s; },
                          [](QString Settings::*) { return u"folder"_s; },
                          [](Mask Settings::*) { return u"masks"_s; },
                          [](channel::Proxy Settings::*) { return u"proxy"_s; },
                          [](Secret Settings::*) { return u"text"_s; },
                      },
        key.member);
}

QString rangeText(const SettingKey& key)
{
    if (std::holds_alternative<Duration Settings::*>(key.member))
        return u"%1 to %2"_s.arg(durationText(key.least), durationText(key.most));
    if (key.least == 0 && key.most == 0)
        return {};
    return u"%1 to %2"_s.arg(key.least).arg(key.most);
}

} // namespace platen::agent
