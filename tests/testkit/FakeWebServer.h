// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>

#include <chrono>
#include <functional>

namespace platen::test {

/// A web server on loopback that answers as the test says, well or badly. Closes after each answer.
class FakeWebServer final : public QObject {
    Q_OBJECT

public:
    /// `server`: a QSslServer for TLS; not listening yet.
    explicit FakeWebServer(std::unique_ptr<QTcpServer> server = std::make_unique<QTcpServer>());

    /// The answer to a whole request, raw; an empty one is never sent and the connection stays open.
    std::function<QByteArray(const QByteArray& request)> answer;
    std::chrono::milliseconds byteEvery{0}; ///< more than 0: a tar pit that sends a byte at a time
    bool neverEnds = false; ///< sends the last of its answer again and again for as long as the peer reads

    quint16 port() const { return m_server->serverPort(); }
    QUrl url(const QString& path) const;

    QList<QByteArray> requests;
    qint64 sentBytes = 0;

    /// An answer with status, content type and body, and what other head lines are given ("X: y\\r\\n").
    static QByteArray http(const QByteArray& body, const QByteArray& contentType = "text/html",
        const QByteArray& status = "200 OK", const QByteArray& more = {});
    static QByteArray redirect(const QByteArray& location);
    /// The path of a request.
    static QByteArray pathOf(const QByteArray& request) { return request.split(' ').value(1); }
    static QByteArray bodyOf(const QByteArray& request) { return request.sliced(request.indexOf("\r\n\r\n") + 4); }

private:
    void accept();
    void receive(QTcpSocket* socket, QByteArray& request);
    void drip(QTcpSocket* socket, const QByteArray& bytes);

    std::unique_ptr<QTcpServer> m_server;
};

} // namespace platen::test
