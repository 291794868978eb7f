// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agentsim/Crowd.h>

#include <base/File.h>
#include <crypto/Crypto.h>
#include <http/Certificate.h>
#include <http/Edge.h>
#include <server/cli/DataFolder.h>
#include <server/store/AgentStore.h>
#include <storage/Query.h>

#include <QCommandLineParser>
#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

constexpr char usage[] = R"(platen-agentsim: thousands of agents on one thread, for ./platen bench channel

  platen-agentsim enrol --data DIR --count N --keys FILE
                               makes N active agents in a server's store, without their activation, and writes their keys
  platen-agentsim echo --port PORT --certificate FILE --tls-key FILE
                               the server's edge alone: what comes on a WebSocket goes through the main thread and back
  platen-agentsim run --port PORT --kind platen|json|echo --count N [--keys FILE] [--path PATH] [--per-address N]
                               N agents on loopback that do what lines on standard input say, and answer each with one line:
      gather                   connect all                         submit RATE SECONDS      submissions a second, for so long
      echo TOTAL               200 bytes there and back, so often  whole SECONDS            wait until all are back
)";

int refuse(const QString& why)
{
    std::fprintf(stderr, "platen-agentsim: %s\n", qPrintable(why));
    return 1;
}

Status addAgent(QSqlDatabase db, const crypto::KeyEncryptionKey& kek, const QByteArray& key)
{
    store::NewAgent agent;
    agent.id = key.left(16);
    agent.name = u"Simulated"_s;
    agent.group = QString::fromLatin1(agent.id.toHex()); // devices are recognised within a group: each agent has its own
    agent.root = Secret(key.mid(16));
    agent.pinLocator = u"0000"_s;
    if (const Status added = store::AgentStore::addPending(db, kek, agent, Clock::system().now()); !added)
        return added;
    const auto active = storage::execute(db, u"UPDATE agent SET status = 'ACTIVE', pin_locator = NULL WHERE id = ?"_s, {agent.id});
    return active ? Status() : Status(fail(active.error()));
}

QCoro::Task<Status> enrol(QString data, int count, QString keysFile)
{
    const auto folder = co_await cli::DataFolder::open(data);
    if (!folder)
        co_return fail(folder.error());
    const QByteArray keys = crypto::randomBytes(qsizetype(count) * 48);
    const Status added = co_await (*folder)->database().write([keys, kek = (*folder)->kek()](QSqlDatabase db) -> Status {
        for (qsizetype i = 0; i < keys.size(); i += 48) {
            if (const Status one = addAgent(db, kek, keys.mid(i, 48)); !one)
                return one;
        }
        return {};
    });
    if (!added)
        co_return added;
    co_return writeDurably(keysFile, keys);
}

int serveEcho(const QCommandLineParser& parser)
{
    http::Edge edge;
    std::vector<std::shared_ptr<http::Socket>> sockets;
    edge.routeSocket("/echo", [&](const std::shared_ptr<http::Socket>& socket) {
        sockets.push_back(socket);
        QObject::connect(socket.get(), &http::Socket::received, socket.get(),
            [one = socket.get()](const QByteArray& bytes) { one->send(bytes); });
    });
    http::Edge::Settings settings;
    settings.port = parser.value(u"port"_s).toUShort();
    settings.certificatePem = readFile(parser.value(u"certificate"_s), 1 << 20).value_or(QByteArray());
    settings.keyPem = Secret(readFile(parser.value(u"tls-key"_s), 1 << 20).value_or(QByteArray()));
    if (const Status listening = edge.listen(settings); !listening)
        return refuse(listening.error().detail);
    return QCoreApplication::exec();
}

