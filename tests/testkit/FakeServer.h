// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "FakeFleet.h"

#include <QObject>
#include <QSet>
#include <QTimer>
#include <QUrl>
#include <QWebSocketServer>

#include <functional>

class QWebSocket;

namespace platen::test {

/// The console's API as in the contract, from a made-up fleet: user "ada", password "correct horse". For screens' tests and for
/// looking at windows without a server.
class FakeServer final : public QObject {
    Q_OBJECT

public:
    explicit FakeServer(int devices = 300, QObject* parent = nullptr);
    ~FakeServer() override;

    /// Plain WebSocket, or TLS when both PEM texts are given. Port 0: any free one.
    bool listen(const QByteArray& certificatePem = {}, const QByteArray& keyPem = {}, quint16 port = 0);
    void stop(); ///< refuses connections and cuts those there are
    QUrl url() const;

    FakeFleet fleet;

    /// Changes one device and tells who subscribed.
    void change(int index, const std::function<void(QJsonObject& row)>& how);
    void sendReload();
    /// Changes a few devices by itself again and again, so that a window lives.
    void liven(int everyMs);

    void failNext(const QString& method, const QString& errorName) { m_failures.insert(method, errorName); }
    void failAlways(const QString& method, const QString& errorName) { m_alwaysFailing.insert(method, errorName); }
    void acceptToken(const QString& token) { m_tokens.insert(token); }
    void holdAnswers(const QString& method) { m_held.insert(method); } ///< never answers it
    void dropConnections();
    void forgetSessions() { m_tokens.clear(); }

    int calls(const QString& method) const { return m_calls.value(method); }
    QJsonObject lastParameters(const QString& method) const { return m_parameters.value(method); }
    int connections() const { return static_cast<int>(m_sockets.size()); }

private:
    void accept();
    void receive(QWebSocket* socket, const QString& message);
    QJsonObject result(QWebSocket* socket, const QString& method, const QJsonObject& parameters, QString& error);
    void notify(const QString& method, const QJsonObject& parameters);

    std::unique_ptr<QWebSocketServer> m_server;
    quint16 m_port = 0;
    QList<QWebSocket*> m_sockets;
    QSet<QWebSocket*> m_loggedIn, m_subscribed;
    QSet<QString> m_tokens, m_held;
    QHash<QString, QString> m_failures, m_alwaysFailing;
    QHash<QString, int> m_calls;
    QHash<QString, QJsonObject> m_parameters;
    QTimer m_life;
};

} // namespace platen::test
