// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Network.h"

#include "HttpConnection.h"
#include "Log.h"

#ifdef Q_OS_LINUX
#include <netinet/tcp.h>
#endif

using namespace Qt::StringLiterals;

namespace platen::http {

namespace {

QByteArray bytesOf(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

QHostAddress fromAsio(const asio::ip::address& address)
{
    if (address.is_v4())
        return QHostAddress(address.to_v4().to_uint());
    const asio::ip::address_v6 v6 = address.to_v6();
    if (v6.is_v4_mapped())
        return QHostAddress(asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_uint());
    return QHostAddress(v6.to_bytes().data());
}

asio::ip::address toAsio(const QHostAddress& address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol)
        return asio::ip::address_v4(address.toIPv4Address());
    if (address.protocol() == QAbstractSocket::AnyIPProtocol)
        return asio::ip::address_v6::any();
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    asio::ip::address_v6::bytes_type copy{};
    std::copy_n(bytes.c, copy.size(), copy.begin());
    return asio::ip::address_v6(copy);
}

Error explain(const Failure& failure, const QHostAddress& address, quint16 port)
{
    const QString place = u"%1 port %2"_s.arg(address.toString()).arg(port);
    if (failure == asio::error::address_in_use)
        return {ErrorCode::AddressInUse,
            u"Cannot listen on %1: another program uses it. Stop that program or choose another port."_s.arg(place)};
    if (failure == asio::error::access_denied)
        return {ErrorCode::PermissionDenied,
            u"Cannot listen on %1: the system does not allow this user to. Choose a port from 1024 on."_s.arg(place)};
    if (failure.value() == EADDRNOTAVAIL)
        return {ErrorCode::NetworkFailed,
            u"Cannot listen on %1: this machine does not have that address. Use one of its own, or 0.0.0.0 for all."_s.arg(place)};
    return {ErrorCode::NetworkFailed,
        u"Cannot listen on %1: %2."_s.arg(place, QString::fromStdString(failure.message()))};
}

/// An acceptor that listens, or why not.
Result<std::shared_ptr<Acceptor>> openDoor(IoThread& io, const QHostAddress& address, quint16 port)
{
    const bool isAny = address.protocol() == QAbstractSocket::AnyIPProtocol;
    asio::ip::tcp::endpoint endpoint(toAsio(address), port);
    const auto door = std::make_shared<Acceptor>(io.context.get_executor());
    Failure failure;
    door->open(endpoint.protocol(), failure);
    if (failure && isAny) { // a machine without IPv6
        endpoint = {asio::ip::address_v4::any(), port};
        door->open(endpoint.protocol(), failure);
    }
    if (!failure)
        door->set_option(asio::socket_base::reuse_address(true), failure);
    if (!failure && endpoint.protocol() == asio::ip::tcp::v6())
        door->set_option(asio::ip::v6_only(!isAny), failure);
    if (!failure)
        door->bind(endpoint, failure);
    if (!failure)
        door->listen(asio::socket_base::max_listen_connections, failure);
    if (failure)
        return fail(explain(failure, address, port));
    return door;
}

} // namespace

Progress examine(const Parser::value_type& head, const Limits& limits, Request* request)
{
    using beast::http::field;
    if (std::distance(head.begin(), head.end()) > limits.fields)
        return Progress::refused(431, Refusal::TooManyFields);
    const std::string_view target = head.target();
    if (target.size() > static_cast<size_t>(limits.urlBytes))
        return Progress::refused(414, Refusal::UrlTooLong);
    if (!target.starts_with('/'))
        return Progress::refused(400, Refusal::BadHead);
    if (head.count(field::host) != 1 || head[field::host].empty())
        return Progress::refused(400, Refusal::BadHost);
    // Lengths that repeat or are lists: harmless when they agree, until somebody in between reads them otherwise.
    const std::string_view length = head[field::content_length];
    if (head.count(field::content_length) > 1 || length.find_first_not_of("0123456789") != std::string_view::npos)
        return Progress::refused(400, Refusal::BadHead);
    // Anything but plain chunks is a way to hide a second request in a body (RFC 9112 §6.1).
    const bool hasCoding = head.count(field::transfer_encoding) > 0;
    const bool isChunked = beast::iequals(head[field::transfer_encoding], "chunked");
    if (hasCoding && (!isChunked || head.version() < 11 || head.count(field::transfer_encoding) > 1 || head.count(field::content_length) > 0))
        return Progress::refused(400, Refusal::BadHead);

    const size_t question = target.find('?');
    request->method = bytesOf(head.method_string());
    request->path = bytesOf(target.substr(0, question));
    request->query = question == std::string_view::npos ? QByteArray() : bytesOf(target.substr(question + 1));
    for (const auto& line : head)
        request->headers.append({bytesOf(line.name_string()).toLower(), bytesOf(line.value())});
    return {};
}

Progress examineUpgrade(const Parser::value_type& head)
{
    using beast::http::field;
    if (head.count(field::sec_websocket_version) != 1 || head[field::sec_websocket_version] != "13")
        return Progress::refused(426, Refusal::BadUpgrade);
    if (head.count(field::sec_websocket_key) != 1 || !isWebSocketKey(head[field::sec_websocket_key]))
        return Progress::refused(400, Refusal::BadUpgrade);
    if (!isOwnOrigin(head[field::origin], head[field::host]))
        return Progress::refused(403, Refusal::BadUpgrade);
    return {};
}

class Network::Private {
public:
    Private(const Routes& r, NetworkListener& l, std::shared_ptr<Doorkeeper> k)
        : routes(r)
        , listener(l)
        , doorkeeper(std::move(k))
    {
    }

