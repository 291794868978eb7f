// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <snmp/Engine.h>

#include <QJsonObject>

namespace platen::agent {

/// One entry of "credentials" in agent.json: SNMP v1, v2c or v3, by a name that ranges and people refer to.
struct NamedCredentials {
    QString name;
    snmp::Credentials credentials;

    bool operator==(const NamedCredentials&) const = default;
};

/// From {"name": …, "version": "v1" or "v2c", "community": …} or {"name": …, "version": "v3", "user": …, "auth": …,
/// "authPassphrase": …, "priv": …, "privPassphrase": …, "privExtension": …, "context": …}. Fails with InvalidInput; the
/// sentence names the entry and never repeats a secret.
Result<NamedCredentials> credentialsFrom(const QJsonValue& entry);

/// The entry as agent.json has it, every secret as dots.
QJsonObject withSecretsHidden(const NamedCredentials& entry);

/// A community as agent.json and the command line take it: 1 to 255 bytes.
bool isCommunity(const QByteArray& text);

} // namespace platen::agent