/// One line of standard input, and the line that answers it.
std::string obey(agentsim::Crowd& crowd, const std::string& line)
{
    std::array<char, 200> answer{};
    int first = 0, second = 0;
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
    if (line == "gather") {
        const bool isWhole = crowd.gather(256, std::chrono::seconds(300));
        std::snprintf(answer.data(), answer.size(), "%s present=%d seconds=%.1f", isWhole ? "ok" : "failed", crowd.present(), seconds());
    } else if (std::sscanf(line.c_str(), "whole %d", &first) == 1) {
        const bool isWhole = crowd.isWholeWithin(std::chrono::seconds(first));
        std::snprintf(answer.data(), answer.size(), "%s present=%d seconds=%.1f", isWhole ? "ok" : "failed", crowd.present(), seconds());
    } else if (std::sscanf(line.c_str(), "echo %d", &first) == 1) {
        std::snprintf(answer.data(), answer.size(), "ok seconds=%.2f", crowd.echo(first));
    } else if (std::sscanf(line.c_str(), "submit %d %d", &first, &second) == 2) {
        const auto out = crowd.submit(first, std::chrono::seconds(second));
        std::snprintf(answer.data(), answer.size(), "ok acknowledged=%lld late=%lld p50=%.1f p99=%.1f most=%.1f",
            static_cast<long long>(out.acknowledged), static_cast<long long>(out.late), out.p50, out.p99, out.most);
    } else {
        return "failed: gather, whole SECONDS, echo TOTAL or submit RATE SECONDS";
    }
    return answer.data();
}

int simulate(const QCommandLineParser& parser)
{
    std::signal(SIGPIPE, SIG_IGN); // a server that goes is part of the game
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);

    using Kind = agentsim::Crowd::Kind;
    const QString kind = parser.value(u"kind"_s);
    agentsim::Crowd::Settings settings;
    settings.port = parser.value(u"port"_s).toUShort();
    settings.path = parser.value(u"path"_s).toUtf8();
    settings.kind = kind == u"json" ? Kind::Json : kind == u"echo" ? Kind::Echo : Kind::Platen;
    settings.count = parser.value(u"count"_s).toInt();
    settings.perAddress = std::max(1, parser.value(u"per-address"_s).toInt());
    if (settings.path.isEmpty())
        settings.path = settings.kind == Kind::Platen ? "/a/v2/socket" : settings.kind == Kind::Echo ? "/echo" : "/";
    if (settings.kind == Kind::Platen)
        settings.keys = readFile(parser.value(u"keys"_s), 1 << 26).value_or(QByteArray());
    if (settings.kind == Kind::Platen && settings.keys.size() < settings.count * 48)
        return refuse(u"--keys has fewer agents than --count"_s);

    agentsim::Crowd crowd(settings);
    std::string line;
    for (;;) {
        crowd.listen(STDIN_FILENO);
        if (!std::getline(std::cin, line))
            return 0;
        std::printf("%s\n", obey(crowd, line).c_str());
        std::fflush(stdout);
    }
}

int perform(QCoreApplication& app)
{
    QCommandLineParser parser;
    for (const QString& name : {u"data"_s, u"keys"_s, u"port"_s, u"kind"_s, u"path"_s, u"certificate"_s, u"tls-key"_s})
        parser.addOption({name, {}, name});
    parser.addOption({u"count"_s, {}, u"N"_s, u"100"_s});
    parser.addOption({u"per-address"_s, {}, u"N"_s, u"500"_s});
    if (!parser.parse(QCoreApplication::arguments()))
        return refuse(parser.errorText());
    const QString what = parser.positionalArguments().value(0);
    if (what == u"run")
        return simulate(parser);
    if (what == u"echo")
        return serveEcho(parser);
    if (what != u"enrol") {
        std::fputs(usage, stdout);
        return what == u"help" ? 0 : 1;
    }
    enrol(parser.value(u"data"_s), parser.value(u"count"_s).toInt(), parser.value(u"keys"_s)).then([](const Status& done) {
        QMetaObject::invokeMethod(
            qApp, [done] { QCoreApplication::exit(done ? 0 : refuse(done.error().detail)); }, Qt::QueuedConnection);
    });
    return app.exec();
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    if (const Status ready = crypto::start(); !ready)
        return refuse(ready.error().detail);
    return perform(app);
}
