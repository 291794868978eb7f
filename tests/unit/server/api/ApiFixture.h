// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <crypto/Crypto.h>
#include <crypto/Password.h>
#include <protocol/ReadingCodec.h>
#include <server/access/UserStore.h>
#include <server/api/Api.h>
#include <server/store/DeviceSearch.h>
#include <server/store/DeviceStore.h>
#include <server/store/Installation.h>
#include <storage/Query.h>
#include <testkit/FakeClock.h>
#include <testkit/Wait.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

namespace platen::test {

using namespace Qt::StringLiterals;

/// The console's end of a connection: keeps what it is sent.
struct FakeConsole {
    QList<QJsonObject> received;
    QByteArray lastText;
    qint64 pendingBytes = 0;
    int closedWith = 0;

    QList<QJsonObject> notifications(const QString& method) const
    {
        QList<QJsonObject> found;
        for (const QJsonObject& message : received)
            if (message.value(u"method"_s) == method)
                found.append(message.value(u"params"_s).toObject());
        return found;
    }
};

class FakeLine final : public api::Line {
public:
    explicit FakeLine(std::shared_ptr<FakeConsole> console)
        : m_console(std::move(console))
    {
    }
    void send(const QByteArray& text) override
    {
        m_console->lastText = text;
        m_console->received.append(QJsonDocument::fromJson(text).object());
    }
    void close(quint16 code, const QByteArray&) override { m_console->closedWith = code; }
    qint64 pendingBytes() const override { return m_console->pendingBytes; }
    QHostAddress peer() const override { return QHostAddress(u"192.0.2.9"_s); }

private:
    std::shared_ptr<FakeConsole> m_console;
};

/// A server's API over a new database, with the administrator anna and the user otto, who has no
/// role; both have the password "correct horse".
class ApiFixture {
public:
    explicit ApiFixture(api::ConsoleLimits limits = {})
        : database({.name = folder.filePath(u"server.sqlite"_s)})
        , kek(*crypto::KeyEncryptionKey::loadOrCreate(folder.filePath(u"kek"_s)))
        , agents(database, kek, clock)
        , pins(database, kek, clock)
        , sessions(database, clock)
    {
        if (!crypto::start() || !wait(database.open()) || !wait(store::migrate(database)))
            qFatal("no database to test with");
        access::UserStore users(database);
        if (!wait(users.add(u"anna"_s, passwordHash(), {u"administrator"_s}, clock.now()))
            || !wait(users.add(u"otto"_s, passwordHash(), {}, clock.now())))
            qFatal("no users to test with");
        server = std::make_unique<api::Api>(api::Api::Services{database, sessions, events, presence, agents, pins, clock},
            api::ServerIdentity{u"00112233445566778899aabbccddeeff"_s, u"1.2.3"_s}, std::move(limits));
        execute(
            u"INSERT INTO agent (id, name, status, epoch, hwm, created_at, last_seen_at, version, os, transport, forks)"
            " VALUES (?, 'Site A', 'ACTIVE', 1, 0, 0, ?, '1.0', 'linux', 'websocket', 0)"_s,
            {agentId, toMs(clock.now())});
    }

    /// Runs one statement; ends the test program when it fails. Says how many rows it touched.
    int execute(const QString& sql, const QVariantList& values = {})
    {
        const auto done = wait(database.write([=](QSqlDatabase db) { return storage::execute(db, sql, values); }));
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
        return *done;
    }

    /// A session without the work of a sign-in.
    QString tokenOf(const QString& name)
    {
        const Secret token(
            crypto::randomBytes(32).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
        const auto user = wait(access::UserStore(database).credentials(name));
        access::TokenStore tokens(database, sessions.limits());
        if (!wait(tokens.add(
                access::Sessions::hashOf(token), (*user)->user.id, passwordHash(), clock.now(), u"192.0.2.1"_s)))
            qFatal("no session to test with");
        return QString::fromLatin1(token.reveal());
    }

    static const QString& passwordHash()
    {
        static const QString hash = crypto::hashPassword(Secret("correct horse"));
        return hash;
    }

    /// After rows were put into table device by hand.
    void index()
    {
        const Status done = wait(database.write([](QSqlDatabase db) -> Status {
            auto ids = storage::query(db, u"SELECT id FROM device"_s);
            while (ids && ids->next())
                if (const Status indexed = store::indexDevice(db, ids->value(0).toLongLong()); !indexed)
                    return indexed;
            return {};
        }));
        if (!done)
            qFatal("%s", qPrintable(done.error().detail));
    }

    /// Stores a reading as the agent's device `localId`; says the device's id.
    qint64 store(const model::Reading& reading, quint64 localId)
    {
        const auto id = wait(database.write([=, agent = agentId, now = clock.now()](QSqlDatabase db) {
            return store::storeReading(db, {agent, localId}, protocol::toKeyed(reading), reading, now);
        }));
        if (!id)
            qFatal("%s", qPrintable(id.error().detail));
        return *id;
    }

    /// One call by HTTP.
    http::Response post(const QString& name, const QJsonObject& parameters, const QString& token = {})
    {
        http::Request request;
        request.body = QJsonDocument(parameters).toJson();
        request.headers = {{"content-type", "application/json"}};
        if (!token.isEmpty())
            request.headers.append({"authorization", "Bearer " + token.toLatin1()});
        return send(name, request);
    }
    http::Response send(const QString& name, http::Request request)
    {
        request.method = "POST";
        request.path = "/api/v1/" + name.toLatin1();
        request.peer = QHostAddress(u"192.0.2.2"_s);
        request.encrypted = true;
        std::optional<http::Response> response;
        server->integrators().handle(
            server->catalogue().find(name), request, [&](const http::Response& given) { response = given; });
        if (!eventually([&] { return response.has_value(); }))
            qFatal("no answer");
        return *response;
    }
    static QJsonObject bodyOf(const http::Response& response)
    {
        return QJsonDocument::fromJson(response.body).object();
    }

    QTemporaryDir folder;
    FakeClock clock;
    storage::Database database;
    crypto::KeyEncryptionKey kek;
    store::AgentStore agents;
    store::PinStore pins;
    access::Sessions sessions;
    ingest::Events events;
    sessions::Presence presence;
    std::unique_ptr<api::Api> server;
    const QByteArray agentId = QByteArray(16, 'a');
};

/// A console connected to the fixture's API.
class TestConsole {
public:
    explicit TestConsole(ApiFixture& api)
        : console(std::make_shared<FakeConsole>())
        , connection(api.server->serve(std::make_unique<FakeLine>(console)))
    {
    }
    ~TestConsole() { delete connection; }

    void send(const QByteArray& text) { connection->receive(text, false); }

    /// Calls and waits for the answer: {"result": …} or {"error": …}.
    QJsonObject call(const QString& method, const QJsonObject& parameters = {})
    {
        const int id = ++lastId;
        send(QJsonDocument(
            QJsonObject{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, parameters}})
                .toJson());
        QJsonObject answer;
        eventually([&] {
            for (const QJsonObject& message : console->received)
                if (message.value(u"id"_s) == QJsonValue(id))
                    answer = message;
            return !answer.isEmpty();
        });
        return answer;
    }
    QJsonObject result(const QString& method, const QJsonObject& parameters = {})
    {
        return call(method, parameters).value(u"result"_s).toObject();
    }
    QString error(const QString& method, const QJsonObject& parameters = {})
    {
        return call(method, parameters).value(u"error"_s).toObject().value(u"message"_s).toString();
    }

    std::shared_ptr<FakeConsole> console;
    api::ConsoleConnection* connection;
    int lastId = 0;
};

} // namespace platen::test
