// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QNetworkProxy>
#include <QString>
#include <QUrl>

namespace platen::channel {

/// The way out to the server: straight, as the system says, or through a given proxy. A value. Through HTTP proxies everything
/// goes by CONNECT, with Basic or Digest (RFC 7617, 7616) as the proxy asks; through SOCKS5 (RFC 1928, 1929) by name, so that
/// the proxy resolves it.
class Proxy {
public:
    /// What environment (https_proxy, no_proxy, …) or desktop say for the server's address. The default.
    static Proxy system() { return Proxy(); }
    static Proxy none();

    /// "system", "none", "http://[user@]host:port" or "socks5://[user@]host:port". Fails with InvalidInput and a sentence that
    /// never repeats a password.
    static Result<Proxy> from(const QString& text);

    /// The same with this password for its user; only of use with a given proxy that names a user.
    Proxy withPassword(const Secret& password) const;

    bool hasUser() const { return !m_given.userName().isEmpty(); }
    QString text() const; ///< as `from` takes it; no password is in it

    /// For a connection to this server (http, https, ws or wss).
    QNetworkProxy forServer(const QUrl& url) const;

    bool operator==(const Proxy&) const = default;

private:
    enum class Kind { System, None, Given };

    Kind m_kind = Kind::System;
    QUrl m_given;
    Secret m_password;
};

} // namespace platen::channel
