// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <chaosproxy/Proxy.h>

#include <base/Ending.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTextStream>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

int refuse(const QString& why)
{
    QTextStream(stderr) << "platen-chaosproxy: " << why << Qt::endl;
    return 1;
}

constexpr auto description = R"(A bad network on loopback: passes TCP connections on to a server and does to them what networks do.

  a slow, shaky line:            platen-chaosproxy --to 127.0.0.1:8443 --listen 9443 --delay 300+-200 --throttle 8000
  dies in the middle of things:  platen-chaosproxy --to 127.0.0.1:8443 --listen 9443 --cut up:2000
  only the first two die:        platen-chaosproxy --to 127.0.0.1:8443 --listen 9443 --reset down:500 --only 2
  a path that is dead silently:  platen-chaosproxy --to 127.0.0.1:8443 --listen 9443 --half-open up:4000
  overtaking connections:        platen-chaosproxy --to 127.0.0.1:8080 --listen 9080 --reorder 4
  everything comes twice:        platen-chaosproxy --to 127.0.0.1:8080 --listen 9080 --duplicate

Faults may be combined. WAY is up (from the client to the server) or down; without it both ways are meant.
Then point the client at 127.0.0.1 and the port after --listen. Each connection's end is told in a line.)";

void declare(QCommandLineParser& parser)
{
    parser.setApplicationDescription(QString::fromUtf8(description));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {u"to"_s, u"The server: its address and port."_s, u"address:port"_s},
        {u"listen"_s, u"Port on 127.0.0.1; 0, the default, takes any free one and says which."_s, u"port"_s, u"0"_s},
        {u"delay"_s, u"Milliseconds before bytes go on: 200, up:200 or down:200+-50."_s, u"[WAY:]ms[+-ms]"_s},
        {u"throttle"_s, u"Bytes per second: 8000, up:1000."_s, u"[WAY:]rate"_s},
        {u"cut"_s, u"End the connection after so many bytes of a way, as if one of them had closed it."_s, u"WAY:bytes"_s},
        {u"reset"_s, u"The same, with a reset."_s, u"WAY:bytes"_s},
        {u"half-open"_s, u"Pass nothing on any more after so many bytes, and tell nobody."_s, u"WAY:bytes"_s},
        {u"reorder"_s, u"Hold connections until there are so many (or 0.3 s), then let the last through first."_s, u"number"_s},
        {u"duplicate"_s, u"Send all that clients send over a second connection, too; its answers are dropped."_s},
        {u"only"_s, u"Spare all connections but the first so many."_s, u"number"_s},
    });
}

Result<chaosproxy::Faults> faultsFrom(const QCommandLineParser& parser)
{
    chaosproxy::Faults faults;
    const Status read = chaosproxy::readFaults({parser.values(u"delay"_s), parser.values(u"throttle"_s), parser.values(u"cut"_s),
                                                   parser.values(u"reset"_s), parser.values(u"half-open"_s)}, faults);
    if (!read)
        return fail(read.error());
    bool isReorder = true, isOnly = true;
    faults.reorder = parser.isSet(u"reorder"_s) ? parser.value(u"reorder"_s).toInt(&isReorder) : 0;
    faults.only = parser.isSet(u"only"_s) ? parser.value(u"only"_s).toInt(&isOnly) : 0;
    if (!isReorder || !isOnly || faults.reorder < 0 || faults.only < 0)
        return fail(ErrorCode::InvalidInput, u"--reorder and --only take numbers"_s);
    faults.isDuplicated = parser.isSet(u"duplicate"_s);
    return faults;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"platen-chaosproxy"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PLATEN_VERSION));
    QCommandLineParser parser;
    declare(parser);
    parser.process(app);
    if (!parser.positionalArguments().isEmpty())
        return refuse(u"does not understand \"%1\": --help tells the options"_s.arg(parser.positionalArguments().first()));

    const QString to = parser.value(u"to"_s);
    const QHostAddress target(to.section(u':', 0, -2).remove(u'[').remove(u']'));
    bool isPort = false, isListen = false;
    const quint16 targetPort = to.section(u':', -1).toUShort(&isPort);
    const quint16 port = parser.value(u"listen"_s).toUShort(&isListen);
    if (target.isNull() || !isPort || targetPort == 0)
        return refuse(u"--to takes the server's address and port, like 127.0.0.1:8443, not \"%1\""_s.arg(to));
    if (!isListen)
        return refuse(u"--listen takes a port, not \"%1\""_s.arg(parser.value(u"listen"_s)));
    const Result<chaosproxy::Faults> faults = faultsFrom(parser);
    if (!faults)
        return refuse(faults.error().detail);

    chaosproxy::Proxy proxy(target, targetPort);
    proxy.setFaults(*faults);
    if (const Status open = proxy.open(port); !open)
        return refuse(open.error().detail);
    QTextStream out(stdout);
    QObject::connect(&proxy, &chaosproxy::Proxy::connectionEnded, &app, [&out](int number, const QString& how, qint64 up, qint64 down) {
        out << "connection " << number << ": " << up << " bytes up, " << down << " down, " << how << Qt::endl;
    });
    stopOnSignals(&app, [] { QCoreApplication::quit(); });
    out << "listening on 127.0.0.1:" << proxy.port() << ", passing on to " << to << Qt::endl;
    return QCoreApplication::exec();
}
