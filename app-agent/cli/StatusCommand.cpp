// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"

#include <agent/engine/DataFolder.h>
#include <agent/engine/Report.h>
#include <storage/FolderLock.h>

#include <QCommandLineParser>
#include <QFileInfo>
#include <QJsonDocument>
#include <QStorageInfo>

using namespace Qt::StringLiterals;

namespace platen::agent {

int showStatus(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"\nShows how the agent is doing, also while it runs."_s);
    parser.addOptions({
        {u"json"_s, u"For machines."_s},
        {u"data"_s,
            u"The agent's data folder. Default: /var/lib/platen-agent for root, else ~/.local/share/platen-agent."_s,
            u"DIR"_s},
    });
    if (const auto code = parse(parser, u"status"_s, arguments))
        return *code;
    const DataFolder folder{QFileInfo(dataFolderOf(parser)).absoluteFilePath()};
    if (!QFileInfo(folder.path).isDir())
        return failWith(
            u"there is no agent's data folder %1: activate the agent first, or name its folder by --data"_s.arg(
                folder.path));
    Result<Report> report = Report::read(folder.statusFile());
    if (!report && report.error().code == ErrorCode::NotFound)
        return failWith(u"the agent in %1 never ran: start it by platen-agent run"_s.arg(folder.path));
    if (!report)
        return failWith(report.error());
    report->freeBytes = QStorageInfo(folder.path).bytesAvailable();
    report->keyProtection = folder.keyProtection();
    const auto lock = storage::FolderLock::take(folder.path);
    report->isRunning = !lock && lock.error().code == ErrorCode::Conflict;
    if (!report->isRunning)
        report->connection = u"stopped"_s;
    print(parser.isSet(u"json"_s) ? QString::fromUtf8(QJsonDocument(report->toJson()).toJson()) : report->toText());
    return 0;
}

} // namespace platen::agent
