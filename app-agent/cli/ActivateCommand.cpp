// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"

#include <agent/engine/Activation.h>
#include <agent/engine/SettingsFile.h>
#include <base/File.h>
#include <crypto/Crypto.h>

#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QTextStream>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype longestName = 100;

struct Request {
    QString dataFolder;
    Activation::Order order;
};

/// A new folder goes again when nothing came of it.
void removeNew(const QString& path)
{
    QFile::remove(path + u"/lock"_s);
    QDir().rmdir(path);
}

QCoro::Task<Result<QString>> activateIn(DataFolder folder, Activation::Order order)
{
    const Result<storage::FolderLock> lock = lockOf(folder.path);
    if (!lock)
        co_return fail(lock.error());
    const Result<Settings> settings = loadSettings(folder.settings());
    if (!settings)
        co_return fail(settings.error());
    Activation activation(folder, *settings);
    const Result<Enrolment> enrolment = co_await activation.run(order);
    if (!enrolment)
        co_return fail(enrolment.error());
    if (!QFileInfo::exists(folder.settings()))
        if (const Status written = writeDurably(folder.settings(), defaultFile()); !written)
            co_return fail(written.error());
    co_return u"Activated as agent %1 of %2.\nSay where the printers are in %3, then start: platen-agent run\n"_s.arg(
        QString::fromLatin1(enrolment->agentId.toHex()), enrolment->server.toString(), folder.settings());
}

QCoro::Task<int> activateFor(Request request)
{
    const bool isNew = !QFileInfo::exists(request.dataFolder);
    const Result<DataFolder> folder = DataFolder::make(request.dataFolder);
    if (!folder)
        co_return failWith(folder.error());
    const Result<QString> outcome = co_await activateIn(*folder, request.order);
    if (outcome) {
        print(*outcome);
        co_return 0;
    }
    if (isNew)
        removeNew(folder->path);
    co_return failWith(outcome.error());
}

/// "-": a line of the standard input, which no list of processes shows.
QString pinText(const QCommandLineParser& parser)
{
    const QString given = parser.value(u"pin"_s);
    return given == "-"_L1 ? QTextStream(stdin).readLine(200) : given;
}

Result<Request> requestFrom(const QCommandLineParser& parser)
{
    for (const QString& option : {u"server"_s, u"pin"_s})
        if (!parser.isSet(option))
            return fail(
                ErrorCode::InvalidInput, u"activate needs --%1; see platen-agent activate --help"_s.arg(option));
    if (!parser.positionalArguments().isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"activate takes no \"%1\"; see platen-agent activate --help"_s.arg(parser.positionalArguments().first()));
    const Result<QUrl> server = serverUrlFrom(parser.value(u"server"_s));
    if (!server)
        return fail(server.error().code, u"--server is wrong: %1"_s.arg(server.error().detail));
    const Result<crypto::Pin> pin = crypto::Pin::parse(pinText(parser));
    if (!pin)
        return fail(pin.error());
    const QString name = parser.value(u"name"_s).simplified();
    if (name.size() > longestName)
        return fail(ErrorCode::InvalidInput, u"--name must have at most %1 characters"_s.arg(longestName));
    return Request{dataFolderOf(parser), {*server, *pin, name}};
}

} // namespace

int activate(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"\nJoins a server by the PIN that its administrator gave you, which works once. The PIN proves the server as "
        u"well: its\n"
        "certificate need not be known, and nobody between can listen or take its place."_s);
    parser.addOptions({
        {u"server"_s,
            u"The server's address, such as https://platen.example:8443. http:// only when agent.json says \"allowPlainHttp\": true."_s,
            u"URL"_s},
        {u"pin"_s, u"The PIN, LLLL-SSSS-SSSC; \"-\" reads it from the standard input."_s, u"PIN"_s},
        {u"name"_s, u"What the console calls this agent, such as the site's name. Default: the server gives one."_s,
            u"NAME"_s},
        {u"data"_s,
            u"The agent's data folder. Default: /var/lib/platen-agent for root, else ~/.local/share/platen-agent."_s,
            u"DIR"_s},
    });
    if (const auto code = parse(parser, u"activate"_s, arguments))
        return *code;
    ::umask(0077); // what the agent writes is nobody else's business
    if (const Status awake = crypto::start(); !awake)
        return failWith(awake.error());
    const Result<Request> request = requestFrom(parser);
    if (!request)
        return failWith(request.error());
    return exitCodeOf([request = *request] { return activateFor(request); });
}

} // namespace platen::agent