    void start(int count)
    {
        running = count;
        for (int i = 0; i < count; ++i)
            threads.push_back(std::make_shared<IoThread>());
        for (const auto& io : threads)
            io->thread = std::thread([this, loop = io.get()] { runLoop(*loop); });
    }

    void runLoop(IoThread& io)
    {
        for (bool isOver = false; !isOver;) {
            try {
                io.context.run();
                isOver = true;
            } catch (const std::exception& failure) {
                qCCritical(log) << "a connection ended by an exception:" << failure.what();
            }
        }
        if (--running == 0 && isDraining)
            listener.drained();
    }

    /// Runs on the first thread as long as the door is open.
    Awaitable<> accept(std::shared_ptr<Acceptor> door, std::shared_ptr<const Endpoint> endpoint)
    {
        for (size_t turn = 0; door->is_open(); ++turn) {
            IoThread& io = *threads.at(turn % threads.size());
            auto [failure, socket] = co_await door->async_accept(io.context.get_executor(), outcome);
            if (!failure) {
                welcome(std::move(socket), io, endpoint);
            } else if (door->is_open()) { // out of descriptors, most likely: let some go
                Timer pause(threads.front()->context.get_executor(), std::chrono::milliseconds(100));
                co_await pause.async_wait(outcome);
            }
        }
    }

    void welcome(TcpSocket socket, IoThread& io, const std::shared_ptr<const Endpoint>& endpoint)
    {
        Failure failure;
        const auto remote = socket.remote_endpoint(failure);
        if (failure)
            return;
        const QHostAddress peer = fromAsio(remote.address());
        auto place = Doorkeeper::enter(doorkeeper, peer);
        if (!place)
            return;
        socket.set_option(asio::ip::tcp::no_delay(true), failure);
#ifdef TCP_QUICKACK // the handshake's answers carry its acknowledgements: some packets less for each connection
        socket.set_option(asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_QUICKACK>(false), failure);
#endif
        const auto connection = std::make_shared<HttpConnection>(std::move(socket), io, endpoint, std::move(place), peer);
        asio::co_spawn(io.context, connection->run(connection), asio::detached);
    }

    static void drainThread(IoThread& io, std::chrono::milliseconds limit)
    {
        io.isDraining = true;
        io.work.reset();
        const std::vector<Peer*> peers(io.peers.begin(), io.peers.end());
        for (Peer* peer : peers)
            peer->drain();
        if (io.peers.empty())
            return;
        io.drainLimit.expires_after(limit);
        io.drainLimit.async_wait([&io](Failure cancelled) {
            if (cancelled)
                return;
            const std::vector<Peer*> late(io.peers.begin(), io.peers.end());
            for (Peer* peer : late)
                peer->cut();
            io.drainLimit.expires_after(std::chrono::seconds(1));
            io.drainLimit.async_wait([&io](Failure allGone) {
                if (!allGone)
                    io.context.stop();
            });
        });
    }

    const Routes& routes;
    NetworkListener& listener;
    std::shared_ptr<Doorkeeper> doorkeeper;
    std::vector<std::shared_ptr<IoThread>> threads;
    std::vector<std::shared_ptr<Acceptor>> doors;     ///< the first thread's, once it runs
    std::vector<std::shared_ptr<Endpoint>> endpoints; ///< the same
    std::atomic<int> running = 0;
    std::atomic<bool> isDraining = false;
};

Network::Network(const Routes& routes, NetworkListener& listener, std::shared_ptr<Doorkeeper> doorkeeper, int threads)
    : d(std::make_unique<Private>(routes, listener, std::move(doorkeeper)))
{
    d->start(threads);
}

Network::~Network()
{
    for (const auto& io : d->threads)
        io->context.stop();
    for (const auto& io : d->threads)
        io->thread.join();
    for (const auto& io : d->threads)
        io->isDraining = false; // those that end with their loop need not report any more
    d->doors.clear();           // before the loops they belong to
}

Result<quint16> Network::listen(const Edge::Settings& settings)
{
    TlsContext tls;
    if (!settings.certificatePem.isEmpty() || !settings.keyPem.isEmpty()) {
        Result<TlsContext> made = makeTlsContext(settings.certificatePem, settings.keyPem);
        if (!made)
            return fail(made.error());
        tls = *made;
    }
    IoThread& first = *d->threads.front();
    const auto door = openDoor(first, settings.address, settings.port);
    if (!door)
        return fail(door.error());
    Failure failure;
    const quint16 port = (*door)->local_endpoint(failure).port();

    const auto endpoint = std::make_shared<Endpoint>(Endpoint{
        settings.limits, std::move(tls), settings.redirectPort, d->routes, d->listener, d->doorkeeper});
    asio::post(first.context, [d = d.get(), door = *door, endpoint, &first] {
        d->doors.push_back(door);
        d->endpoints.push_back(endpoint);
        asio::co_spawn(first.context, d->accept(door, endpoint), asio::detached);
    });
    return port;
}

Status Network::renewCertificate(const QByteArray& certificatePem, const Secret& keyPem)
{
    const Result<TlsContext> renewed = makeTlsContext(certificatePem, keyPem);
    if (!renewed)
        return fail(renewed.error());
    asio::post(d->threads.front()->context, [d = d.get(), tls = *renewed] {
        for (const auto& endpoint : d->endpoints) {
            if (endpoint->tls)
                endpoint->tls = tls;
        }
    });
    return {};
}

void Network::drain(std::chrono::milliseconds limit)
{
    d->isDraining = true;
    asio::post(d->threads.front()->context, [d = d.get()] {
        for (const auto& door : d->doors) {
            Failure ignored;
            door->close(ignored);
        }
    });
    for (const auto& io : d->threads)
        asio::post(io->context, [loop = io.get(), limit] { Private::drainThread(*loop, limit); });
}

} // namespace platen::http
