// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ApiFixture.h"

#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::test;

/// pins.* and agents.expire/deactivate, and that they ask for the password again.
class PinCallsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ApiFixture> m_api;
    QString m_token;

    QJsonObject call(const QString& name, const QJsonObject& parameters = {})
    {
        return ApiFixture::bodyOf(m_api->post(name, parameters, m_token));
    }
    QString error(const QString& name, const QJsonObject& parameters = {})
    {
        return call(name, parameters).value(u"error"_s).toObject().value(u"code"_s).toString();
    }
    QString agent() const { return QString::fromLatin1(m_api->agentId.toHex()); }
    QJsonObject agentRow() { return call(u"agents.list"_s).value(u"agents"_s).toArray().first().toObject(); }

private slots:
    void init()
    {
        m_api = std::make_unique<ApiFixture>();
        m_token = m_api->tokenOf(u"anna"_s);
        m_api->execute(u"UPDATE agent SET root_key = ?"_s,
            {m_api->kek.seal(QByteArray(32, 'k'), "agent", "root_key", m_api->agentId)});
    }
    void cleanup() { m_api.reset(); }

    void makesListsAndTakesBack()
    {
        const QJsonObject made = call(u"pins.create"_s, {{u"group"_s, u"North"_s}, {u"hours"_s, 24}});
        const auto pin = crypto::Pin::parse(made.value(u"pin"_s).toString());
        QVERIFY(pin);
        QCOMPARE(pin->locator, made.value(u"locator"_s).toString());
        QCOMPARE(**wait(m_api->pins.start(pin->locator, QByteArray(16, 's'))), pin->characters);

        const QJsonArray listed = call(u"pins.list"_s).value(u"pins"_s).toArray();
        QCOMPARE(listed.size(), 1);
        QCOMPARE(listed[0][u"locator"].toString(), pin->locator);
        QCOMPARE(listed[0][u"group"].toString(), u"North"_s);
        QCOMPARE(listed[0][u"expiresAt"].toString(), made.value(u"expiresAt"_s).toString());
        QVERIFY(!QJsonDocument(listed).toJson().contains(pin->characters.reveal()));

        QCOMPARE(call(u"pins.revoke"_s, {{u"locator"_s, pin->locator}}), QJsonObject());
        QVERIFY(call(u"pins.list"_s).value(u"pins"_s).toArray().isEmpty());
        QCOMPARE(error(u"pins.revoke"_s, {{u"locator"_s, pin->locator}}), u"notFound"_s);
    }

    void makesLongPinsForManyAgents()
    {
        const QJsonObject made = call(u"pins.create"_s, {{u"uses"_s, 50}});
        QVERIFY(crypto::Pin::parse(made.value(u"pin"_s).toString())->characters.size() == 30);
        QCOMPARE(error(u"pins.create"_s, {{u"uses"_s, 0}}), u"invalidInput"_s);
        QCOMPARE(error(u"pins.create"_s, {{u"hours"_s, 721}}), u"invalidInput"_s);
    }

    void wantsThePasswordNotLongerAgoThanFiveMinutes_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QJsonObject>("parameters");
        QTest::newRow("pins.create") << u"pins.create"_s << QJsonObject();
        QTest::newRow("pins.revoke") << u"pins.revoke"_s << QJsonObject{{u"locator"_s, u"ABCD"_s}};
        QTest::newRow("agents.expire") << u"agents.expire"_s << QJsonObject{{u"id"_s, agentOf()}, {u"at"_s, QJsonValue()}};
        QTest::newRow("agents.deactivate") << u"agents.deactivate"_s << QJsonObject{{u"id"_s, agentOf()}};
    }
    void wantsThePasswordNotLongerAgoThanFiveMinutes()
    {
        QFETCH(const QString, name);
        QFETCH(const QJsonObject, parameters);
        m_api->clock.advance(std::chrono::minutes(5));
        QCOMPARE(error(name, parameters), u"proofNeeded"_s);
        QVERIFY(call(u"pins.list"_s).contains(u"pins"_s)); // only reads
        QCOMPARE(error(u"session.prove"_s, {{u"password"_s, u"wrong horse"_s}}), u"permissionDenied"_s);
        QCOMPARE(error(name, parameters), u"proofNeeded"_s);
        QCOMPARE(call(u"session.prove"_s, {{u"password"_s, u"correct horse"_s}}), QJsonObject());
        QVERIFY(error(name, parameters) != u"proofNeeded");
    }

    void expiresAndDeactivatesAgents()
    {
        QCOMPARE(agentRow().value(u"state"_s).toString(), u"silent"_s);
        const Instant soon = m_api->clock.now() + std::chrono::minutes(1);
        QCOMPARE(call(u"agents.expire"_s, {{u"id"_s, agent()}, {u"at"_s, api::toJson(soon)}}), QJsonObject());
        QCOMPARE(agentRow().value(u"expiresAt"_s), api::toJson(soon));
        m_api->clock.advance(std::chrono::minutes(2));
        QCOMPARE(agentRow().value(u"state"_s).toString(), u"expired"_s);
        QVERIFY(!wait(m_api->agents.access(m_api->agentId)));
        QCOMPARE(call(u"agents.expire"_s, {{u"id"_s, agent()}, {u"at"_s, QJsonValue()}}), QJsonObject());
        QVERIFY(wait(m_api->agents.access(m_api->agentId)));

        QCOMPARE(call(u"agents.deactivate"_s, {{u"id"_s, agent()}}), QJsonObject());
        QCOMPARE(agentRow().value(u"state"_s).toString(), u"deactivated"_s);
        QCOMPARE(error(u"agents.expire"_s, {{u"id"_s, agent()}, {u"at"_s, QJsonValue()}}), u"permissionDenied"_s);
        QCOMPARE(error(u"agents.deactivate"_s, {{u"id"_s, u"00"_s}}), u"notFound"_s);
    }

private:
    static QString agentOf() { return QString::fromLatin1(QByteArray(16, 'a').toHex()); }
};

PLATEN_TEST(PinCallsTest)
#include "PinCallsTest.moc"
