// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/api/Schema.h>
#include <testkit/Program.h>

#include <QJsonDocument>
#include <QTest>

using namespace platen;
using namespace platen::api;
using namespace Qt::StringLiterals;

class SchemaTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhatIsWrongAndWhere_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("sentence"); // empty: fine
        QTest::newRow("all")
            << R"({"name":"a","count":5,"at":"2026-11-22T12:00:00.000Z","inner":{"kinds":["red","blue"]},"on":true})"_ba
            << QString();
        QTest::newRow("only what must be") << R"({"name":"a"})"_ba << QString();
        QTest::newRow("null where it may be") << R"({"name":"a","at":null})"_ba << QString();
        QTest::newRow("missing") << "{}"_ba << u"parameter name is missing"_s;
        QTest::newRow("null where it may not be") << R"({"name":null})"_ba << u"parameter name must be a text"_s;
        QTest::newRow("unknown") << R"({"name":"a","nmae":1})"_ba << u"parameter nmae is not known to this call"_s;
        QTest::newRow("unknown below") << R"({"name":"a","inner":{"x":1}})"_ba
                                       << u"parameter inner.x is not known to this call"_s;
        QTest::newRow("too long") << R"({"name":"abcdefghijk"})"_ba << u"parameter name is longer than 10 characters"_s;
        QTest::newRow("too much") << R"({"name":"a","count":11})"_ba
                                  << u"parameter count must be a whole number from 1 to 10"_s;
        QTest::newRow("too little") << R"({"name":"a","count":0})"_ba
                                    << u"parameter count must be a whole number from 1 to 10"_s;
        QTest::newRow("not whole") << R"({"name":"a","count":1.5})"_ba
                                   << u"parameter count must be a whole number from 1 to 10"_s;
        QTest::newRow("enormous") << R"({"name":"a","count":1e300})"_ba
                                  << u"parameter count must be a whole number from 1 to 10"_s;
        QTest::newRow("number as text") << R"({"name":"a","count":"5"})"_ba
                                        << u"parameter count must be a whole number from 1 to 10"_s;
        QTest::newRow("no instant") << R"({"name":"a","at":"yesterday"})"_ba
                                    << u"parameter at must be an instant like 2026-11-22T12:00:00.000Z"_s;
        QTest::newRow("instant without zone") << R"({"name":"a","at":"2026-11-22T12:00:00"})"_ba
                                              << u"parameter at must be an instant like 2026-11-22T12:00:00.000Z"_s;
        QTest::newRow("not one of") << R"({"name":"a","inner":{"kinds":["red","green"]}})"_ba
                                    << u"parameter inner.kinds[1] must be one of red, blue"_s;
        QTest::newRow("too many") << R"({"name":"a","inner":{"kinds":["red","red","red"]}})"_ba
                                  << u"parameter inner.kinds has more than 2 entries"_s;
        QTest::newRow("no list") << R"({"name":"a","inner":{"kinds":"red"}})"_ba
                                 << u"parameter inner.kinds must be a list"_s;
        QTest::newRow("no object") << R"({"name":"a","inner":[]})"_ba << u"parameter inner must be an object"_s;
        QTest::newRow("no bool") << R"({"name":"a","on":1})"_ba << u"parameter on must be true or false"_s;
    }
    void saysWhatIsWrongAndWhere()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, sentence);
        const Status checked = schema().check(QJsonDocument::fromJson(json).object());
        QCOMPARE(checked ? QString() : checked.error().detail, sentence);
        if (!checked)
            QCOMPARE(checked.error().code, ErrorCode::InvalidInput);
    }

    void keepsTheSentenceShortForEndlessNames()
    {
        QVERIFY(schema().check(QJsonObject{{QString(100'000, u'x'), 1}}).error().detail.size() < 200);
    }

    void describesItselfAsOpenApi()
    {
        const QJsonObject described = schema().toOpenApi();
        QCOMPARE(described.value(u"required"_s).toArray(), QJsonArray{u"name"_s});
        QCOMPARE(described.value(u"additionalProperties"_s), QJsonValue(false));
        const QJsonObject properties = described.value(u"properties"_s).toObject();
        QCOMPARE(properties.value(u"at"_s).toObject().value(u"type"_s).toArray(), QJsonArray({u"string"_s, u"null"_s}));
        QCOMPARE(properties.value(u"name"_s).toObject().value(u"description"_s).toString(), u"What it is called"_s);
    }

private:
    static Schema schema()
    {
        return Schema::object({
            {u"name"_s, Schema::text(10, u"What it is called"_s)},
            optional(u"count"_s, Schema::integer(1, 10)),
            optional(u"at"_s, Schema::instant().orNull()),
            optional(u"on"_s, Schema::boolean()),
            optional(u"inner"_s,
                Schema::object({optional(u"kinds"_s, Schema::list(Schema::choice({u"red"_s, u"blue"_s}), 2))})),
        });
    }
};

PLATEN_TEST(SchemaTest)
#include "SchemaTest.moc"
