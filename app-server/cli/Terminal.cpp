// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Terminal.h"

#include <QFile>
#include <QTextStream>

#include <algorithm>
#include <cstdio>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

constexpr int longestLine = 4096;

/// The terminal shows nothing while this lives.
class NoEcho {
public:
    NoEcho()
    {
        m_changed = ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (m_changed)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~NoEcho()
    {
        if (m_changed)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios m_before{};
    bool m_changed = false;
};

Result<Secret> ask(const QString& prompt)
{
    std::fputs(qPrintable(prompt), stderr);
    std::fflush(stderr);
    const NoEcho silent;
    auto line = readSecretLine();
    std::fputc('\n', stderr);
    return line;
}

} // namespace

void say(const QString& text) { QTextStream(stdout) << text << Qt::flush; }

void sayTable(const QStringList& headings, const QList<QStringList>& rows, const QString& nothing)
{
    if (rows.isEmpty())
        return say(nothing + u'\n');
    QList<qsizetype> widths(headings.size(), 0);
    QList<QStringList> all = QList<QStringList>{headings} + rows;
    for (QStringList& row : all)
        for (qsizetype column = 0; column < row.size(); ++column) {
            row[column].removeIf([](QChar character) { return character.category() == QChar::Other_Control; });
            widths[column] = std::max(widths[column], row[column].size());
        }
    for (const QStringList& row : std::as_const(all)) {
        QString line;
        for (qsizetype column = 0; column < row.size(); ++column)
            line += row[column].leftJustified(widths[column] + 2);
        say(line.trimmed() + u'\n');
    }
}

bool isTerminal() { return ::isatty(STDIN_FILENO) == 1; }

Result<Secret> readSecretLine()
{
    QByteArray line;
    char c = 0;
    while (line.size() < longestLine && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
        line.append(c);
    if (line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty())
        return fail(ErrorCode::InvalidInput,
            u"No password was given: type one, or send one line on standard input with --password-stdin."_s);
    return Secret(std::move(line));
}

Result<Secret> askNewPassword(const QString& prompt)
{
    auto first = ask(prompt + u": "_s);
    if (!first)
        return first;
    const auto second = ask(prompt + u" again: "_s);
    if (!second)
        return second;
    if (!(*first == *second))
        return fail(ErrorCode::InvalidInput, u"The two passwords differ: run the command again."_s);
    return first;
}

} // namespace platen::cli
