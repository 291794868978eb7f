// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <testkit/Program.h>

#include <QCborArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <limits>

using namespace platen;
using namespace platen::protocol;
using namespace Qt::StringLiterals;
using model::SupplyClass, model::SupplyLevel;
using Kind = model::SupplyLevel::Kind;

namespace {

model::Reading sampleReading()
{
    model::Reading reading;
    reading.address = u"10.0.0.5"_s;
    reading.takenAt = fromMs(1'764'000'000'123);
    reading.identity = {.manufacturer = u"HP"_s,
        .model = u"LaserJet 4250"_s,
        .modelId = u"hp.laserjet-4250"_s,
        .modelMatch = u"exact"_s,
        .deviceType = u"printer"_s,
        .description = u"HP ETHERNET"_s,
        .serialNumber = u"CNXX12345"_s,
        .assetNumber = {},
        .mac = u"00:11:22:33:44:55"_s,
        .location = u"3. Stock, Küche"_s,
        .firmware = {},
        .color = false,
        .sysObjectId = u"1.3.6.1.4.1.11.2.3.9.1"_s};
    reading.status = {u"idle"_s, QStringList{u"lowToner"_s}, {u"Ready"_s, u"Bereit"_s}};
    reading.meters = {{u"color"_s, u"impressions"_s, 10, {}}, {u"total"_s, u"impressions"_s, 580'249, u"1.1"_s},
        {u"total"_s, u"impressions"_s, 7, u"1.2"_s}};
    reading.supplies = {
        {u"1.1"_s, u"Black Cartridge"_s, u"toner"_s, SupplyClass::Consumed, u"black"_s, u"percent"_s, 100,
            {.kind = Kind::Percent, .percent = 54.5}, u"SN1"_s},
        {u"1.2"_s, u"Waste"_s, u"wasteToner"_s, SupplyClass::Filled, {}, {}, {}, {.kind = Kind::Some}, {}},
        {u"1.9"_s, u"Fuser"_s, u"fuser"_s, SupplyClass::Consumed, {}, {}, {}, {.kind = Kind::Unknown}, {}},
        {u"1.10"_s, u"Drum"_s, u"opc"_s, SupplyClass::Consumed, {}, {}, {},
            {.kind = Kind::Range, .low = 10, .high = 25}, {}},
        {u"2.1"_s, u"Staples"_s, u"staples"_s, SupplyClass::Other, {}, {}, {}, {}, {}},
    };
    reading.alerts = {{u"1.3"_s, u"critical"_s, u"markerSupplies"_s, 1, -1, 1104, u"Toner low"_s},
        {u"1.20"_s, {}, {}, -2, -2, -2, {}}};
    reading.misc = {{u"ippVersion"_s, u"2.0"_s}};
    return reading;
}

model::Reading hostile()
{
    model::Reading reading = sampleReading();
    const QString endless(100'000, u'x');
    reading.address = reading.identity.model = endless;
    reading.status.display = QStringList(5000, endless);
    reading.status.errors = QStringList(5000, endless);
    for (int i = 0; i < 3000; ++i) {
        reading.supplies.append({u"9.%1"_s.arg(i), endless, endless, SupplyClass::Other, endless, endless, -5,
            {.kind = Kind::Percent, .percent = std::numeric_limits<double>::quiet_NaN()}, endless});
        reading.alerts.append({u"9.%1"_s.arg(i), endless, endless, i, i, i, endless});
        reading.meters.append({u"m%1"_s.arg(i), endless, -i, {}});
        reading.misc.insert(QString::number(i) + QString(200, u'k'), endless);
    }
    return reading;
}

/// `keyed` with what stands at `path` replaced.
QCborMap with(QCborMap keyed, QStringList path, const QCborValue& value)
{
    const QString key = path.takeFirst();
    keyed.insert(key, path.isEmpty() ? value : QCborValue(with(keyed.value(key).toMap(), path, value)));
    return keyed;
}

} // namespace

class ReadingCodecTest : public QObject {
    Q_OBJECT

private slots:
    void keepsAReadingThroughItsKeyedForm()
    {
        const auto wire = decodeMap(encodeMap(toKeyed(sampleReading())));
        QVERIFY(wire);
        const auto read = fromKeyed(*wire);
        QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
        QCOMPARE(*read, sampleReading());
    }

    void keepsAReadingThroughJson()
    {
        const QByteArray text = QJsonDocument(toJson(sampleReading())).toJson();
        const auto read = fromJson(QJsonDocument::fromJson(text).object());
        QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
        QCOMPARE(*read, sampleReading());
    }

    void keepsAnEmptyReading()
    {
        const model::Reading empty;
        QCOMPARE(fromKeyed(toKeyed(empty)), empty);
        QCOMPARE(fromJson(toJson(empty)), empty);
        QVERIFY(!toKeyed(empty).contains("supplies"_L1));
    }

    void tellsNoErrorsFromErrorsNotKnown()
    {
        model::Reading reading;
        reading.status.errors = QStringList();
        QCOMPARE(fromKeyed(toKeyed(reading))->status.errors, QStringList());
        QCOMPARE(fromJson(toJson(reading))->status.errors, QStringList());
        reading.status.errors.reset();
        QVERIFY(!fromKeyed(toKeyed(reading))->status.errors);
        QVERIFY(!fromJson(toJson(reading))->status.errors);
    }

    void writesJsonAsDesigned()
    {
        const QJsonObject json = toJson(sampleReading());
        QCOMPARE(json[u"takenAt"], u"2025-11-24T16:00:00.123Z"_s);
        QCOMPARE(json[u"schema"], 1);
        QVERIFY(json[u"identity"][u"assetNumber"].isNull() && !json[u"identity"][u"assetNumber"].isUndefined());
        QCOMPARE(json[u"identity"][u"color"], false);
        QCOMPARE(json[u"meters"][1][u"marker"], u"1.1"_s);
        QVERIFY(json[u"meters"][0][u"marker"].isNull());
        QCOMPARE(json[u"supplies"][0][u"level"], (QJsonObject{{u"kind"_s, u"percent"_s}, {u"percent"_s, 54.5}}));
        QCOMPARE(json[u"supplies"][1][u"level"], (QJsonObject{{u"kind"_s, u"some"_s}}));
        QCOMPARE(json[u"supplies"][3][u"index"], u"1.10"_s); // after 1.9
        QCOMPARE(json[u"supplies"][4][u"level"], (QJsonObject{{u"kind"_s, u"none"_s}}));
        QCOMPARE(json[u"alerts"][0][u"location"], -1);
        QVERIFY(json[u"alerts"][1][u"code"].isNull());
        QVERIFY(!json.contains(u"sources"));
    }

    void showsSourcesOnlyWhenAsked()
    {
        model::Reading reading = sampleReading();
        reading.sources.insert(u"identity.serialNumber"_s, {u"snmp"_s, u"1.3.6.1.2.1.43.5.1.1.17.1"_s, u"CNXX12345"_s});
        QVERIFY(!toKeyed(reading).contains("sources"_L1));
        QVERIFY(!toJson(reading).contains(u"sources"));
        QCOMPARE(fromJson(toJson(reading, true)), reading);
    }

    void keysMetersByNameAndMarker()
    {
        const QCborMap meters = toKeyed(sampleReading()).value("meters"_L1).toMap();
        QCOMPARE(meters.size(), 3);
        QCOMPARE(meters.value("total/1.2"_L1).toMap().value("value"_L1), QCborValue(7));
        QCOMPARE(meters.value("color"_L1).toMap().value("value"_L1), QCborValue(10));
    }

    void cutsWhatAHostilePrinterSays()
    {
        const QCborMap keyed = toKeyed(hostile());
        QVERIFY(encodeMap(keyed).size() <= readingLimit::bytes);
        QVERIFY(itemCount(keyed) <= readingLimit::items);
        const auto read = fromKeyed(keyed);
        QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
        QCOMPARE(read->address.size(), readingLimit::textBytes);
        QCOMPARE(read->identity.serialNumber, sampleReading().identity.serialNumber);
        QVERIFY(read->supplies.size() >= sampleReading().supplies.size());
        QVERIFY(decodeMap(encodeMap(keyed)));
        QVERIFY(fromJson(toJson(hostile())));
    }

    void keepsPlainRowsUpToTheirLimits()
    {
        model::Reading reading;
        for (int i = 0; i < 150; ++i)
            reading.meters.append({u"m%1"_s.arg(i), {}, i, {}});
        for (int i = 0; i < 70; ++i)
            reading.supplies.append({u"1.%1"_s.arg(i), u"Toner"_s, {}, SupplyClass::Other, {}, {}, {},
                {.kind = Kind::Percent, .percent = 1}, {}});
        QCOMPARE(fromKeyed(toKeyed(reading))->meters.size(), readingLimit::meters);
        QCOMPARE(fromKeyed(toKeyed(reading))->supplies.size(), 70);
    }

    void cleansTexts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("kept");
        QTest::newRow("plain") << u"LaserJet 4250"_s << u"LaserJet 4250"_s;
        QTest::newRow("Chinese") << u"打印机"_s << u"打印机"_s;
        QTest::newRow("beyond the first plane") << u"🖨"_s << u"🖨"_s;
        QTest::newRow("controls") << u"a\0b\x1b[31mc\x7f\u0085"_s << u"ab[31mc"_s;
        QTest::newRow("line ends") << u"one\r\ntwo\tthree"_s << u"one  two three"_s;
        QTest::newRow("turned direction") << u"a\u202etxt.exe\u2066"_s << u"atxt.exe"_s;
        QTest::newRow("half a pair") << (u"a"_s + QChar(0xd83d)) << u"a\ufffd"_s;
    }
    void cleansTexts()
    {
        QFETCH(QString, text);
        QFETCH(QString, kept);
        QCOMPARE(cleaned(text), kept);
        QCOMPARE(cleaned(cleaned(text)), kept);
    }

    void cutsTextsBetweenCharacters()
    {
        QCOMPARE(cleaned(u"äää"_s, 5), u"ää"_s);
        QCOMPARE(cleaned(u"打印"_s, 5), u"打"_s);
        QCOMPARE(cleaned(u"🖨🖨"_s, 7), u"🖨"_s);
        QCOMPARE(cleaned(u"abc"_s, 0), QString());
    }

    void refusesWhatIsNoReading_data()
    {
        QTest::addColumn<QStringList>("path");
        QTest::addColumn<QCborValue>("value");
        QTest::addColumn<int>("code");
        const auto row = [](const char* name, const QStringList& path, const QCborValue& value,
                             ErrorCode code = ErrorCode::Malformed) {
            QTest::newRow(name) << path << value << int(code);
        };
        row("another schema", {u"schema"_s}, 2, ErrorCode::Unsupported);
        row("no schema", {u"schema"_s}, QCborValue(nullptr));
        row("no instant", {u"takenAt"_s}, QCborValue(nullptr));
        row("an instant of text", {u"takenAt"_s}, u"2026"_s);
        row("an instant before 1970", {u"takenAt"_s}, -1);
        row("an endless address", {u"address"_s}, QString(1025, u'x'));
        row("an identity that is a list", {u"identity"_s}, QCborArray());
        row("a serial number that is a number", {u"identity"_s, u"serialNumber"_s}, 12345);
        row("a color that is text", {u"identity"_s, u"color"_s}, u"yes"_s);
        row("errors that are text", {u"status"_s, u"errors"_s}, u"jammed"_s);
        row("errors that are numbers", {u"status"_s, u"errors"_s}, QCborArray{1});
        row("supplies in a list", {u"supplies"_s}, QCborArray());
        row("a supply that is text", {u"supplies"_s, u"1.1"_s}, u"full"_s);
        row("a percentage of 101", {u"supplies"_s, u"1.1"_s, u"level"_s, u"percent"_s}, 101);
        row("a percentage of -1", {u"supplies"_s, u"1.1"_s, u"level"_s, u"percent"_s}, -0.5);
        row("no percentage", {u"supplies"_s, u"1.1"_s, u"level"_s, u"percent"_s}, QCborValue(nullptr));
        row("a kind of level that is none", {u"supplies"_s, u"1.1"_s, u"level"_s, u"kind"_s}, u"half"_s);
        row("a range upside down", {u"supplies"_s, u"1.10"_s, u"level"_s, u"low"_s}, 30);
        row("no capacity at all", {u"supplies"_s, u"1.1"_s, u"capacity"_s}, 0);
        row("a meter that runs back", {u"meters"_s, u"color"_s, u"value"_s}, -1);
        row("half a page", {u"meters"_s, u"color"_s, u"value"_s}, 0.5);
        row("a meter without a value", {u"meters"_s, u"color"_s}, QCborMap());
        row("a row without a key", {u"alerts"_s, QString()}, QCborMap());
        row("a row with a control in its key", {u"alerts"_s, u"1\n2"_s}, QCborMap());
        row("misc that is a number", {u"misc"_s, u"x"_s}, 1);
        QCborMap rows;
        for (int i = 0; i < 201; ++i)
            rows.insert(u"1.%1"_s.arg(i), QCborMap());
        row("too many supplies", {u"supplies"_s}, rows, ErrorCode::LimitExceeded);
        row("too many meters", {u"meters"_s}, rows, ErrorCode::LimitExceeded);
        for (int i = 0; i < 3000; ++i)
            rows.insert(u"1.%1"_s.arg(i), 0);
        row("too much of what nobody knows", {u"ofTheFuture"_s}, rows, ErrorCode::LimitExceeded);
    }
    void refusesWhatIsNoReading()
    {
        QFETCH(QStringList, path);
        QFETCH(QCborValue, value);
        QFETCH(int, code);
        const auto refused = fromKeyed(with(toKeyed(sampleReading()), path, value));
        QVERIFY(!refused);
        QVERIFY2(int(refused.error().code) == code, qPrintable(refused.error().detail));
        QVERIFY2(refused.error().detail.startsWith("Reading"_L1), qPrintable(refused.error().detail));
    }

    void cleansWhatAHostileAgentSends()
    {
        const auto read = fromKeyed(with(toKeyed(sampleReading()), {u"identity"_s, u"model"_s}, u"Laser\x1bJet"_s));
        QVERIFY(read);
        QCOMPARE(read->identity.model, u"LaserJet"_s);
    }

    void refusesJsonThatIsNoReading()
    {
        const auto refused = [](const QString& key, const QJsonValue& value) {
            QJsonObject json = toJson(sampleReading());
            json.insert(key, value);
            return !fromJson(json);
        };
        QVERIFY(refused(u"takenAt"_s, u"yesterday"_s));
        QVERIFY(refused(u"takenAt"_s, u"2026-11-22T12:00:00"_s)); // of which place?
        QVERIFY(refused(u"meters"_s, QJsonObject()));
        QVERIFY(refused(
            u"supplies"_s, QJsonArray{QJsonObject{{u"index"_s, u"1.1"_s}}, QJsonObject{{u"index"_s, u"1.1"_s}}}));
        QVERIFY(!fromJson({}));
    }

    void saysOnlyWhatChanged()
    {
        model::Reading later = sampleReading();
        later.takenAt += std::chrono::hours(1);
        QVERIFY(isEmptyPatch(difference(toKeyed(sampleReading()), toKeyed(later))));
        later.meters[1].value += 5;
        later.supplies[0].level = {.kind = Kind::Range, .low = 50, .high = 60};
        later.supplies.removeAt(1);
        later.alerts.clear();
        const QCborMap patch = difference(toKeyed(sampleReading()), toKeyed(later));
        QCOMPARE(encodeMap(patch),
            encodeMap({{u"takenAt"_s, toMs(later.takenAt)}, {u"alerts"_s, nullptr},
                {u"meters"_s, QCborMap{{u"total/1.1"_s, QCborMap{{u"value"_s, 580'254}}}}},
                {u"supplies"_s,
                    QCborMap{{u"1.1"_s,
                                 QCborMap{{u"level"_s,
                                     QCborMap{{u"kind"_s, u"range"_s}, {u"low"_s, 50.0}, {u"high"_s, 60.0},
                                         {u"percent"_s, nullptr}}}}},
                        {u"1.2"_s, nullptr}}}}));
    }

    void makesTheNewReadingOfTheOldAndThePatch()
    {
        QRandomGenerator random(3);
        QCborMap before = toKeyed(sampleReading());
        for (int round = 0; round < 300; ++round) {
            const QCborMap after = toKeyed(changed(random));
            const auto patch = decodeMap(encodeMap(difference(before, after)));
            const auto outcome = patched(before, *patch);
            QVERIFY(outcome);
            QCOMPARE(encodeMap(*outcome), encodeMap(after));
            before = *outcome;
        }
    }

    void saysThatADeviceIsOffline()
    {
        model::Reading offline = sampleReading();
        offline.status = {u"offline"_s, {}, {}};
        offline.alerts.clear();
        const QCborMap patch = difference(toKeyed(sampleReading()), toKeyed(offline));
        const QCborMap status = patch.value("status"_L1).toMap();
        QCOMPARE(status.value("state"_L1), QCborValue(u"offline"_s));
        QVERIFY(status.value("errors"_L1).isNull() && status.value("display"_L1).isNull()
            && patch.value("alerts"_L1).isNull());
        QCOMPARE(fromKeyed(*patched(toKeyed(sampleReading()), patch)), offline);
    }

    void namesAReadingWhenItWasTakenDoesNotMatter()
    {
        model::Reading later = sampleReading();
        later.takenAt += std::chrono::hours(1);
        const QByteArray base = baseOf(toKeyed(sampleReading()));
        QCOMPARE(base.size(), 8);
        QCOMPARE(baseOf(toKeyed(later)), base);
        QCOMPARE(baseOf(*decodeMap(encodeMap(toKeyed(sampleReading())))), base);
        QCOMPARE(baseOf(*decodeMap(QCborValue(toKeyed(sampleReading())).toCbor())), base);
        later.meters[0].value++;
        QVERIFY(baseOf(toKeyed(later)) != base);
    }

    void doesNotGrowWithEveryPatch()
    {
        QCborMap base = toKeyed(sampleReading());
        ErrorCode code = ErrorCode::Internal;
        for (int i = 0; i < 100; ++i) {
            const auto more = patched(base, {{u"future%1"_s.arg(i), QString(10'000, u'x')}});
            if (!more) {
                code = more.error().code;
                break;
            }
            base = *more;
        }
        QCOMPARE(code, ErrorCode::LimitExceeded);
    }

private:
    static model::Reading changed(QRandomGenerator& random)
    {
        model::Reading reading = sampleReading();
        reading.takenAt += std::chrono::milliseconds(random.bounded(100'000));
        const auto perhaps = [&random] { return random.bounded(2) == 0; };
        if (perhaps())
            reading.identity.serialNumber.clear();
        if (perhaps())
            reading.status.errors.reset();
        if (perhaps())
            reading.status.display = {u"Line %1"_s.arg(random.bounded(5))};
        if (perhaps())
            reading.alerts.clear();
        if (perhaps())
            reading.misc.clear();
        for (model::Supply& supply : reading.supplies)
            supply.level = {.kind = static_cast<Kind>(random.bounded(5)),
                .percent = double(random.bounded(100)),
                .low = 1,
                .high = 2};
        reading.supplies.remove(random.bounded(reading.supplies.size()), 1);
        reading.meters[random.bounded(reading.meters.size())].value += random.bounded(100);
        return reading;
    }
};

PLATEN_TEST(ReadingCodecTest)
#include "ReadingCodecTest.moc"
