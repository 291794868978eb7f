// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <pages/Page.h>
#include <testkit/Program.h>

#include <QJsonDocument>
#include <QtTest>
#include <testkit/Quotes.h>

using namespace Qt::StringLiterals;
using namespace platen::pages;
using platen::test::quoted;

class PageTest : public QObject {
    Q_OBJECT

    static QJsonValue json(const QByteArray& text)
    {
        const QJsonDocument document = QJsonDocument::fromJson(text);
        return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
    }

private slots:
    void readsASection()
    {
        const auto pages = parsePages(u"acme.json"_s,
            json(quoted("["
                        "{'url': '/status.xml', 'unit': 'sheets',"
                        "'values': {'identity.serialNumber': {'xpath': '//Serial', 'pattern': '([A-Z0-9]+)'}, "
                        "'meters.total': {'xpath': '//Count'}"
                        "}"
                        ", 'supplies':"
                        "{"
                        "'each' : {'xpath' : '//Supply'}, 'fields':"
                        "{"
                        "'kind' : {'xpath' : 'Type', 'words' : {'T' : 'toner'}}, 'level' : {'xpath' : 'Level'}"
                        "}"
                        "}"
                        "},"
                        "{'url': '/api/v1?all=1', 'values': {'meters.color': {'pointer': '/counters/0/value'}}}]")));
        QVERIFY2(pages, qPrintable(pages ? QString() : pages.error().detail));
        QCOMPARE(pages->size(), 2);
        const Page& page = pages->at(0);
        QCOMPARE(page.meterUnit, u"sheets"_s);
        QVERIFY(page.gives(u"identity.serialNumber"_s));
        QVERIFY(page.gives(u"supplies.level"_s));
        QVERIFY(page.gives(u"supplies"_s));
        QVERIFY(!page.gives(u"supplies.serialNumber"_s));
        QVERIFY(!page.gives(u"meters.color"_s));
        QVERIFY(parsePages(u"acme.json"_s, QJsonValue(QJsonValue::Undefined))->isEmpty());
    }

    void readsTheProfilesWeShip()
    {
        const auto catalogue = platen::profiles::Catalogue::builtIn();
        QVERIFY(catalogue);
        const auto book = pagesOf(**catalogue);
        QVERIFY2(book, qPrintable(book ? QString() : book.error().detail));
    }

    void namesFileAndKeyOfAMistake_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QString>("key");
        QTest::newRow("no list") << QByteArray("{}") << u"'pages'"_s;
        QTest::newRow("no object") << QByteArray("[1]") << u"'pages[0]'"_s;
        QTest::newRow("unknown key") << (quoted("[{'url': '/a', 'uri': '/b'}]")) << u"'pages[0].uri'"_s;
        QTest::newRow("another host") << (quoted("[{'url': 'http://169.254.169.254/'}]")) << u"'pages[0].url'"_s;
        QTest::newRow("another host, shorter") << (quoted("[{'url': '//evil/'}]")) << u"'pages[0].url'"_s;
        QTest::newRow("line break") << (quoted("[{'url': '/a\\nHost: b'}]")) << u"'pages[0].url'"_s;
        QTest::newRow("nothing in it") << (quoted("[{'url': '/a'}]")) << u"'pages[0]'"_s;
        QTest::newRow("unknown unit") << QByteArray(
            quoted("[{'url': '/a', 'unit': 'pages', 'values': {'meters.total': {'pattern': '(1)'}}}]"))
                                      << u"'pages[0].unit'"_s;
        QTest::newRow("unknown value") << QByteArray(
            quoted("[{'url': '/a', 'values': {'meters.pages': {'pattern': '(1)'}}}]"))
                                       << u"'pages[0].values.meters.pages'"_s;
        QTest::newRow("two means") << QByteArray(
            quoted("[{'url': '/a', 'values': {'meters.total': {'xpath': '//a', 'pointer': '/a'}}}]"))
                                   << u"'pages[0].values.meters.total'"_s;
        QTest::newRow("no means") << (quoted("[{'url': '/a', 'values': {'meters.total': {}}}]"))
                                  << u"'pages[0].values.meters.total'"_s;
        QTest::newRow("bad XPath") << (quoted("[{'url': '/a', 'values': {'meters.total': {'xpath': '//a['}}}]"))
                                   << u"'pages[0].values.meters.total.xpath'"_s;
        QTest::newRow("bad pointer") << QByteArray(
            quoted("[{'url': '/a', 'values': {'meters.total': {'pointer': 'a/b'}}}]"))
                                     << u"'pages[0].values.meters.total.pointer'"_s;
        QTest::newRow("bad pattern") << (quoted("[{'url': '/a', 'values': {'meters.total': {'pattern': '('}}}]"))
                                     << u"'pages[0].values.meters.total.pattern'"_s;
        QTest::newRow("bad words") << QByteArray(
            quoted("[{'url': '/a', 'values': {'meters.total': {'pattern': '1', 'words': {'K': 5}}}}]"))
                                   << u"'pages[0].values.meters.total.words.K'"_s;
        QTest::newRow("rows by other means") << QByteArray(
            quoted("[{'url': '/a', 'supplies': {'each': {'xpath': '//a'}, 'fields': {'kind': {'pointer': '/b'}}}}]"))
                                             << u"'pages[0].supplies.fields.kind'"_s;
    }

    void namesFileAndKeyOfAMistake()
    {
        QFETCH(QByteArray, section);
        QFETCH(QString, key);
        const auto pages = parsePages(u"acme.json"_s, json(section));
        QVERIFY(!pages);
        QCOMPARE(pages.error().code, platen::ErrorCode::InvalidInput);
        QVERIFY2(pages.error().detail.contains(u"acme.json"_s), qPrintable(pages.error().detail));
        QVERIFY2(pages.error().detail.contains(key), qPrintable(pages.error().detail));
    }
};

PLATEN_TEST(PageTest)
#include "PageTest.moc"
