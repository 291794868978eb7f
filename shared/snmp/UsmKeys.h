// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Credentials.h"

#include <QByteArrayView>
#include <QList>

namespace platen::snmp {

enum class AuthProtocol { None, Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };
enum class PrivProtocol { None, Des, Aes128, Aes192, Aes256 };
enum class KeyExtension { Blumenthal, Reeder };

/// The keys of one user at one engine. Empty where the protocol is None.
struct UsmKeys {
    AuthProtocol auth = AuthProtocol::None;
    PrivProtocol priv = PrivProtocol::None;
    Secret authKey;
    Secret privKey; ///< of DES: the key and the pre-IV, 16 bytes
};

AuthProtocol authProtocolOf(const Credentials& checked);
PrivProtocol privProtocolOf(const Credentials& checked);

/// A passphrase made into a key (RFC 3414 §A.2: a hash over 1 MiB, some milliseconds). Of the digest's length.
Secret masterKey(AuthProtocol protocol, const Secret& passphrase);

/// A key that is good at one engine only (RFC 3414 §2.6). `engineId` must not be empty.
Secret localizedKey(AuthProtocol protocol, const Secret& masterKey, QByteArrayView engineId);

/// A localized key as the cipher wants it: cut (RFC 3826 §1.2), or lengthened in one of the two forms in use where the digest is
/// too short (draft-blumenthal-aes-usm-04 §3.1.2, draft-reeder-snmpv3-usm-3desede-00 §2.1; the latter takes milliseconds).
Secret privacyKey(PrivProtocol protocol, KeyExtension extension, AuthProtocol auth, const Secret& localizedKey,
    QByteArrayView engineId);

/// Makes the keys of users at engines, and remembers master keys, of which a site has few: the costly part.
class UsmKeyMaker {
public:
    /// `checked` as checkedCredentials made them.
    UsmKeys keysFor(const Credentials& checked, QByteArrayView engineId);

    qsizetype remembered() const { return m_masterKeys.size(); }
    static constexpr qsizetype mostRemembered = 64;

private:
    struct MasterKey {
        AuthProtocol protocol;
        Secret passphrase;
        Secret key;
    };
    Secret masterKeyOf(AuthProtocol protocol, const Secret& passphrase);

    QList<MasterKey> m_masterKeys; ///< the one used last in front
};

} // namespace platen::snmp
