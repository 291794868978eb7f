// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <memory>

namespace platen::test {

/// What a program that ran to its end left.
struct Outcome {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;

    /// One line besides log lines, and it has all the words.
    bool saysInOneSentence(const QStringList& words) const;
};

/// The path of a built program: "platen-agent", …
QString programPath(const QString& name);

/// Runs a program to its end (at most 60 s).
Outcome run(const QString& program, const QStringList& arguments, const QByteArray& input = {});

/// A program that stays. Ends with this object (SIGTERM, then SIGKILL).
class Running {
public:
    /// `log` gets everything it prints.
    Running(const QString& program, const QStringList& arguments, const QString& log);
    ~Running();

    void kill();       ///< SIGKILL, and waits until it is gone
    int terminate();   ///< SIGTERM, and waits; its exit code, −1 when it had to be killed or crashed
    qint64 pid() const { return m_process.processId(); }
    bool isRunning() const { return m_process.state() == QProcess::Running; }

private:
    QProcess m_process;
};

/// A TCP port of 127.0.0.1 nobody listens on now.
quint16 freePort();

} // namespace platen::test
