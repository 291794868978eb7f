// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "RangeSetting.h"

#include <snmp/AddressRange.h>

#include <QJsonArray>
#include <QJsonObject>

#include <cmath>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype mostOfARange = 1000;

Result<QStringList> namesIn(const QJsonValue& value, const QString& key)
{
    QStringList texts;
    for (const QJsonValue& entry : value.toArray())
        texts.append(entry.toString());
    if (!value.isArray() || texts.isEmpty() || texts.size() > mostOfARange || texts.contains(QString()))
        return fail(ErrorCode::InvalidInput, u"\"%1\" of a range must be a list of texts, [\"…\", \"…\"]"_s.arg(key));
    return texts;
}

Status take(const QString& key, const QJsonValue& value, RangeSetting& setting)
{
    if (key == "range"_L1) {
        setting.range = value.toString();
        return {};
    }
    if (key == "port"_L1) {
        const double port = value.toDouble(-1);
        if (port < 1 || port > 65535 || port != std::floor(port))
            return fail(ErrorCode::InvalidInput, u"\"port\" of a range must be a whole number from 1 to 65535"_s);
        setting.port = int(port);
        return {};
    }
    if (key != "credentials"_L1 && key != "exclude"_L1)
        return fail(ErrorCode::InvalidInput, u"a range has no \"%1\": correct its spelling or remove it"_s.arg(key));
    const Result<QStringList> names = namesIn(value, key);
    if (!names)
        return fail(names.error());
    (key == "exclude"_L1 ? setting.exclude : setting.credentials) = *names;
    return {};
}

} // namespace

Result<RangeSetting> rangeSettingFrom(const QJsonValue& entry)
{
    RangeSetting setting;
    if (!entry.isString() && !entry.isObject())
        return fail(ErrorCode::InvalidInput, u"every range must be a text such as \"10.0.0.0/24\" or an object such as "
                                             u"{\"range\": \"10.0.0.0/24\", \"port\": 1161}"_s);
    if (entry.isString())
        setting.range = entry.toString();
    const QJsonObject object = entry.toObject();
    for (auto member = object.begin(); member != object.end(); ++member)
        if (const Status taken = take(member.key(), member.value(), setting); !taken)
            return fail(taken.error());
    if (const auto range = snmp::AddressRange::parse(setting.range); !range)
        return fail(range.error());
    for (const QString& text : std::as_const(setting.exclude))
        if (const auto range = snmp::AddressRange::parseExclusion(text); !range)
            return fail(range.error());
    return setting;
}

QJsonValue toJson(const RangeSetting& setting)
{
    if (setting.isPlain())
        return setting.range;
    QJsonObject object{{u"range"_s, setting.range}};
    if (setting.port)
        object.insert(u"port"_s, *setting.port);
    if (!setting.credentials.isEmpty())
        object.insert(u"credentials"_s, QJsonArray::fromStringList(setting.credentials));
    if (!setting.exclude.isEmpty())
        object.insert(u"exclude"_s, QJsonArray::fromStringList(setting.exclude));
    return object;
}

} // namespace platen::agent
