// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "UsmMessage.h"

#include "Ber.h"
#include "UsmAlgorithms.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/scapi.h>

#include <array>

namespace platen::snmp {

namespace {

constexpr qint64 largestAnswer = 65'507; // what one datagram can carry
constexpr size_t saltLength = 8;
constexpr size_t blockLength = 8; // of DES

using InitialVector = std::array<u_char, 16>;

u_char* writable(QByteArray& bytes) { return reinterpret_cast<u_char*>(bytes.data()); }

/// The library takes keys and inputs without const and leaves them as they are.
u_char* unchanged(QByteArrayView bytes) { return const_cast<u_char*>(reinterpret_cast<const u_char*>(bytes.data())); }

/// RFC 3826 §3.1.2.1: boots, time, salt; RFC 3414 §8.1.1.1: the salt over the key's second half. And how long it is.
std::pair<InitialVector, u_int> initialVector(const UsmHeader& header, const UsmKeys& keys)
{
    InitialVector vector{};
    const auto* const salt = unchanged(header.salt);
    if (keys.priv == PrivProtocol::Des) {
        for (size_t i = 0; i < saltLength; ++i)
            vector[i] = salt[i] ^ static_cast<u_char>(keys.privKey.reveal()[static_cast<qsizetype>(saltLength + i)]);
        return {vector, saltLength};
    }
    for (size_t i = 0; i < 4; ++i) {
        vector[i] = static_cast<u_char>(header.boots >> (24 - 8 * i));
        vector[4 + i] = static_cast<u_char>(header.time >> (24 - 8 * i));
    }
    std::copy_n(salt, saltLength, vector.begin() + 8);
    return {vector, static_cast<u_int>(vector.size())};
}

bool canEncrypt(const UsmHeader& header, const UsmKeys& keys)
{
    return keys.priv != PrivProtocol::None && static_cast<size_t>(keys.privKey.size()) == privacyKeyLength(keys.priv)
        && header.salt.size() == saltLength;
}

QByteArray encrypted(const UsmHeader& header, const UsmKeys& keys, const QByteArray& plain)
{
    Q_ASSERT(canEncrypt(header, keys));
    const Algorithm cipher = algorithmOf(keys.priv);
    auto [vector, vectorLength] = initialVector(header, keys);
    QByteArray out(plain.size() + static_cast<qsizetype>(blockLength), Qt::Uninitialized);
    size_t size = static_cast<size_t>(out.size());
    const int status = sc_encrypt(cipher.id, cipher.idLength, unchanged(keys.privKey.reveal()),
        static_cast<u_int>(keys.privKey.size()), vector.data(), vectorLength, unchanged(plain),
        static_cast<u_int>(plain.size()), writable(out), &size);
    return status == SNMPERR_SUCCESS ? out.first(static_cast<qsizetype>(size)) : QByteArray();
}

std::expected<QByteArray, UsmTrouble> decrypted(const UsmHeader& header, const UsmKeys& keys, QByteArrayView secret)
{
    const bool isWhole = keys.priv != PrivProtocol::Des || static_cast<size_t>(secret.size()) % blockLength == 0;
    if (!canEncrypt(header, keys) || secret.isEmpty() || !isWhole)
        return std::unexpected(UsmTrouble::NotDecrypted);
    const Algorithm cipher = algorithmOf(keys.priv);
    auto [vector, vectorLength] = initialVector(header, keys);
    QByteArray out(secret.size() + static_cast<qsizetype>(vector.size()), Qt::Uninitialized);
    size_t size = static_cast<size_t>(out.size());
    if (sc_decrypt(cipher.id, cipher.idLength, unchanged(keys.privKey.reveal()),
            static_cast<u_int>(keys.privKey.size()), vector.data(), vectorLength, unchanged(secret),
            static_cast<u_int>(secret.size()), writable(out), &size)
        != SNMPERR_SUCCESS)
        return std::unexpected(UsmTrouble::NotDecrypted);
    return out.first(static_cast<qsizetype>(std::min(size, static_cast<size_t>(secret.size()))));
}

/// HMAC over the whole message, whose digest must be zeros (RFC 3414 §6.3.1, RFC 7860 §4.2.1).
QByteArray digestOf(const QByteArray& message, const UsmKeys& keys)
{
    const Algorithm hash = algorithmOf(keys.auth);
    QByteArray digest(static_cast<qsizetype>(digestLength(keys.auth)), '\0');
    size_t size = static_cast<size_t>(digest.size());
    const int status = sc_generate_keyed_hash(hash.id, hash.idLength, unchanged(keys.authKey.reveal()),
        static_cast<u_int>(keys.authKey.size()), unchanged(message), static_cast<u_int>(message.size()),
        writable(digest), &size);
    return status == SNMPERR_SUCCESS && size == static_cast<size_t>(digest.size()) ? digest : QByteArray();
}

/// In a time that tells nothing of where they differ.
bool isSameDigest(QByteArrayView a, QByteArrayView b)
{
    quint8 difference = a.size() == b.size() && !a.isEmpty() ? 0 : 1;
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i)
        difference = static_cast<quint8>(difference | (a[i] ^ b[i]));
    return difference == 0;
}

} // namespace

