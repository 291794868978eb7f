// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ServerAddress.h"

using namespace Qt::StringLiterals;

namespace platen::console {

namespace {
constexpr int defaultPort = 8443;
}

Result<QUrl> serverUrl(const QString& typed)
{
    const QString text = typed.trimmed();
    QUrl url(text.contains("://"_L1) ? text : u"wss://"_s + text, QUrl::StrictMode);
    const QString scheme = url.scheme().toLower();
    if (scheme == "https"_L1 || scheme == "wss"_L1)
        url.setScheme(u"wss"_s);
    else if (scheme == "http"_L1 || scheme == "ws"_L1)
        url.setScheme(u"ws"_s);
    else
        return fail(ErrorCode::InvalidInput, u"'%1' is not a server's address: give a name or an address, with :port if it is not 8443."_s.arg(text));
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidInput, u"'%1' is not a server's address: give a name or an address, with :port if it is not 8443."_s.arg(text));
    if (url.port() == -1)
        url.setPort(defaultPort);
    url.setPath(u"/api/v1/socket"_s);
    url.setQuery(QString());
    url.setFragment(QString());
    return url;
}

QString shownAddress(const QUrl& url)
{
    return url.port() == defaultPort || url.port() == -1 ? url.host() : serverKey(url);
}

QString serverKey(const QUrl& url)
{
    const QString host = url.host().contains(u':') ? u"[%1]"_s.arg(url.host()) : url.host();
    return u"%1:%2"_s.arg(host).arg(url.port(defaultPort));
}

} // namespace platen::console
