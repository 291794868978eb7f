// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/CoreDumps.h>
#include <base/Ending.h>
#include <crypto/Crypto.h>
#include <server/cli/Commands.h>

#include <QCoreApplication>

#include <cstdio>
#include <sys/stat.h>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

int failed(const Error& error)
{
    std::fprintf(stderr, "platen-server: %s\n", qPrintable(error.detail));
    return 1;
}

/// Ends the program with the outcome of a command that does one thing.
int finish(QCoro::Task<Status> task)
{
    task.then([](const Status& done) {
        QMetaObject::invokeMethod(
            qApp, [done] { QCoreApplication::exit(done ? 0 : failed(done.error())); }, Qt::QueuedConnection);
    });
    return QCoreApplication::exec();
}

int run(const cli::Server::Settings& settings)
{
    const auto server = std::make_shared<cli::Server>(settings);
    QObject::connect(
        server.get(), &cli::Server::stopped, qApp, [] { QCoreApplication::exit(0); }, Qt::QueuedConnection);
    stopOnSignals(
        server.get(), [serving = server.get()] { serving->stop(); }, [serving = server.get()] { serving->reload(); });
    cli::start(server).then([](const Status& done) {
        if (!done)
            QMetaObject::invokeMethod(
                qApp, [done] { QCoreApplication::exit(failed(done.error())); }, Qt::QueuedConnection);
    });
    return QCoreApplication::exec();
}

int perform(const cli::RunCommand& command) { return run(command.settings); }

int perform(const cli::SayCommand& command)
{
    std::fputs(qPrintable(command.text), stdout);
    return 0;
}

/// All others do one thing.
int perform(const auto& command) { return finish(cli::carryOut(command)); }

} // namespace

int main(int argc, char** argv)
{
    ::umask(0077); // whatever we make is for its owner only
    refuseCoreDumps();
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"platen-server"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PLATEN_VERSION));
    if (qEnvironmentVariableIsEmpty("QT_MESSAGE_PATTERN"))
        qSetMessagePattern(u"%{time yyyy-MM-dd HH:mm:ss.zzz} %{type} %{category}: %{message}"_s);
    if (const Status ready = crypto::start(); !ready)
        return failed(ready.error());

    const auto command = cli::parse(QCoreApplication::arguments());
    if (!command)
        return failed(command.error());
    return std::visit([](const auto& wanted) { return perform(wanted); }, *command);
}
