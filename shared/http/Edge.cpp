// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Edge.h"

#include "Log.h"
#include "Network.h"
#include "Routes.h"
#include "Streams.h"

#include <QMetaObject>

#include <csignal>
#include <sys/resource.h>

using namespace Qt::StringLiterals;

namespace platen::http {

namespace {

/// Writing to a connection that has gone must be an error, not the end of the process.
void ignoreBrokenPipes()
{
    struct sigaction present {};
    if (sigaction(SIGPIPE, nullptr, &present) == 0 && present.sa_handler == SIG_DFL)
        std::signal(SIGPIPE, SIG_IGN);
}

/// A connection is a descriptor, and the usual soft limit of 1,024 is there for programs that use select().
void allowManyDescriptors()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

/// Carries what the network's threads tell over to the Edge's thread.
class Edge::Private final : public NetworkListener {
public:
    explicit Private(Edge* edge) : q(edge) {}

    void requested(int route, Request request, Reply reply) override
    {
        later([this, route, request = std::move(request), reply = std::move(reply)]() mutable {
            routes.at(route).handler(std::move(request), std::move(reply));
        });
    }

    void socketOpened(int route, std::shared_ptr<SocketLink> link, Request upgrade) override
    {
        later([this, route, link = std::move(link), upgrade = std::move(upgrade)] {
            const auto socket = std::make_shared<Socket>(link, upgrade);
            link->handle = socket;
            routes.at(route).socketHandler(socket);
        });
    }

    void streamOpened(StreamHandler handler, std::shared_ptr<SocketLink> link, Request request) override
    {
        later([handler = std::move(handler), link = std::move(link), request = std::move(request)]() mutable {
            const auto socket = std::make_shared<Socket>(link, std::move(request));
            link->handle = socket;
            handler(socket);
        });
    }

    void messageArrived(std::shared_ptr<SocketLink> link, QByteArray bytes, bool binary) override
    {
        later([link = std::move(link), bytes = std::move(bytes), binary] {
            if (const auto socket = link->handle.lock())
                socket->deliver(bytes, binary);
            link->taken(bytes.size());
        });
    }

    void socketClosed(std::shared_ptr<SocketLink> link) override
    {
        later([link = std::move(link)] {
            if (const auto socket = link->handle.lock())
                socket->markClosed();
        });
    }

    void drained() override
    {
        later([this] {
            network.reset();
            emit q->stopped();
        });
    }

    template <typename Work>
    void later(Work work)
    {
        QMetaObject::invokeMethod(q, std::move(work), Qt::QueuedConnection);
    }

    Edge* q;
    Routes routes;
    std::shared_ptr<Doorkeeper> doorkeeper = std::make_shared<Doorkeeper>(Limits{});
    std::unique_ptr<Network> network;
    std::vector<std::unique_ptr<Streams>> streams;
    std::chrono::milliseconds drainTime{};
    quint16 port = 0;
    bool isStopping = false;
};

Edge::Edge(QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this))
{
}

Edge::~Edge()
{
    d->network.reset();
}

void Edge::route(const QByteArray& method, const QByteArray& path, Handler handler)
{
    Q_ASSERT(!d->network && !method.isEmpty() && path.startsWith('/'));
    d->routes.add({method, path, std::move(handler), {}});
}

void Edge::routeSocket(const QByteArray& path, SocketHandler handler)
{
    Q_ASSERT(!d->network && path.startsWith('/'));
    d->routes.add({{}, path, {}, std::move(handler)});
}

void Edge::routeStreams(const QByteArray& folder, SocketHandler handler, const StreamSettings& settings)
{
    Q_ASSERT(!d->network && folder.startsWith('/'));
    d->streams.push_back(std::make_unique<Streams>(std::move(handler), settings,
        [this](Refusal why, const QHostAddress& peer) { d->doorkeeper->refused(why, peer); }));
    Streams* const streams = d->streams.back().get();
    d->routes.add({"POST", folder + "/messages",
        [streams](const Request& request, const Reply& reply) { streams->post(request, reply); }, {}});
    d->routes.add({"GET", folder + "/stream",
        [streams](const Request& request, const Reply& reply) { streams->stream(request, reply); }, {}});
    d->routes.add({"GET", folder + "/poll",
        [streams](const Request& request, const Reply& reply) { streams->poll(request, reply); }, {}, true});
}

Status Edge::listen(const Settings& settings)
{
    if (d->isStopping)
        return fail(ErrorCode::Cancelled, u"The server is stopping and opens no more endpoints."_s);
    if (!d->network) {
        ignoreBrokenPipes();
        allowManyDescriptors();
        d->doorkeeper = std::make_shared<Doorkeeper>(settings.limits);
        d->drainTime = settings.limits.drain;
        d->network = std::make_unique<Network>(d->routes, *d, d->doorkeeper, std::max(1, settings.threads));
    }
    const Result<quint16> port = d->network->listen(settings);
    if (!port)
        return fail(port.error());
    d->port = *port;
    qCInfo(log).noquote() << "listening on" << settings.address.toString() << "port" << *port
                          << (settings.certificatePem.isEmpty() ? "without TLS" : "with TLS");
    return {};
}

Status Edge::renewCertificate(const QByteArray& certificatePem, const Secret& keyPem)
{
    return d->network ? d->network->renewCertificate(certificatePem, keyPem) : Status();
}

quint16 Edge::port() const
{
    return d->port;
}

const Counters& Edge::counters() const
{
    return d->doorkeeper->counters;
}

void Edge::stop()
{
    if (std::exchange(d->isStopping, true))
        return;
    for (const auto& streams : d->streams)
        streams->stop();
    if (d->network)
        d->network->drain(d->drainTime);
    else
        d->drained();
}

} // namespace platen::http
