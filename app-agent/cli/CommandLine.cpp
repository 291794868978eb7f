// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CommandLine.h"

#include <agent/engine/DataFolder.h>
#include <base/Ending.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
#include <QTextStream>
#include <QThread>

#include <algorithm>
#include <array>
#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr std::array commands{
    Command{"run"_L1, "watches the site's printers and reports to the server, until it is stopped"_L1, &runAgent},
    Command{"activate"_L1, "joins a server by the PIN that its administrator gave you; once"_L1, &activate},
    Command{"deactivate"_L1, "leaves the server for good: the key is destroyed there and here"_L1, &deactivate},
    Command{"status"_L1, "shows how the agent is doing, also while it runs"_L1, &showStatus},
    Command{"config"_L1, "checks the settings and shows them as the agent takes them"_L1, &checkConfig},
    Command{"collect"_L1, "reads printers once and prints what they say; needs no server"_L1, &collect},
    Command{"walk"_L1, "records everything that one device answers, for the support"_L1, &walk},
};

QString help()
{
    QString text = u"Usage: platen-agent COMMAND [OPTION …]\n\n"
                   "Finds the printers of a site, reads their meters, supplies and status, and sends what changed, "
                   "sealed, to a Platen\n"
                   "server. It only ever connects outwards.\n\nCommands:\n"_s;
    for (const Command& command : commands)
        text += u"  %1%2\n"_s.arg(QString(command.name).leftJustified(11), command.summary);
    return text
        + u"\nOptions:\n  --help      this text; after a command: what it takes\n  --version   the version\n\n"
          "To begin:   platen-agent activate --server https://platen.example:8443 --pin LLLL-SSSS-SSSC\n"
          "            platen-agent run\n"
          "To look:    platen-agent collect --range 192.168.1.0/24\n"_s;
}

/// A command's own output is not mixed with reports of what goes well.
void setUpLog(const QString& command)
{
    if (command == "run"_L1) {
        qSetMessagePattern(u"%{time yyyy-MM-dd hh:mm:ss.zzz} "
                           u"%{if-debug}debug%{endif}%{if-info}info%{endif}%{if-warning}warning%{endif}"
                           "%{if-critical}critical%{endif}%{if-fatal}fatal%{endif} %{category}: %{message}"_s);
        return;
    }
    qSetMessagePattern(u"platen-agent: %{message}"_s);
    QLoggingCategory::setFilterRules(u"platen.*.info=false"_s);
}

} // namespace

int runCommandLine(const QStringList& arguments)
{
    const QString first = arguments.value(0);
    if (first == "--version"_L1 || first == "-v"_L1 || first == "version"_L1) {
        print(u"platen-agent %1\n"_s.arg(QCoreApplication::applicationVersion()));
        return 0;
    }
    if (first == "--help"_L1 || first == "-h"_L1 || first == "help"_L1) {
        print(help());
        return 0;
    }
    if (first.isEmpty()) {
        say(help());
        return failWith(u"name a command"_s);
    }
    const auto command = std::ranges::find(commands, first, &Command::name);
    if (command == commands.end())
        return failWith(u"there is no command \"%1\"; platen-agent --help lists them"_s.arg(first));
    setUpLog(first);
    return command->run(arguments.sliced(1));
}

std::optional<int> parse(QCommandLineParser& parser, const QString& command, const QStringList& arguments)
{
    parser.addOption({{u"h"_s, u"help"_s}, u"This text."_s});
    parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
    if (!parser.parse(QStringList{u"platen-agent "_s + command} + arguments)) {
        QString why = parser.errorText();
        while (why.endsWith(u'.'))
            why.chop(1);
        return failWith(u"%1; see platen-agent %2 --help"_s.arg(why, command));
    }
    if (!parser.isSet(u"help"_s))
        return std::nullopt;
    QString text = parser.helpText();
    const QString program = QCoreApplication::arguments().constFirst(); // wherever it lies
    if (const qsizetype at = text.indexOf(program); at >= 0)
        text.replace(at, program.size(), u"platen-agent "_s + command);
    print(text);
    return 0;
}

int failWith(const QString& sentence)
{
    say(u"platen-agent: %1%2"_s.arg(sentence, sentence.endsWith(u'.') ? QString() : u"."_s));
    return 1;
}

int failWith(const Error& error) { return failWith(error.detail); }

void print(const QString& text)
{
    QTextStream out(stdout);
    out << text;
}

void say(const QString& sentence)
{
    QTextStream out(stderr);
    out << sentence << '\n';
}

bool isTerminal() { return ::isatty(STDERR_FILENO) != 0; }

int exitCodeOf(const std::function<QCoro::Task<int>()>& begin, std::function<void()> stop)
{
    QCoreApplication* application = QCoreApplication::instance();
    if (!stop)
        stop = [] { QCoreApplication::exit(130); };
    stopOnSignals(application, stop);
    QMetaObject::invokeMethod(
        application, [&begin] { begin().then([](int code) { QCoreApplication::exit(code); }); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

Result<storage::FolderLock> lockOf(const QString& folder)
{
    Result<storage::FolderLock> lock = storage::FolderLock::take(folder);
    for (int again = 0; again < 10 && !lock && lock.error().code == ErrorCode::Conflict; ++again) {
        QThread::msleep(50); // before there is an event loop
        lock = storage::FolderLock::take(folder);
    }
    return lock;
}

QString dataFolderOf(const QCommandLineParser& parser)
{
    return parser.isSet(u"data"_s) ? parser.value(u"data"_s) : DataFolder::defaultPath();
}

} // namespace platen::agent
