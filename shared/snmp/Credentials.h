// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QStringList>

namespace platen::snmp {

enum class Version { V1, V2c, V3 };

/// How to be let in. Which fields count depends on the version.
struct Credentials {
    Version version = Version::V2c;
    Secret community = Secret("public"); ///< v1, v2c
    // v3 (RFC 3414, RFC 3826, RFC 7860), protocols in the forms of authProtocolNames() and privProtocolNames():
    QString user;
    QString authProtocol; ///< empty: none
    Secret authPassphrase;
    QString privProtocol; ///< empty: none
    Secret privPassphrase;
    QString privExtension; ///< how AES-192 and AES-256 lengthen a short key: "Blumenthal" (also when empty) or "Reeder"
    QString contextName; ///< empty with nearly every device

    bool operator==(const Credentials&) const = default;
};

QStringList authProtocolNames(); ///< "MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"
QStringList privProtocolNames(); ///< "DES", "AES-128", "AES-192", "AES-256"
QStringList keyExtensionNames(); ///< "Blumenthal", "Reeder"

/// `given` with every name in its one form (from any case and the usual aliases: SHA, SHA1, SHA256, AES, AES128, AES-256-C …), or
/// InvalidInput with a sentence that says what to change: an unknown protocol, a passphrase under 8 or over 1,024 bytes (RFC 3414
/// §11.2), privacy without authentication, no user, a name over 32 bytes, a community over 255. Never tells a secret.
Result<Credentials> checkedCredentials(Credentials given);

} // namespace platen::snmp
