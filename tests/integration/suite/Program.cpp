// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Program.h"

#include <QHash>
#include <QRegularExpression>
#include <QTcpServer>

using namespace Qt::StringLiterals;

namespace platen::test {

bool Outcome::saysInOneSentence(const QStringList& words) const
{
    static const QRegularExpression logLine(u"^\\d{4}-\\d\\d-\\d\\d \\S+ \\w+ platen\\."_s); // servers log to standard error, too
    QStringList lines = QString::fromUtf8(err).trimmed().split(u'\n');
    lines.removeIf([](const QString& line) { return logLine.match(line).hasMatch(); });
    const QString text = lines.join(u'\n');
    for (const QString& word : words)
        if (!text.contains(word, Qt::CaseInsensitive))
            return false;
    return !text.isEmpty() && !text.contains(u'\n');
}

QString programPath(const QString& name)
{
    static const QHash<QString, QString> folders{{u"platen-server"_s, u"app-server"_s}, {u"platen-agent"_s, u"app-agent"_s},
                                                 {u"platen-console"_s, u"app-console"_s}, {u"platen-fleetsim"_s, u"tests/fleetsim"_s}};
    return QStringLiteral(PLATEN_BUILD_DIR "/") + folders.value(name) + u'/' + name;
}

Outcome run(const QString& program, const QStringList& arguments, const QByteArray& input)
{
    QProcess process;
    process.start(programPath(program), arguments);
    process.write(input);
    process.closeWriteChannel();
    const bool ended = process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit;
    return {ended ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

Running::Running(const QString& program, const QStringList& arguments, const QString& log)
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(log, QIODevice::Append);
    m_process.start(programPath(program), arguments);
    m_process.waitForStarted();
}

Running::~Running()
{
    if (isRunning())
        terminate();
}

void Running::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

int Running::terminate()
{
    m_process.terminate();
    if (!m_process.waitForFinished(15'000)) {
        kill();
        return -1;
    }
    return m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
}

quint16 freePort()
{
    QTcpServer probe;
    probe.listen(QHostAddress::LocalHost);
    return probe.serverPort();
}

} // namespace platen::test
