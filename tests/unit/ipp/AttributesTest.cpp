// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "IppBytes.h"

#include <ipp/Attributes.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using platen::ErrorCode;
using platen::ipp::Attributes;
using platen::ipp::getPrinterAttributes;
using platen::ipp::parse;
using platen::test::IppBytes;

class AttributesTest : public QObject {
    Q_OBJECT

private slots:
    void readsValuesOfEveryKind()
    {
        const auto attributes = parse(IppBytes()
                .add(IppBytes::Text, "printer-make-and-model", "Acme Laser 9")
                .add(IppBytes::Enum, "printer-state", 4)
                .add("color-supported", true)
                .add(IppBytes::Keyword, "printer-state-reasons", "toner-low-warning")
                .add(IppBytes::Keyword, "", "media-empty-error")
                .add(IppBytes::Octets, "printer-supply", "type=toner;level=5;")
                .add(IppBytes::NoValue, "printer-geo-location", "")
                .done());
        QVERIFY(attributes);
        QVERIFY(attributes->isSuccess());
        QCOMPARE(attributes->text(u"printer-make-and-model"_s), u"Acme Laser 9"_s);
        QCOMPARE(attributes->number(u"printer-state"_s), 4);
        QCOMPARE(attributes->boolean(u"color-supported"_s), true);
        QCOMPARE(attributes->texts(u"printer-state-reasons"_s),
            QStringList({u"toner-low-warning"_s, u"media-empty-error"_s}));
        QCOMPARE(attributes->text(u"printer-supply"_s), u"type=toner;level=5;"_s);
        QVERIFY(!attributes->values.contains(u"printer-geo-location"_s));
        QVERIFY(!attributes->number(u"printer-make-and-model"_s));
    }

    void readsMembersOfACollection()
    {
        const auto attributes = parse(IppBytes()
                .add(IppBytes::Begin, "printer-impressions-completed-col", QByteArray())
                .member("monochrome", 70)
                .member("full-color", 30)
                .add(IppBytes::End, "", QByteArray())
                .done());
        QVERIFY(attributes);
        QCOMPARE(attributes->number(u"printer-impressions-completed-col/monochrome"_s), 70);
        QCOMPARE(attributes->number(u"printer-impressions-completed-col/full-color"_s), 30);
    }

    void tellsTheStatus()
    {
        const auto attributes = parse(IppBytes(0x0406, 7).done());
        QVERIFY(attributes);
        QVERIFY(!attributes->isSuccess());
        QCOMPARE(attributes->status, 0x0406);
        QCOMPARE(attributes->requestId, 7u);
    }

    void asksForNothingOfJobsOrUsers()
    {
        const QByteArray request = getPrinterAttributes(QUrl(u"ipp://10.0.0.5:631/ipp/print"_s), 1);
        QVERIFY(request.startsWith(QByteArray("\x01\x01\x00\x0b", 4))); // IPP/1.1, Get-Printer-Attributes
        QVERIFY(request.contains("ipp://10.0.0.5:631/ipp/print"));
        QVERIFY(request.contains("marker-levels"));
        QVERIFY(!request.contains("requesting-user-name"));
        QVERIFY(!request.contains("job"));
    }

    void refusesWhatIsCutAnywhere()
    {
        const QByteArray whole = IppBytes()
                                     .add(IppBytes::Text, "printer-make-and-model", "Acme Laser 9")
                                     .add(IppBytes::Enum, "printer-state", 4)
                                     .add(IppBytes::Begin, "printer-impressions-completed-col", QByteArray())
                                     .member("monochrome", 70)
                                     .add(IppBytes::End, "", QByteArray())
                                     .done();
        QVERIFY(parse(whole));
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY2(!parse(whole.first(size)), qPrintable(QString::number(size)));
    }

    void refusesWhatIsNoIpp()
    {
        QCOMPARE(parse("HTTP/1.1 200 OK").error().code, ErrorCode::Malformed);
        QCOMPARE(parse({}).error().code, ErrorCode::Malformed);
    }

    void refusesCollectionsWithoutGround()
    {
        IppBytes bytes;
        bytes.add(IppBytes::Begin, "deep", QByteArray());
        for (int i = 0; i < 20'000; ++i)
            bytes.add(IppBytes::Member, {}, "m").add(IppBytes::Begin, {}, QByteArray());
        const auto deep = parse(bytes.done());
        QVERIFY(!deep);
        QCOMPARE(deep.error().code, ErrorCode::LimitExceeded);
    }

    void refusesTooManyValues()
    {
        IppBytes bytes;
        bytes.add(IppBytes::Enum, "printer-state", 3);
        for (int i = 0; i < 5'000; ++i)
            bytes.add(IppBytes::Enum, "", 3);
        QCOMPARE(parse(bytes.done()).error().code, ErrorCode::LimitExceeded);
        QCOMPARE(parse(IppBytes().done() + QByteArray(300'000, '\0')).error().code, ErrorCode::LimitExceeded);
    }
};

PLATEN_TEST(AttributesTest)
#include "AttributesTest.moc"
