// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "IppPrinter.h"

#include "Wait.h"

#include <QDir>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>

using namespace Qt::StringLiterals;

namespace platen::test {

namespace {

bool write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

bool answers(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    return socket.waitForConnected(200);
}

void stop(QProcess& process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.kill();
    process.waitForFinished();
}

} // namespace

IppPrinter::~IppPrinter()
{
    stop(m_printer);
    stop(m_bus);
}

bool IppPrinter::start(const QByteArray& configuration)
{
    const QString program = QStandardPaths::findExecutable(u"ippeveprinter"_s, {u"/usr/sbin"_s, u"/usr/bin"_s});
    const QString bus = m_folder.filePath(u"bus"_s);
    const QByteArray policy = "<busconfig><type>custom</type><listen>unix:path=" + bus.toUtf8()
        + "</listen><policy context=\"default\"><allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow "
          "own=\"*\"/>"
          "</policy></busconfig>";
    if (program.isEmpty() || !write(m_folder.filePath(u"bus.conf"_s), policy)
        || !write(m_folder.filePath(u"printer.conf"_s), configuration) || !QDir(m_folder.path()).mkdir(u"spool"_s))
        return false;

    m_bus.start(
        u"dbus-daemon"_s, {u"--nofork"_s, u"--nopidfile"_s, u"--config-file="_s + m_folder.filePath(u"bus.conf"_s)});
    if (!eventually([&] { return QFile::exists(bus); }))
        return false;

    m_port = freePort();
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, u"unix:path="_s + bus);
    m_printer.setProcessEnvironment(environment);
    m_printer.setStandardErrorFile(m_folder.filePath(u"log"_s));
    QStringList arguments{u"-v"_s, u"-r"_s, u"off"_s, u"-n"_s, u"localhost"_s, u"-p"_s, QString::number(m_port),
        u"-K"_s, m_folder.path(), u"-d"_s, m_folder.filePath(u"spool"_s), u"-l"_s, u"Room 5"_s};
    if (configuration.isEmpty())
        arguments += {u"-M"_s, u"HP"_s, u"-m"_s, u"LaserJet Test"_s};
    else
        arguments += {u"-a"_s, m_folder.filePath(u"printer.conf"_s)};
    m_printer.start(program, arguments + QStringList{u"Test"_s});
    return eventually([&] { return answers(m_port); });
}

QByteArray IppPrinter::log() const
{
    QFile file(m_folder.filePath(u"log"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace platen::test
