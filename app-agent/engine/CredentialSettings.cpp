// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CredentialSettings.h"

#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype longestText = 1024;
const QString hidden = u"••••"_s;

std::unexpected<Error> refused(const QString& what) { return fail(ErrorCode::InvalidInput, what); }

const QSet<QString>& keysOf(snmp::Version version)
{
    static const QSet<QString> community{u"name"_s, u"version"_s, u"community"_s};
    static const QSet<QString> user{u"name"_s, u"version"_s, u"user"_s, u"auth"_s, u"authPassphrase"_s, u"priv"_s,
        u"privPassphrase"_s, u"privExtension"_s, u"context"_s};
    return version == snmp::Version::V3 ? user : community;
}

std::optional<snmp::Version> versionFrom(const QString& text)
{
    if (text == "v1"_L1)
        return snmp::Version::V1;
    if (text == "v2c"_L1)
        return snmp::Version::V2c;
    return text == "v3"_L1 ? std::optional(snmp::Version::V3) : std::nullopt;
}

/// Every member is a text that this version knows.
Status checkKeys(const QJsonObject& object, snmp::Version version)
{
    for (auto member = object.begin(); member != object.end(); ++member) {
        if (!keysOf(version).contains(member.key()))
            return refused(u"it has no \"%1\": correct its spelling or remove it"_s.arg(member.key()));
        if (!member.value().isString() || member.value().toString().toUtf8().size() > longestText)
            return refused(u"\"%1\" must be a text of at most %2 bytes"_s.arg(member.key()).arg(longestText));
    }
    return {};
}

Result<snmp::Credentials> communityFrom(const QJsonObject& object, snmp::Version version)
{
    snmp::Credentials credentials;
    credentials.version = version;
    credentials.community = Secret(object[u"community"].toString().toUtf8());
    if (!isCommunity(credentials.community.reveal()))
        return refused(u"\"community\" must have 1 to 255 bytes"_s);
    return snmp::checkedCredentials(credentials);
}

Result<snmp::Credentials> userFrom(const QJsonObject& object)
{
    snmp::Credentials credentials;
    credentials.version = snmp::Version::V3;
    credentials.community = {};
    credentials.user = object[u"user"].toString();
    credentials.authProtocol = object[u"auth"].toString();
    credentials.authPassphrase = Secret(object[u"authPassphrase"].toString().toUtf8());
    credentials.privProtocol = object[u"priv"].toString();
    credentials.privPassphrase = Secret(object[u"privPassphrase"].toString().toUtf8());
    credentials.privExtension = object[u"privExtension"].toString();
    credentials.contextName = object[u"context"].toString();
    return snmp::checkedCredentials(credentials);
}

Result<snmp::Credentials> contentOf(const QJsonObject& object)
{
    const auto version = versionFrom(object[u"version"].toString());
    if (!version)
        return refused(u"\"version\" must be \"v1\", \"v2c\" or \"v3\""_s);
    if (const Status fine = checkKeys(object, *version); !fine)
        return fail(fine.error());
    return *version == snmp::Version::V3 ? userFrom(object) : communityFrom(object, *version);
}

} // namespace

bool isCommunity(const QByteArray& text) { return !text.isEmpty() && text.size() <= 255; }

Result<NamedCredentials> credentialsFrom(const QJsonValue& entry)
{
    static const QRegularExpression form(u"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"_s);
    const QJsonObject object = entry.toObject();
    const QString name = object[u"name"].toString();
    if (!entry.isObject() || !form.match(name).hasMatch())
        return refused(u"every entry must be an object with a \"name\" of letters, digits, \".\", \"-\" and \"_\", such as "
                       u"{\"name\": \"office\", \"version\": \"v2c\", \"community\": \"…\"}"_s);
    const Result<snmp::Credentials> content = contentOf(object);
    if (!content)
        return refused(u"\"%1\": %2"_s.arg(name, content.error().detail));
    return NamedCredentials{name, *content};
}

QJsonObject withSecretsHidden(const NamedCredentials& entry)
{
    const snmp::Credentials& given = entry.credentials;
    QJsonObject object{{u"name"_s, entry.name}};
    if (given.version != snmp::Version::V3) {
        object.insert(u"version"_s, given.version == snmp::Version::V1 ? u"v1"_s : u"v2c"_s);
        object.insert(u"community"_s, hidden);
        return object;
    }
    const auto put = [&](const QString& key, const QString& value) {
        if (!value.isEmpty())
            object.insert(key, value);
    };
    put(u"version"_s, u"v3"_s);
    put(u"user"_s, given.user);
    put(u"auth"_s, given.authProtocol);
    put(u"authPassphrase"_s, given.authPassphrase.isEmpty() ? QString() : hidden);
    put(u"priv"_s, given.privProtocol);
    put(u"privPassphrase"_s, given.privPassphrase.isEmpty() ? QString() : hidden);
    put(u"privExtension"_s, given.privExtension);
    put(u"context"_s, given.contextName);
    return object;
}

} // namespace platen::agent
