// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Edge.h"

#include <http/HttpConnection.h>

#include <sys/socket.h>
#include <unistd.h>

namespace platen::fuzz {

namespace {

constexpr QByteArrayView upgrade = "GET /socket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

bool hasLineBreak(const QByteArray& text) { return text.contains('\r') || text.contains('\n') || text.contains('\0'); }

/// The application behind the edge: looks whether what it is given keeps the edge's promises, and answers.
class Application final : public http::NetworkListener {
public:
    explicit Application(const http::Limits& limits) : m_limits(limits) {}

    void requested(int, http::Request request, http::Reply reply) override
    {
        judge(request);
        reply({200, "text/plain", request.body.left(64), {{"X-Query", request.query}}});
    }

    void socketOpened(int, std::shared_ptr<http::SocketLink> link, http::Request request) override
    {
        judge(request);
        link->send("welcome", true);
    }

    void streamOpened(http::StreamHandler, std::shared_ptr<http::SocketLink>, http::Request) override { qFatal("nobody asked for a stream"); }

    void messageArrived(std::shared_ptr<http::SocketLink> link, QByteArray bytes, bool binary) override
    {
        if (bytes.size() > m_limits.messageBytes)
            qFatal("a message is larger than it may be");
        if (!binary && !bytes.isValidUtf8())
            qFatal("a text is not one");
        link->taken(bytes.size());
        link->send(bytes.left(64), binary);
        if (bytes == "bye")
            link->close(1000, "bye");
    }

    void socketClosed(std::shared_ptr<http::SocketLink>) override {}
    void drained() override {}

private:
    void judge(const http::Request& request) const
    {
        int hosts = 0, lengths = 0, codings = 0;
        for (const auto& [name, value] : request.headers) {
            if (name.isEmpty() || name != name.toLower() || hasLineBreak(name) || hasLineBreak(value))
                qFatal("a header is none");
            hosts += name == "host";
            lengths += name == "content-length";
            codings += name == "transfer-encoding";
        }
        if (hosts != 1 || lengths + codings > 1)
            qFatal("a request can be read in two ways");
        if (!request.path.startsWith('/') || request.path.size() + request.query.size() > m_limits.urlBytes || request.headers.size() > m_limits.fields
            || request.body.size() > m_limits.bodyBytes)
            qFatal("a request is larger than it may be");
    }

    const http::Limits& m_limits;
};

/// One edge for all inputs, on this thread.
struct World {
    http::Limits limits;
    http::Routes routes;
    Application application{limits};
    std::shared_ptr<http::Doorkeeper> doorkeeper = std::make_shared<http::Doorkeeper>(limits);
    std::shared_ptr<http::IoThread> io = std::make_shared<http::IoThread>();
    std::shared_ptr<const http::Endpoint> endpoint;

    World()
    {
        for (const char* method : {"GET", "POST", ""}) // the last: a WebSocket
            routes.add({.method = method, .path = *method ? "/x" : "/socket", .handler = {}, .socketHandler = {}});
        endpoint = std::make_shared<const http::Endpoint>(http::Endpoint{.limits = limits, .tls = {}, .routes = routes, .listener = application, .doorkeeper = doorkeeper});
        io->work.reset();
    }
};

void put(int socket, QByteArrayView bytes)
{
    if (::send(socket, bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL) < 0 && errno != EPIPE)
        qFatal("an input does not fit into a socket");
}

/// Says `first`; when the answer's head has come also `second`; then no more, and waits until the connection is gone.
void talk(QByteArrayView first, QByteArrayView second)
{
    static World* const world = new World; // never destroyed: nothing of it may go before the program
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) != 0)
        qFatal("there are no sockets left");
    http::TcpSocket socket(world->io->context.get_executor());
    socket.assign(http::asio::ip::tcp::v4(), ends[1]);
    const QHostAddress peer(QHostAddress::LocalHost);
    auto connection = std::make_shared<http::HttpConnection>(std::move(socket), *world->io, world->endpoint,
        http::Doorkeeper::enter(world->doorkeeper, peer), peer);
    world->io->context.restart();
    http::asio::co_spawn(world->io->context, connection->run(connection), http::asio::detached);
    connection.reset();

    put(ends[0], first);
    if (!second.isEmpty()) {
        std::array<char, 4096> answer{};
        while (world->io->context.run_one_for(std::chrono::seconds(1)) > 0 && ::recv(ends[0], answer.data(), answer.size(), 0) <= 0) { }
        put(ends[0], second);
    }
    ::shutdown(ends[0], SHUT_WR);
    world->io->context.run_for(std::chrono::seconds(10));
    if (!world->io->context.stopped() || !world->io->peers.empty())
        qFatal("a connection outlives its peer");
    ::close(ends[0]);
}

QByteArray frame(int opcode, const QByteArray& payload, bool isLast = true)
{
    QByteArray bytes;
    bytes += char((isLast ? 0x80 : 0) | opcode);
    if (payload.size() < 126)
        bytes += char(0x80 | payload.size());
    else
        bytes += char(0xfe) + QByteArray(1, char(payload.size() >> 8)) + char(payload.size());
    const QByteArray mask("\1\2\3\4", 4);
    bytes += mask;
    for (qsizetype i = 0; i < payload.size(); ++i)
        bytes += char(payload[i] ^ mask[i % 4]);
    return bytes;
}

} // namespace

void httpTalk(QByteArrayView input)
{
    talk(input, {});
}

QList<QByteArray> httpSeeds()
{
    const QByteArray host = "Host: a.example:8443\r\n";
    return {"GET /x?a=b HTTP/1.1\r\n" + host + "Accept: */*\r\n\r\n",
        "POST /x HTTP/1.1\r\n" + host + "Content-Length: 5\r\nContent-Type: application/cbor\r\n\r\nhelloGET /x HTTP/1.1\r\n" + host + "\r\n",
        "POST /x HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nTrailer: x\r\n\r\n",
        "POST /x HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi", "GET /x HTTP/1.0\r\n" + host + "Connection: keep-alive\r\n\r\n",
        "POST /x HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", upgrade.toByteArray(),
        "DELETE /y HTTP/1.1\r\n" + host + "\r\n", "GET http://a/x HTTP/1.1\r\n" + host + "\r\n"};
}

void frames(QByteArrayView input)
{
    talk(upgrade, input);
}

QList<QByteArray> frameSeeds()
{
    return {frame(2, "hello"), frame(1, "text") + frame(2, QByteArray(300, 'x')), frame(2, "in ", false) + frame(9, "ping") + frame(0, "pieces"),
        frame(2, "bye") + frame(8, QByteArray("\x03\xe8" "bye", 5)), frame(1, "\xc3\x28"), frame(10, "pong") + frame(8, {}), frame(0, "no start"), frame(3, "reserved")};
}

} // namespace platen::fuzz
