// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "UsmKeys.h"

#include "NetSnmp.h"
#include "UsmAlgorithms.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/keytools.h>
#include <net-snmp/library/scapi.h>

#include <array>
#include <cstdlib>

#include <string.h>

namespace platen::snmp {

namespace {

constexpr size_t longestKey = 64; // SHA-512's digest; every cipher wants less

const u_char* keyOctets(QByteArrayView bytes) { return reinterpret_cast<const u_char*>(bytes.data()); }

/// What Net-SNMP writes keys into; wiped when it goes.
struct KeyBuffer {
    std::array<u_char, longestKey> bytes{};
    size_t size = longestKey;

    ~KeyBuffer() { explicit_bzero(bytes.data(), bytes.size()); }
    Secret taken() const
    {
        return Secret(QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(size)));
    }
};

} // namespace

AuthProtocol authProtocolOf(const Credentials& checked)
{
    return static_cast<AuthProtocol>(authProtocolNames().indexOf(checked.authProtocol) + 1);
}

PrivProtocol privProtocolOf(const Credentials& checked)
{
    return static_cast<PrivProtocol>(privProtocolNames().indexOf(checked.privProtocol) + 1);
}

Secret masterKey(AuthProtocol protocol, const Secret& passphrase)
{
    quietNetSnmp();
    const Algorithm hash = algorithmOf(protocol);
    KeyBuffer key;
    if (generate_Ku(hash.id, hash.idLength, keyOctets(passphrase.reveal()), static_cast<size_t>(passphrase.size()),
            key.bytes.data(), &key.size)
        != SNMPERR_SUCCESS)
        return {};
    return key.taken();
}

Secret localizedKey(AuthProtocol protocol, const Secret& masterKey, QByteArrayView engineId)
{
    const Algorithm hash = algorithmOf(protocol);
    KeyBuffer key;
    if (generate_kul(hash.id, hash.idLength, keyOctets(engineId), static_cast<size_t>(engineId.size()),
            keyOctets(masterKey.reveal()), static_cast<size_t>(masterKey.size()), key.bytes.data(), &key.size)
        != SNMPERR_SUCCESS)
        return {};
    return key.taken();
}

Secret privacyKey(PrivProtocol protocol, KeyExtension extension, AuthProtocol auth, const Secret& localizedKey,
    QByteArrayView engineId)
{
    const Algorithm hash = algorithmOf(auth);
    const size_t wanted = privacyKeyLength(protocol);
    KeyBuffer engine; // the library's parameters are not const
    engine.size = std::min(static_cast<size_t>(engineId.size()), longestKey);
    std::copy_n(keyOctets(engineId), engine.size, engine.bytes.begin());

    auto* key = static_cast<u_char*>(std::calloc(1, longestKey)); // may be exchanged for another
    Q_CHECK_PTR(key);
    size_t size = std::min(static_cast<size_t>(localizedKey.size()), longestKey);
    std::copy_n(keyOctets(localizedKey.reveal()), size, key);
    const bool isExtended =
        netsnmp_extend_kul(static_cast<u_int>(wanted), hash.id, hash.idLength, extensionType(protocol, extension),
            engine.bytes.data(), static_cast<u_int>(engine.size), &key, &size, longestKey)
            == SNMPERR_SUCCESS
        && size >= wanted;
    const Secret made =
        isExtended ? Secret(QByteArray(reinterpret_cast<const char*>(key), static_cast<qsizetype>(wanted))) : Secret();
    explicit_bzero(key, size);
    std::free(key);
    return made;
}

UsmKeys UsmKeyMaker::keysFor(const Credentials& checked, QByteArrayView engineId)
{
    UsmKeys keys;
    keys.auth = authProtocolOf(checked);
    if (keys.auth == AuthProtocol::None)
        return keys;
    keys.authKey = localizedKey(keys.auth, masterKeyOf(keys.auth, checked.authPassphrase), engineId);
    keys.priv = privProtocolOf(checked);
    if (keys.priv == PrivProtocol::None)
        return keys;
    const KeyExtension extension =
        checked.privExtension == keyExtensionNames().at(1) ? KeyExtension::Reeder : KeyExtension::Blumenthal;
    keys.privKey = privacyKey(keys.priv, extension, keys.auth,
        localizedKey(keys.auth, masterKeyOf(keys.auth, checked.privPassphrase), engineId), engineId);
    return keys;
}

Secret UsmKeyMaker::masterKeyOf(AuthProtocol protocol, const Secret& passphrase)
{
    for (qsizetype i = 0; i < m_masterKeys.size(); ++i) {
        if (m_masterKeys[i].protocol == protocol && m_masterKeys[i].passphrase == passphrase) {
            m_masterKeys.move(i, 0);
            return m_masterKeys.first().key;
        }
    }
    if (m_masterKeys.size() >= mostRemembered)
        m_masterKeys.removeLast();
    m_masterKeys.prepend({protocol, passphrase, masterKey(protocol, passphrase)});
    return m_masterKeys.first().key;
}

} // namespace platen::snmp
