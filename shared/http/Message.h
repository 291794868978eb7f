// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QPair>

#include <functional>
#include <memory>

namespace platen::http {

class Socket;

/// Gets the rest of an answer that goes on; on the Edge's thread.
using StreamHandler = std::function<void(std::shared_ptr<Socket> stream)>;

using Fields = QList<QPair<QByteArray, QByteArray>>;

/// One HTTP request, complete and within the limits. Everything in it was chosen by a stranger.
struct Request {
    QByteArray method; ///< "GET", "POST", …
    QByteArray path;   ///< as sent, undecoded, without the query: "/a/v2/activate"
    QByteArray query;  ///< what follows '?', undecoded; empty when there is none
    Fields headers;    ///< names in lower case, in the order they came
    QByteArray body;
    QHostAddress peer; ///< the other end of the TCP connection (a proxy, where there is one)
    bool encrypted = false;

    /// The first value of a header; `name` in lower case. Empty when it was not sent.
    QByteArray header(QByteArrayView name) const
    {
        for (const auto& [key, value] : headers) {
            if (key == name)
                return value;
        }
        return {};
    }
};

/// What a request gets. Content-Length, Connection and the security headers are added on the way.
struct Response {
    int status = 200;
    QByteArray contentType; ///< empty: none is sent
    QByteArray body;
    Fields headers;         ///< more of them; a value with a line break is left out
    StreamHandler stream = {}; ///< set: the answer has no length and no body; what is sent to the stream goes out as it is, until that closes
};

/// Answers a request. Any thread, once: later calls do nothing, and so does a call when client or Edge have gone.
using Reply = std::function<void(Response)>;

} // namespace platen::http
