// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"

#include <agent/engine/Agent.h>
#include <agent/engine/Log.h>
#include <base/Ending.h>
#include <crypto/Crypto.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>

#include <csignal>
#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

/// Everything that must be right before the agent does anything.
Result<Agent::Setup> prepared(const DataFolder& folder)
{
    const Result<Settings> settings = Settings::load(folder.settings());
    if (!settings)
        return fail(settings.error());
    const Result<Secret> key = folder.keyFile().load();
    if (!key && !folder.keyFile().exists())
        return fail(ErrorCode::NotFound,
            u"the agent in %1 is not activated: run platen-agent activate --server URL --pin PIN first"_s.arg(
                folder.path));
    if (!key)
        return fail(key.error());
    const Result<Enrolment> enrolment = Enrolment::decode(*key);
    if (!enrolment)
        return fail(enrolment.error());
    const QUrl server = settings->serverUrl.isEmpty() ? enrolment->server : settings->serverUrl;
    if (const Status allowed = enrolment->trust(settings->allowPlainHttp).allows(server); !allowed)
        return fail(allowed.error());
    const auto catalogue = profiles::Catalogue::builtIn();
    if (!catalogue)
        return fail(catalogue.error());
    return Agent::Setup{folder, *settings, *enrolment, *catalogue};
}

void warnOfReaders(const DataFolder& folder)
{
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther;
    if (QFileInfo::exists(folder.settings()) && (QFileInfo(folder.settings()).permissions() & others))
        qCWarning(lcAgent).noquote() << folder.settings()
                                     << "holds SNMP communities and can be read by others: chmod 600 it";
}

QCoro::Task<> startOrExit(std::shared_ptr<Agent> agent)
{
    if (const Status started = co_await agent->start(); !started)
        QCoreApplication::exit(failWith(started.error()));
}

} // namespace

int runAgent(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nWatches the site's printers and reports to the server, until it is stopped (Ctrl-C, SIGTERM).\n"
        "Its settings are in the file agent.json of its data folder; docs/agent-settings.md explains them."_s);
    parser.addOption({u"data"_s,
        u"The agent's data folder. Default: /var/lib/platen-agent for root, else ~/.local/share/platen-agent."_s,
        u"DIR"_s});
    if (const auto code = parse(parser, u"run"_s, arguments))
        return *code;
    if (!parser.positionalArguments().isEmpty())
        return failWith(
            u"run takes no \"%1\"; see platen-agent run --help"_s.arg(parser.positionalArguments().first()));
    ::umask(0077); // what the agent writes is nobody else's business
    std::signal(SIGXFSZ, SIG_IGN); // a limit on files is to us what a full disk is: an error, not an end
    if (const Status awake = crypto::start(); !awake)
        return failWith(awake.error());
    if (const QString path = dataFolderOf(parser); !QFileInfo(path).isDir())
        return failWith(
            u"there is no data folder %1: run platen-agent activate --server URL --pin PIN first, or name another by --data"_s
                .arg(path));
    const Result<DataFolder> folder = DataFolder::make(dataFolderOf(parser));
    if (!folder)
        return failWith(folder.error());
    const Result<storage::FolderLock> lock = lockOf(folder->path);
    if (!lock)
        return failWith(lock.error());
    Result<Agent::Setup> setup = prepared(*folder);
    if (!setup)
        return failWith(setup.error());
    warnOfReaders(*folder);

    const auto agent = std::make_shared<Agent>(*std::move(setup));
    QObject::connect(
        agent.get(), &Agent::stopped, QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
    stopOnSignals(agent.get(), [&agent] {
        qCInfo(lcAgent) << "stopping";
        agent->stop();
    });
    QMetaObject::invokeMethod(agent.get(), [agent] { startOrExit(agent); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace platen::agent
