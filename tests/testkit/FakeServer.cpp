// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeServer.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTimeZone>
#include <QUuid>
#include <QWebSocket>

using namespace Qt::StringLiterals;

namespace platen::test {

FakeServer::FakeServer(int devices, QObject* parent)
    : QObject(parent)
    , fleet(devices)
{
    connect(&m_life, &QTimer::timeout, this, [this] {
        auto* random = QRandomGenerator::global();
        for (int i = 0; i < 3; ++i)
            change(random->bounded(static_cast<int>(fleet.devices().size())), [](QJsonObject&) {});
    });
}

FakeServer::~FakeServer()
{
    for (QWebSocket* socket : std::as_const(m_sockets))
        socket->disconnect(this);
}

bool FakeServer::listen(const QByteArray& certificatePem, const QByteArray& keyPem, quint16 port)
{
    const bool secure = !certificatePem.isEmpty();
    m_server = std::make_unique<QWebSocketServer>(u"fake"_s, secure ? QWebSocketServer::SecureMode : QWebSocketServer::NonSecureMode);
    if (secure) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(QSslCertificate(certificatePem));
        tls.setPrivateKey(QSslKey(keyPem, QSsl::Ec));
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        m_server->setSslConfiguration(tls);
    }
    connect(m_server.get(), &QWebSocketServer::newConnection, this, &FakeServer::accept);
    const bool listens = m_server->listen(QHostAddress::LocalHost, port ? port : m_port);
    m_port = m_server->serverPort();
    return listens;
}

void FakeServer::stop()
{
    if (m_server)
        m_server->close();
    dropConnections();
}

QUrl FakeServer::url() const
{
    const bool secure = m_server && m_server->secureMode() == QWebSocketServer::SecureMode;
    return QUrl(u"%1://127.0.0.1:%2/api/v1/socket"_s.arg(secure ? u"wss"_s : u"ws"_s).arg(m_port));
}

void FakeServer::dropConnections()
{
    for (QWebSocket* socket : QList(m_sockets))
        socket->abort();
}

void FakeServer::accept()
{
    while (QWebSocket* socket = m_server->nextPendingConnection()) {
        m_sockets.append(socket);
        connect(socket, &QWebSocket::textMessageReceived, this, [this, socket](const QString& message) { receive(socket, message); });
        connect(socket, &QWebSocket::disconnected, this, [this, socket] {
            m_sockets.removeOne(socket);
            m_loggedIn.remove(socket);
            m_subscribed.remove(socket);
            socket->deleteLater();
        });
    }
}

void FakeServer::receive(QWebSocket* socket, const QString& message)
{
    const QJsonObject call = QJsonDocument::fromJson(message.toUtf8()).object();
    const QString method = call["method"_L1].toString();
    const QJsonObject parameters = call["params"_L1].toObject();
    ++m_calls[method];
    m_parameters.insert(method, parameters);
    if (m_held.contains(method))
        return;
    QString error = m_failures.contains(method) ? m_failures.take(method) : m_alwaysFailing.value(method);
    QJsonObject answer{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, call["id"_L1]}};
    QJsonObject value;
    if (error.isEmpty())
        value = result(socket, method, parameters, error);
    if (error.isEmpty())
        answer["result"_L1] = value;
    else
        answer["error"_L1] = QJsonObject{{u"code"_s, -32000}, {u"message"_s, error}, {u"data"_s, error == "tooManyAttempts"_L1 ? QJsonObject{{u"retryAfterSeconds"_s, 42}} : QJsonObject()}};
    socket->sendTextMessage(QString::fromUtf8(QJsonDocument(answer).toJson(QJsonDocument::Compact)));
}

QJsonObject FakeServer::result(QWebSocket* socket, const QString& method, const QJsonObject& parameters, QString& error)
{
    const QJsonObject session{{u"user"_s, QJsonObject{{u"name"_s, u"ada"_s}, {u"roles"_s, QJsonArray{u"administrator"_s}}}}, {u"idleSeconds"_s, 1800},
        {u"absoluteSeconds"_s, 43200}, {u"serverVersion"_s, u"0.1.0"_s}, {u"serverId"_s, u"5e1f"_s}};
    if (method == "login"_L1 || method == "resume"_L1) {
        QString token = parameters["token"_L1].toString();
        const bool right = parameters["name"_L1].toString() == "ada"_L1 && parameters["password"_L1].toString() == "correct horse"_L1;
        if (method == "login"_L1 && right)
            m_tokens.insert(token = QUuid::createUuid().toString(QUuid::Id128));
        if (!m_tokens.contains(token)) {
            error = u"notAuthenticated"_s;
            return {};
        }
        m_loggedIn.insert(socket);
        QJsonObject answer = session;
        if (method == "login"_L1)
            answer["token"_L1] = token;
        return answer;
    }
    if (!m_loggedIn.contains(socket)) {
        error = u"notAuthenticated"_s;
        return {};
    }
    if (method == "subscribe"_L1) {
        m_subscribed.insert(socket);
        return {};
    }
    if (method == "logout"_L1) {
        m_loggedIn.remove(socket);
        return {};
    }
    if (method == "devices.list"_L1)
        return fleet.list(parameters);
    if (method == "devices.history"_L1)
        return fleet.history(parameters);
    if (method == "agents.list"_L1)
        return {{u"agents"_s, fleet.agents()}};
    const int index = fleet.indexOf(parameters["id"_L1].toString());
    if (method != "devices.get"_L1 || index < 0) {
        error = method == "devices.get"_L1 ? u"notFound"_s : u"unsupported"_s;
        return {};
    }
    QJsonObject answer = fleet.device(index).row;
    answer["firstSeenAt"_L1] = u"2025-03-04T08:12:00.000Z"_s;
    answer["reading"_L1] = fleet.device(index).reading;
    answer["meters"_L1] = fleet.device(index).reading["meters"_L1];
    return answer;
}

void FakeServer::notify(const QString& method, const QJsonObject& parameters)
{
    const QJsonObject message{{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, method}, {u"params"_s, parameters}};
    for (QWebSocket* socket : std::as_const(m_subscribed))
        socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

void FakeServer::change(int index, const std::function<void(QJsonObject& row)>& how)
{
    QJsonObject& row = fleet.device(index).row;
    row["lastSeenAt"_L1] = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    QJsonObject meter = row["totalMeter"_L1].toObject();
    meter["value"_L1] = meter["value"_L1].toInteger() + 3;
    row["totalMeter"_L1] = meter;
    how(row);
    notify(u"devices.changed"_s, {{u"rows"_s, QJsonArray{row}}});
}

void FakeServer::sendReload() { notify(u"devices.changed"_s, {{u"reload"_s, true}}); }
void FakeServer::liven(int everyMs) { m_life.start(everyMs); }

} // namespace platen::test
