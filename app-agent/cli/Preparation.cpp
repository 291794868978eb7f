// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Preparation.h"

#include "CommandLine.h"
#include "DryRun.h"
#include "Profiles.h"

#include <agent/engine/Log.h>
#include <agent/engine/SettingsFile.h>
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

Result<Enrolment> enrolmentOf(const DataFolder& folder)
{
    const Result<Secret> key = folder.keyFile().load();
    if (!key && !folder.keyFile().exists())
        return fail(ErrorCode::NotFound,
            u"the agent in %1 is not activated: run platen-agent activate --server URL --pin PIN first"_s.arg(
                folder.path));
    if (!key)
        return fail(key.error());
    return Enrolment::decode(*key);
}

QUrl serverOf(const Settings& settings, const Enrolment& enrolment)
{
    return settings.serverUrl.isEmpty() ? enrolment.server : settings.serverUrl;
}

/// Everything that must be right before the agent does anything.
Result<Agent::Setup> setupOf(const DataFolder& folder)
{
    const Result<Settings> settings = loadSettings(folder.settings());
    if (!settings)
        return fail(settings.error());
    if (const Status better = folder.keyFile().useCredential(); !better)
        return fail(better.error());
    const Result<Enrolment> enrolment = enrolmentOf(folder);
    if (!enrolment)
        return fail(enrolment.error());
    if (const Status allowed = enrolment->trust(settings->allowPlainHttp).allows(serverOf(*settings, *enrolment)); !allowed)
        return fail(allowed.error());
    const Result<Profiles> profiles = profilesWith(settings->profiles);
    if (!profiles)
        return fail(profiles.error());
    return Agent::Setup{folder, *settings, *enrolment, profiles->catalogue, profiles->pages};
}

QCoro::Task<> startOrExit(std::shared_ptr<Agent> agent)
{
    if (const Status started = co_await agent->start(); !started)
        QCoreApplication::exit(failWith(started.error()));
}

QCoro::Task<int> printDryRun(Settings settings, QString server)
{
    const Logins logins(settings, crypto::randomSecret(32));
    const ScanPlan plan = co_await ScanPlan::make(settings, logins);
    print(scanText(plan, settings) + sendingText(settings, server) + u"Nothing was sent now.\n"_s);
    co_return plan.spans() ? 0 : 1;
}

} // namespace

void addDataOption(QCommandLineParser& parser)
{
    parser.addOption({u"data"_s,
        u"The agent's data folder. Default: /var/lib/platen-agent for root, else ~/.local/share/platen-agent."_s,
        u"DIR"_s});
}

Result<Prepared> prepared(const QCommandLineParser& parser)
{
    ::umask(0077); // what the agent writes is nobody else's business
    std::signal(SIGXFSZ, SIG_IGN); // a limit on files is to us what a full disk is: an error, not an end
    if (const Status awake = crypto::start(); !awake)
        return fail(awake.error());
    if (const QString path = dataFolderOf(parser); !QFileInfo(path).isDir())
        return fail(ErrorCode::NotFound,
            u"there is no data folder %1: run platen-agent activate --server URL --pin PIN first, or name another by --data"_s
                .arg(path));
    const Result<DataFolder> folder = DataFolder::make(dataFolderOf(parser));
    if (!folder)
        return fail(folder.error());
    Result<storage::FolderLock> lock = lockOf(folder->path);
    if (!lock)
        return fail(lock.error());
    Result<Agent::Setup> setup = setupOf(*folder);
    if (!setup)
        return fail(setup.error());
    return Prepared{*std::move(setup), *std::move(lock)};
}

int runUntilStopped(std::shared_ptr<Agent> agent)
{
    QObject::connect(
        agent.get(), &Agent::stopped, QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
    stopOnSignals(agent.get(), [agent] {
        qCInfo(lcAgent) << "stopping";
        agent->stop();
    });
    QMetaObject::invokeMethod(agent.get(), [agent] { startOrExit(agent); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

int showDryRun(const QCommandLineParser& parser)
{
    if (const Status awake = crypto::start(); !awake)
        return failWith(awake.error());
    const DataFolder folder{QFileInfo(dataFolderOf(parser)).absoluteFilePath()};
    const Result<Settings> settings = loadSettings(folder.settings());
    if (!settings)
        return failWith(settings.error());
    const Result<Enrolment> enrolment = enrolmentOf(folder);
    const QString server = enrolment ? serverOf(*settings, *enrolment).toString() : u"the server (this agent is not activated)"_s;
    return exitCodeOf([settings = *settings, server] { return printDryRun(settings, server); });
}

} // namespace platen::agent
