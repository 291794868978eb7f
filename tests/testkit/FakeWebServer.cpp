// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeWebServer.h"

using namespace Qt::StringLiterals;

namespace platen::test {

FakeWebServer::FakeWebServer(std::unique_ptr<QTcpServer> server)
    : answer([](const QByteArray&) { return QByteArray(); })
    , m_server(std::move(server))
{
    m_server->listen(QHostAddress::LocalHost);
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, &FakeWebServer::accept);
}

QUrl FakeWebServer::url(const QString& path) const
{
    QUrl url(u"http://127.0.0.1"_s);
    url.setPort(port());
    return url.resolved(QUrl(path));
}

QByteArray FakeWebServer::http(
    const QByteArray& body, const QByteArray& contentType, const QByteArray& status, const QByteArray& more)
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + contentType
        + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + more + "Connection: close\r\n\r\n" + body;
}

QByteArray FakeWebServer::redirect(const QByteArray& location)
{
    return http({}, "text/html", "302 Found", "Location: " + location + "\r\n");
}

void FakeWebServer::accept()
{
    while (QTcpSocket* socket = m_server->nextPendingConnection()) {
        const auto request = std::make_shared<QByteArray>();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, request] { receive(socket, *request); });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::bytesWritten, this, [this](qint64 bytes) { sentBytes += bytes; });
        receive(socket, *request);
    }
}

void FakeWebServer::receive(QTcpSocket* socket, QByteArray& request)
{
    request += socket->readAll();
    if (request.startsWith('\x16')) // a greeting of TLS, which real servers do not understand either
        return socket->abort();
    const qsizetype head = request.indexOf("\r\n\r\n");
    if (head < 0)
        return;
    const qsizetype field = request.toLower().indexOf("content-length:");
    const qsizetype length =
        field < 0 ? 0 : request.sliced(field + 15, request.indexOf('\r', field) - field - 15).trimmed().toLongLong();
    if (request.size() < head + 4 + length)
        return;
    requests += request;
    const QByteArray bytes = answer(request);
    request.clear();
    if (bytes.isEmpty())
        return;
    if (byteEvery.count() > 0)
        return drip(socket, bytes);
    socket->write(bytes);
    if (!neverEnds)
        return socket->disconnectFromHost();
    const auto more = [socket, last = bytes.last(std::min<qsizetype>(bytes.size(), 4096))] {
        if (socket->bytesToWrite() == 0)
            socket->write(last);
    };
    connect(socket, &QTcpSocket::bytesWritten, socket, more);
}

void FakeWebServer::drip(QTcpSocket* socket, const QByteArray& bytes)
{
    auto* timer = new QTimer(socket);
    connect(timer, &QTimer::timeout, socket, [socket, bytes, at = qsizetype(0)]() mutable {
        if (at < bytes.size())
            socket->write(bytes.sliced(at++, 1));
    });
    timer->start(byteEvery);
}

} // namespace platen::test
