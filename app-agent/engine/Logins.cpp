// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Logins.h"

#include <crypto/Crypto.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype keySize = 8;

/// Everything of them that decides whether a device lets them in.
Secret contentOf(const snmp::Credentials& given)
{
    QByteArray content(1, char(given.version));
    for (const QByteArray& part :
        {given.version == snmp::Version::V3 ? QByteArray() : given.community.reveal(), given.user.toUtf8(),
            given.authProtocol.toUtf8(), given.authPassphrase.reveal(), given.privProtocol.toUtf8(),
            given.privPassphrase.reveal(), given.privExtension.toUtf8(), given.contextName.toUtf8()})
        content += crypto::lv(part);
    return Secret(std::move(content));
}

QByteArray keyOf(const snmp::Credentials& credentials, const Secret& salt)
{
    return crypto::hmacSha256(salt, contentOf(credentials).reveal()).first(keySize);
}

} // namespace

snmp::Credentials Login::asV1() const
{
    snmp::Credentials old = credentials;
    old.version = snmp::Version::V1;
    return old;
}

Logins::Logins(const Settings& settings, const Secret& salt)
{
    for (const NamedCredentials& entry : settings.credentials)
        m_logins.append({entry.name, entry.credentials, false, keyOf(entry.credentials, salt)});
    int number = 0;
    for (const Secret& community : settings.communities) {
        snmp::Credentials credentials;
        credentials.community = community;
        m_logins.append({u"community %1"_s.arg(++number), credentials, true, keyOf(credentials, salt)});
    }
}

int Logins::indexOf(const QByteArray& key) const
{
    const auto found = std::ranges::find(m_logins, key, &Login::key);
    return found == m_logins.end() ? -1 : int(found - m_logins.begin());
}

int Logins::indexOfName(const QString& name) const
{
    const auto found = std::ranges::find(m_logins, name, &Login::name);
    return found == m_logins.end() ? -1 : int(found - m_logins.begin());
}

} // namespace platen::agent
