// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Site.h"

#include <testkit/Wait.h>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSqlError>
#include <QSqlQuery>
#include <QUdpSocket>
#include <QUuid>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::test {

namespace {

QList<QVariantList> rowsOf(const QString& file, const QString& sql)
{
    QList<QVariantList> rows;
    const QString name = QUuid::createUuid().toString();
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        db.setDatabaseName(file);
        db.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=10000"_s);
        if (!db.open())
            qWarning() << file << db.lastError().text();
        QSqlQuery query(db);
        const bool done = query.exec(sql);
        if (!done && !query.lastError().text().contains(u"no such table"_s)) // one that is not made yet has no rows
            qWarning() << sql << query.lastError().text();
        while (query.next()) {
            QVariantList row;
            for (int i = 0; query.value(i).isValid(); ++i)
                row.append(query.value(i));
            rows.append(row);
        }
    }
    QSqlDatabase::removeDatabase(name);
    return rows;
}

quint16 freeUdpPort()
{
    QUdpSocket probe;
    probe.bind(QHostAddress::AnyIPv4);
    return probe.localPort();
}

} // namespace

Site::Site(const QString& transport)
    : m_transport(transport)
    , m_port(freePort())
    , m_plainPort(transport == u"http" ? freePort() : quint16(0))
    , m_fleetPort(freeUdpPort())
{
}

Site::~Site()
{
    m_agent.reset();
    m_server.reset();
}

bool Site::startServer()
{
    const QString ready = path(u"server.ready"_s);
    QFile::remove(ready);
    QStringList arguments{u"run"_s, u"--data"_s, serverData(), u"--listen"_s, u"127.0.0.1:%1"_s.arg(m_port), u"--ready-file"_s, ready};
    if (m_plainPort)
        arguments << u"--listen-plain"_s << u"127.0.0.1:%1"_s.arg(m_plainPort);
    m_server = std::make_unique<Running>(u"platen-server"_s, arguments, path(u"server.log"_s));
    return eventually([&] { return QFile::exists(ready) || !m_server->isRunning(); }, 30s) && m_server->isRunning();
}

bool Site::startFleet(int stepMs, int steps, const QStringList& more)
{
    const QString map = path(u"hosts.tsv"_s);
    QStringList arguments{u"serve"_s, QStringLiteral(PLATEN_SOURCE_DIR "/tests/fixtures/walks"), u"--net"_s, u"127.0.3.0/24"_s,
                          u"--port"_s, QString::number(m_fleetPort), u"--map"_s, map};
    arguments += more;
    if (stepMs > 0)
        arguments << u"--drift"_s << QString::number(stepMs / 1000.0) << u"--steps"_s << QString::number(steps);
    m_fleet = std::make_unique<Running>(u"platen-fleetsim"_s, arguments, path(u"fleet.log"_s));
    if (!eventually([&] { return QFile::exists(map); }))
        return false;
    QFile file(map);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    m_addresses.clear();
    for (const QByteArray& line : file.readAll().trimmed().split('\n'))
        m_addresses.append(QString::fromUtf8(line.split('\t').first()));
    return true;
}

QString Site::createPin()
{
    const Outcome outcome = run(u"platen-server"_s, {u"pin"_s, u"create"_s, u"--json"_s, u"--data"_s, serverData()});
    return QJsonDocument::fromJson(outcome.out).object()[u"pin"_s].toString();
}

Outcome Site::activate(const QString& pin)
{
    const QString url = m_transport == u"http" ? u"http://127.0.0.1:%1"_s.arg(m_plainPort) : u"https://127.0.0.1:%1"_s.arg(m_port);
    return run(u"platen-agent"_s, {u"activate"_s, u"--data"_s, agentData(), u"--server"_s, url, u"--pin"_s, pin, u"--name"_s, u"Test site"_s});
}

void Site::writeAgentSettings(QJsonObject more)
{
    if (!more.contains(u"ranges"_s))
        more[u"ranges"_s] = m_addresses.isEmpty() ? QJsonArray() : QJsonArray{m_addresses.first() + u'-' + m_addresses.last()};
    more[u"port"_s] = m_fleetPort;
    if (m_transport == u"http")
        more[u"allowPlainHttp"_s] = true;
    QDir().mkpath(agentData());
    QFile file(agentData() + u"/agent.json"_s);
    if (file.open(QIODevice::WriteOnly))
        file.write(QJsonDocument(more).toJson());
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

void Site::startAgent()
{
    m_agent = std::make_unique<Running>(u"platen-agent"_s, QStringList{u"run"_s, u"--data"_s, agentData()}, path(u"agent.log"_s));
}

QJsonArray Site::collectDirectly() const
{
    const Outcome outcome = run(u"platen-agent"_s, {u"collect"_s, u"--range"_s, m_addresses.first() + u'-' + m_addresses.last(), u"--port"_s,
                                                     QString::number(m_fleetPort), u"--json"_s});
    return QJsonDocument::fromJson(outcome.out).array();
}

QList<QVariantList> Site::serverRows(const QString& sql) const { return rowsOf(serverData() + u"/platen.sqlite"_s, sql); }
QList<QVariantList> Site::agentRows(const QString& sql) const { return rowsOf(agentData() + u"/state.db"_s, sql); }

QByteArray Site::logs() const
{
    QByteArray all;
    for (const QString& name : {u"server.log"_s, u"agent.log"_s, u"fleet.log"_s}) {
        QFile file(path(name));
        if (file.open(QIODevice::ReadOnly))
            all += "--- " + name.toUtf8() + '\n' + file.readAll().right(3000);
    }
    return all;
}

} // namespace platen::test
