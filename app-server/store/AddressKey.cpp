// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddressKey.h"

#include <QHostAddress>

namespace platen::store {

QString addressKey(const QString& address)
{
    const QHostAddress host(address);
    if (host.isNull())
        return {};
    const Q_IPV6ADDR bits = host.toIPv6Address(); // of an IPv4 address its mapped form
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(bits.c), 16).toHex());
}

} // namespace platen::store
