// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Proxy.h"

#include <QHostAddress>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

/// libproxy and the environment know web addresses only.
QUrl asWebAddress(QUrl url)
{
    if (url.scheme() == "wss"_L1)
        url.setScheme(u"https"_s);
    else if (url.scheme() == "ws"_L1)
        url.setScheme(u"http"_s);
    return url;
}

QNetworkProxy systemProxyFor(const QUrl& url)
{
    if (url.host() == "localhost"_L1 || QHostAddress(url.host()).isLoopback())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const auto proxies = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(asWebAddress(url)));
    for (QNetworkProxy proxy : proxies) {
        if (proxy.type() == QNetworkProxy::HttpCachingProxy)
            proxy.setType(QNetworkProxy::HttpProxy); // a tunnel: what is inside is nobody's to cache
        if (proxy.type() == QNetworkProxy::HttpProxy || proxy.type() == QNetworkProxy::Socks5Proxy)
            return proxy;
        if (proxy.type() == QNetworkProxy::NoProxy)
            break;
    }
    return QNetworkProxy(QNetworkProxy::NoProxy);
}

} // namespace

Proxy Proxy::none()
{
    Proxy proxy;
    proxy.m_kind = Kind::None;
    return proxy;
}

Result<Proxy> Proxy::from(const QString& text)
{
    if (text == "system"_L1)
        return Proxy::system();
    if (text == "none"_L1)
        return Proxy::none();
    const QUrl url(text, QUrl::StrictMode);
    const bool isKnown = url.scheme() == "http"_L1 || url.scheme() == "socks5"_L1;
    if (!url.password().isEmpty())
        return fail(ErrorCode::InvalidInput, u"a proxy's password does not belong into its address: put it into proxyPassword"_s);
    if (!url.isValid() || !isKnown || url.host().isEmpty() || url.port() <= 0 || url.path().size() > 1 || url.hasQuery()
        || url.hasFragment())
        return fail(ErrorCode::InvalidInput,
            u"it must be \"system\", \"none\", or a proxy such as \"http://user@proxy.example:3128\" or \"socks5://proxy.example:1080\""_s);
    Proxy proxy;
    proxy.m_kind = Kind::Given;
    proxy.m_given = url;
    return proxy;
}

Proxy Proxy::withPassword(const Secret& password) const
{
    Proxy other = *this;
    other.m_password = password;
    return other;
}

QString Proxy::text() const
{
    switch (m_kind) {
    case Kind::System: return u"system"_s;
    case Kind::None: return u"none"_s;
    case Kind::Given: break;
    }
    return m_given.toString();
}

QNetworkProxy Proxy::forServer(const QUrl& url) const
{
    if (m_kind == Kind::System)
        return systemProxyFor(url);
    if (m_kind == Kind::None)
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const auto type = m_given.scheme() == "http"_L1 ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy;
    return QNetworkProxy(type, m_given.host(), static_cast<quint16>(m_given.port()), m_given.userName(QUrl::FullyDecoded),
        QString::fromUtf8(m_password.reveal()));
}

} // namespace platen::channel
