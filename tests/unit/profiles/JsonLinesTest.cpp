// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/JsonLines.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen::profiles;

class JsonLinesTest : public QObject {
    Q_OBJECT

private slots:
    void namesTheLineOfAValue_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("line");
        QTest::newRow("the whole") << QString() << 1;
        QTest::newRow("a key") << u"name"_s << 2;
        QTest::newRow("a list") << u"list"_s << 3;
        QTest::newRow("its first") << u"list[0]"_s << 4;
        QTest::newRow("a key within") << u"list[1].deep.b"_s << 8;
        QTest::newRow("after escapes") << u"last"_s << 12;
        QTest::newRow("a key that is not there") << u"list[1].deep.c"_s << 6;
        QTest::newRow("a key that only begins alike") << u"lis"_s << 1;
        QTest::newRow("an index that only begins alike") << u"list[12]"_s << 3;
        QTest::newRow("nothing like it") << u"other.thing"_s << 1;
    }
    void namesTheLineOfAValue()
    {
        const QByteArray json = "{\n"
                                "  \"name\": \"a {[ , \\\" b\",\n"
                                "  \"list\": [\n"
                                "    {\"x\": 1, \"y\": [1, 2]},\n"
                                "    {\n"
                                "      \"deep\": {\n"
                                "        \"a\": null,\n"
                                "        \"b\": true\n"
                                "      }\n"
                                "    }\n"
                                "  ],\n"
                                "  \"last\": -1.5e3\n"
                                "}\n";
        QFETCH(QString, path);
        QTEST(lineOfJsonValue(json, path), "line");
    }

    void comesBackFromAnything()
    {
        for (const QByteArray& json : {QByteArray(), QByteArray("\""), QByteArray("{\"a"), QByteArray("[[[["),
                 QByteArray("{\"a\\"), QByteArray("}]")})
            QVERIFY(lineOfJsonValue(json, u"a.b[3]"_s) >= 1);
    }

    void countsLinesOfBytes()
    {
        QCOMPARE(lineOfByte("a\nb\nc", 0), 1);
        QCOMPARE(lineOfByte("a\nb\nc", 4), 3);
        QCOMPARE(lineOfByte("a\nb\nc", 99), 3);
    }
};

PLATEN_TEST(JsonLinesTest)
#include "JsonLinesTest.moc"