QByteArray scopedPdu(QByteArrayView contextEngineId, QByteArrayView contextName, const QByteArray& pdu)
{
    return ber::element(ber::sequenceTag, ber::octetString(contextEngineId) + ber::octetString(contextName) + pdu);
}

QByteArray sealed(const UsmHeader& header, const UsmKeys& keys, const QByteArray& scopedPdu)
{
    constexpr qint64 userSecurityModel = 3;
    const char flags = static_cast<char>(
        (header.isAuthenticated ? 1 : 0) | (header.isEncrypted ? 2 : 0) | (header.isReportable ? 4 : 0));
    const QByteArray global = ber::element(ber::sequenceTag,
        ber::integer(header.id) + ber::integer(largestAnswer) + ber::octetString(QByteArrayView(&flags, 1))
            + ber::integer(userSecurityModel));
    const QByteArray digest(header.isAuthenticated ? static_cast<qsizetype>(digestLength(keys.auth)) : 0, '\0');
    const QByteArray salt = ber::octetString(header.isEncrypted ? header.salt : QByteArray());
    const QByteArray parameters = ber::element(ber::sequenceTag,
        ber::octetString(header.engineId) + ber::integer(header.boots) + ber::integer(header.time)
            + ber::octetString(header.user) + ber::octetString(digest) + salt);
    const QByteArray scoped = header.isEncrypted ? ber::octetString(encrypted(header, keys, scopedPdu)) : scopedPdu;
    QByteArray message =
        ber::element(ber::sequenceTag, ber::integer(3) + global + ber::octetString(parameters) + scoped);
    if (header.isAuthenticated)
        message.replace(
            message.size() - scoped.size() - salt.size() - digest.size(), digest.size(), digestOf(message, keys));
    return message;
}

std::expected<QByteArray, UsmTrouble> opened(const Incoming& message, QByteArrayView datagram, const UsmKeys& keys)
{
    const UsmHeader& header = message.header;
    if (header.isAuthenticated) {
        if (keys.auth == AuthProtocol::None || static_cast<size_t>(header.digest.size()) != digestLength(keys.auth))
            return std::unexpected(UsmTrouble::WrongDigest);
        QByteArray blank = datagram.toByteArray();
        std::fill_n(blank.begin() + message.digestAt, header.digest.size(), '\0');
        if (!isSameDigest(digestOf(blank, keys), header.digest))
            return std::unexpected(UsmTrouble::WrongDigest);
    } else if (header.isEncrypted) {
        return std::unexpected(UsmTrouble::NotDecrypted); // RFC 3412 §7.2: there is no such level
    }
    if (!header.isEncrypted)
        return message.scoped.toByteArray();
    return decrypted(header, keys, message.scoped);
}

} // namespace platen::snmp
