// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "UsmAlgorithms.h"

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/library/scapi.h>
#include <net-snmp/library/transform_oids.h>

#include <type_traits>

namespace platen::snmp {

static_assert(std::is_same_v<oid, unsigned long>);

Algorithm algorithmOf(AuthProtocol protocol)
{
    const auto type = [&] {
        switch (protocol) {
        case AuthProtocol::None:
            break;
        case AuthProtocol::Md5:
            return NETSNMP_USMAUTH_HMACMD5;
        case AuthProtocol::Sha1:
            return NETSNMP_USMAUTH_HMACSHA1;
        case AuthProtocol::Sha224:
            return NETSNMP_USMAUTH_HMAC128SHA224;
        case AuthProtocol::Sha256:
            return NETSNMP_USMAUTH_HMAC192SHA256;
        case AuthProtocol::Sha384:
            return NETSNMP_USMAUTH_HMAC256SHA384;
        case AuthProtocol::Sha512:
            return NETSNMP_USMAUTH_HMAC384SHA512;
        }
        Q_UNREACHABLE();
    }();
    size_t length = 0;
    oid* const id = sc_get_auth_oid(type, &length);
    return {id, static_cast<unsigned int>(length)};
}

Algorithm algorithmOf(PrivProtocol protocol)
{
    const auto type = [&] {
        switch (protocol) {
        case PrivProtocol::None:
            break;
        case PrivProtocol::Des:
            return USM_CREATE_USER_PRIV_DES;
        case PrivProtocol::Aes128:
            return USM_CREATE_USER_PRIV_AES;
        case PrivProtocol::Aes192:
            return USM_CREATE_USER_PRIV_AES192;
        case PrivProtocol::Aes256:
            return USM_CREATE_USER_PRIV_AES256;
        }
        Q_UNREACHABLE();
    }();
    size_t length = 0;
    oid* const id = sc_get_priv_oid(type, &length);
    return {id, static_cast<unsigned int>(length)};
}

size_t digestLength(AuthProtocol protocol)
{
    switch (protocol) {
    case AuthProtocol::None:
        return 0;
    case AuthProtocol::Md5:
    case AuthProtocol::Sha1:
        return 12; // RFC 3414 §6.3.1, §7.3.1
    case AuthProtocol::Sha224:
        return 16; // RFC 7860 §4.1
    case AuthProtocol::Sha256:
        return 24;
    case AuthProtocol::Sha384:
        return 32;
    case AuthProtocol::Sha512:
        return 48;
    }
    Q_UNREACHABLE();
}

size_t privacyKeyLength(PrivProtocol protocol)
{
    switch (protocol) {
    case PrivProtocol::None:
        return 0;
    case PrivProtocol::Des:
    case PrivProtocol::Aes128:
        return 16;
    case PrivProtocol::Aes192:
        return 24;
    case PrivProtocol::Aes256:
        return 32;
    }
    Q_UNREACHABLE();
}

int extensionType(PrivProtocol protocol, KeyExtension extension)
{
    const bool isReeder = extension == KeyExtension::Reeder;
    switch (protocol) {
    case PrivProtocol::Aes192:
        return isReeder ? USM_CREATE_USER_PRIV_AES192_CISCO : USM_CREATE_USER_PRIV_AES192;
    case PrivProtocol::Aes256:
        return isReeder ? USM_CREATE_USER_PRIV_AES256_CISCO : USM_CREATE_USER_PRIV_AES256;
    default:
        return USM_CREATE_USER_PRIV_AES;
    }
}

} // namespace platen::snmp
