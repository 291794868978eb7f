// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"
#include "Preparation.h"

#include <agent/engine/Deactivation.h>
#include <agent/engine/SettingsFile.h>
#include <crypto/Crypto.h>

#include <QCommandLineParser>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct Wish {
    bool isLocal = false; ///< the server is not told
    bool discards = false; ///< unsent readings
};

QString ending(const QString& agent, const QString& server, std::optional<Deactivation::Farewell> farewell)
{
    const QString done = u"Agent %1 is deactivated: its key is destroyed here, what it knew of the printers is removed, agent.json stays.\n"_s.arg(agent);
    if (!farewell)
        return done + u"%1 was not told: ask its administrator to run platen-server agent deactivate %2\n"_s.arg(server, agent.left(8));
    if (*farewell == Deactivation::Farewell::Unknown)
        return done + u"%1 took nothing from it any more, or does not know it.\n"_s.arg(server);
    return done + u"%1 destroyed the key as well. Its readings and their history stay there; an agent activated anew for the same "
                  "customer goes on with the same devices, found by serial number and network address.\n"_s.arg(server);
}

QCoro::Task<Result<QString>> deactivateIn(DataFolder folder, Wish wish)
{
    const Result<storage::FolderLock> lock = lockOf(folder.path);
    if (!lock && lock.error().code == ErrorCode::Conflict)
        co_return fail(ErrorCode::Conflict, u"the agent runs in %1: stop it first"_s.arg(folder.path));
    if (!lock)
        co_return fail(lock.error());
    const Result<Settings> settings = loadSettings(folder.settings());
    if (!settings)
        co_return fail(settings.error());
    if (!folder.keyFile().exists())
        co_return fail(ErrorCode::NotFound, u"the agent in %1 is not activated"_s.arg(folder.path));
    Deactivation deactivation(folder, *settings);
    if (const qsizetype unsent = deactivation.unsent(); unsent > 0 && !wish.discards)
        co_return fail(ErrorCode::Conflict,
            u"%1 submissions wait to be sent, and without the key nobody can read them: run the agent until they are delivered, or give --discard"_s
                .arg(unsent));
    const Result<Secret> key = folder.keyFile().load();
    const Result<Enrolment> enrolment = key ? Enrolment::decode(*key) : fail(key.error());
    if (!enrolment && !wish.isLocal)
        co_return fail(enrolment.error().code, enrolment.error().detail + u" To end it here without the server: --local."_s);
    std::optional<Deactivation::Farewell> farewell;
    if (!wish.isLocal) {
        const auto told = co_await deactivation.tell(*enrolment);
        if (!told)
            co_return fail(told.error().code,
                u"the server could not be told (%1): try again later, or end it here alone by --local"_s.arg(told.error().detail));
        farewell = *told;
    }
    if (const Status forgotten = deactivation.forget(); !forgotten)
        co_return fail(forgotten.error());
    co_return ending(enrolment ? QString::fromLatin1(enrolment->agentId.toHex()) : u"in "_s + folder.path,
        enrolment ? enrolment->server.toString() : u"Its server"_s, farewell);
}

QCoro::Task<int> deactivateFor(QString path, Wish wish)
{
    const Result<DataFolder> folder = DataFolder::make(path);
    if (!folder)
        co_return failWith(folder.error());
    const Result<QString> outcome = co_await deactivateIn(*folder, wish);
    if (!outcome)
        co_return failWith(outcome.error());
    print(*outcome);
    co_return 0;
}

} // namespace

int deactivate(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nLeaves the server for good: the key is destroyed there and here. To come back the agent needs a new PIN; its\n"
        "printers and their history stay at the server. Stop the agent first."_s);
    parser.addOptions({
        {u"discard"_s, u"Although readings wait to be sent: they are lost."_s},
        {u"local"_s, u"Without the server, when it cannot be reached; its administrator has to deactivate the agent there."_s},
    });
    addDataOption(parser);
    if (const auto code = parse(parser, u"deactivate"_s, arguments))
        return *code;
    if (!parser.positionalArguments().isEmpty())
        return failWith(u"deactivate takes no \"%1\"; see platen-agent deactivate --help"_s.arg(parser.positionalArguments().first()));
    if (const Status awake = crypto::start(); !awake)
        return failWith(awake.error());
    const QString path = dataFolderOf(parser);
    if (!QFileInfo(path).isDir())
        return failWith(u"there is no agent's data folder %1: name it by --data"_s.arg(path));
    const Wish wish{parser.isSet(u"local"_s), parser.isSet(u"discard"_s)};
    return exitCodeOf([path, wish] { return deactivateFor(path, wish); });
}

} // namespace platen::agent
