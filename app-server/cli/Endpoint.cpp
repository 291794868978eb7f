// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Endpoint.h"

#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace platen::cli {

Result<Endpoint> Endpoint::parse(const QString& text)
{
    const auto refused = fail(ErrorCode::InvalidInput,
        u"'%1' is no address to listen on: give ADDRESS:PORT, for example 0.0.0.0:8443 or [::1]:8443."_s.arg(text));
    const qsizetype colon = text.lastIndexOf(u':');
    if (colon < 1)
        return refused;
    bool isNumber = false;
    Endpoint endpoint;
    endpoint.port = text.mid(colon + 1).toUShort(&isNumber);
    QString host = text.left(colon);
    const bool bracketed = host.startsWith(u'[') && host.endsWith(u']');
    if (bracketed)
        host = host.mid(1, host.size() - 2);
    if (!isNumber || (host.contains(u':') && !bracketed))
        return refused;
    if (host == u"localhost")
        endpoint.address = QHostAddress(QHostAddress::LocalHost);
    else if (host == u"*")
        endpoint.address = QHostAddress(QHostAddress::Any);
    else if (!endpoint.address.setAddress(host))
        return refused;
    return endpoint;
}

QString Endpoint::url(bool encrypted) const
{
    const bool everywhere = address == QHostAddress(QHostAddress::Any) || address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6);
    QString host = everywhere ? QSysInfo::machineHostName() : address.toString();
    if (host.contains(u':'))
        host = u'[' + host + u']';
    return u"%1://%2:%3"_s.arg(encrypted ? u"https"_s : u"http"_s, host.isEmpty() ? u"localhost"_s : host).arg(port);
}

} // namespace platen::cli
