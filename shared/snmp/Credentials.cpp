// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Credentials.h"

using namespace Qt::StringLiterals;

namespace platen::snmp {

namespace {

constexpr qsizetype shortestPassphrase = 8; // RFC 3414 §11.2
constexpr qsizetype longestPassphrase = 1024;
constexpr qsizetype longestName = 32; // RFC 3414 §2.4: msgUserName
constexpr qsizetype longestContext = 255;
constexpr qsizetype longestCommunityBytes = 255;

/// Letters and digits only, in capitals: "sha-256" and "SHA_256" are the same word.
QString bare(const QString& name)
{
    QString letters;
    for (const QChar c : name) {
        if (c.isLetterOrNumber())
            letters += c.toUpper();
    }
    return letters;
}

/// The one of `names` that is meant, after the aliases that devices and other programs use.
Result<QString> named(const QString& given, const QStringList& names, const QString& what, const QString& bareName)
{
    for (const QString& name : names) {
        if (bare(name) == bareName)
            return name;
    }
    return fail(ErrorCode::InvalidInput, u"\"%1\" is no %2; give one of %3"_s.arg(given, what, names.join(", "_L1)));
}

Status checkPassphrase(const Secret& passphrase, const QString& what)
{
    if (passphrase.size() < shortestPassphrase)
        return fail(ErrorCode::InvalidInput,
            u"the %1 passphrase has fewer than %2 characters, which SNMPv3 does not allow; give the one that is set on the devices"_s
                .arg(what)
                .arg(shortestPassphrase));
    if (passphrase.size() > longestPassphrase)
        return fail(ErrorCode::InvalidInput,
            u"the %1 passphrase is longer than %2 bytes; give the one that is set on the devices"_s.arg(what).arg(
                longestPassphrase));
    return {};
}

Status checkAuthentication(Credentials& credentials)
{
    if (credentials.authProtocol.isEmpty()) {
        if (!credentials.authPassphrase.isEmpty())
            return fail(ErrorCode::InvalidInput,
                u"there is an authentication passphrase but no authentication protocol; give one of %1"_s.arg(
                    authProtocolNames().join(", "_L1)));
        return {};
    }
    QString meant = bare(credentials.authProtocol);
    for (const QString& prefix : {u"HMAC"_s, u"USMHMAC"_s})
        meant = meant.startsWith(prefix) ? meant.sliced(prefix.size()) : meant;
    const Result<QString> name = named(credentials.authProtocol, authProtocolNames(), u"authentication protocol"_s,
        meant == "SHA"_L1 ? u"SHA1"_s : meant);
    if (!name)
        return fail(name.error());
    credentials.authProtocol = *name;
    return checkPassphrase(credentials.authPassphrase, u"authentication"_s);
}

/// Takes the key extension off names like "AES-256-C", "AES256Cisco" or "AES-192-Reeder".
QString withoutExtension(QString meant, QString& extension)
{
    for (const auto& [suffix, form] : {std::pair("CISCO"_L1, "Reeder"_L1), std::pair("REEDER"_L1, "Reeder"_L1),
             std::pair("BLUMENTHAL"_L1, "Blumenthal"_L1), std::pair("C"_L1, "Reeder"_L1)}) {
        if (meant.startsWith("AES"_L1) && meant.endsWith(suffix)) {
            meant.chop(suffix.size());
            if (extension.isEmpty())
                extension = form;
            break;
        }
    }
    return meant;
}

Status checkPrivacy(Credentials& credentials)
{
    if (credentials.privProtocol.isEmpty()) {
        if (!credentials.privPassphrase.isEmpty())
            return fail(ErrorCode::InvalidInput,
                u"there is a privacy passphrase but no privacy protocol; give one of %1"_s.arg(
                    privProtocolNames().join(", "_L1)));
        credentials.privExtension.clear();
        return {};
    }
    if (credentials.authProtocol.isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"privacy needs authentication; give an authentication protocol and passphrase too"_s);
    const QString meant = withoutExtension(bare(credentials.privProtocol), credentials.privExtension);
    const Result<QString> name = named(
        credentials.privProtocol, privProtocolNames(), u"privacy protocol"_s, meant == "AES"_L1 ? u"AES128"_s : meant);
    if (!name)
        return fail(name.error());
    credentials.privProtocol = *name;
    if (!credentials.privExtension.isEmpty()) {
        const Result<QString> extension = named(credentials.privExtension, keyExtensionNames(), u"key extension"_s,
            bare(credentials.privExtension) == "CISCO"_L1 ? u"REEDER"_s : bare(credentials.privExtension));
        if (!extension)
            return fail(extension.error());
        credentials.privExtension = *extension;
    }
    return checkPassphrase(credentials.privPassphrase, u"privacy"_s);
}

} // namespace

QStringList authProtocolNames()
{
    return {u"MD5"_s, u"SHA-1"_s, u"SHA-224"_s, u"SHA-256"_s, u"SHA-384"_s, u"SHA-512"_s};
}

QStringList privProtocolNames() { return {u"DES"_s, u"AES-128"_s, u"AES-192"_s, u"AES-256"_s}; }

QStringList keyExtensionNames() { return {u"Blumenthal"_s, u"Reeder"_s}; }

Result<Credentials> checkedCredentials(Credentials given)
{
    if (given.version != Version::V3) {
        if (given.community.isEmpty() || given.community.size() > longestCommunityBytes)
            return fail(ErrorCode::InvalidInput,
                u"a community has 1 to %1 bytes; give the one that is set on the devices, often \"public\""_s.arg(
                    longestCommunityBytes));
        return given;
    }
    if (given.user.isEmpty())
        return fail(ErrorCode::InvalidInput, u"SNMPv3 needs a user name; give the one that is set on the devices"_s);
    if (given.user.toUtf8().size() > longestName)
        return fail(ErrorCode::InvalidInput,
            u"the SNMPv3 user name \"%1\" is longer than %2 bytes"_s.arg(given.user).arg(longestName));
    if (given.contextName.toUtf8().size() > longestContext)
        return fail(ErrorCode::InvalidInput, u"the SNMPv3 context name is longer than %1 bytes"_s.arg(longestContext));
    if (const Status checked = checkAuthentication(given); !checked)
        return fail(checked.error());
    if (const Status checked = checkPrivacy(given); !checked)
        return fail(checked.error());
    return given;
}

} // namespace platen::snmp
