// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Catalogue.h>
#include <testkit/Program.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::profiles;

namespace {

// moc cannot read raw strings with parentheses in them.
QByteArray json(const char* withSingleQuotes) { return QByteArray(withSingleQuotes).replace('\'', '"'); }

} // namespace

class CatalogueTest : public QObject {
    Q_OBJECT

private slots:
    void loadsWhatIsBuiltIn()
    {
        const auto catalogue = Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        for (const QString& maker : {u"HP"_s, u"Brother"_s, u"Kyocera"_s, u"Ricoh"_s, u"Konica Minolta"_s})
            QVERIFY2(&(*catalogue)->profileOf(maker) != &(*catalogue)->generic(), qPrintable(maker));
        QCOMPARE((*catalogue)->profileOf(u"Lanier"_s).id, u"ricoh"_s);
        QCOMPARE(&(*catalogue)->profileOf(u"nobody"_s), &(*catalogue)->generic());
    }

    void hasAProfileForEveryMakerThatMatters()
    {
        const auto catalogue = Catalogue::builtIn();
        QVERIFY(catalogue);
        const QStringList makers{u"HP"_s, u"Canon"_s, u"Ricoh"_s, u"Lanier"_s, u"Savin"_s, u"Gestetner"_s, u"NRG"_s,
            u"Infotec"_s, u"Xerox"_s, u"Fuji Xerox"_s, u"FUJIFILM"_s, u"Konica Minolta"_s, u"Develop"_s, u"Kyocera"_s,
            u"UTAX"_s, u"Triumph-Adler"_s, u"Olivetti"_s, u"Lexmark"_s, u"Dell"_s, u"Brother"_s, u"Epson"_s,
            u"Samsung"_s, u"OKI"_s, u"Sharp"_s, u"Toshiba"_s, u"Panasonic"_s, u"Pantum"_s, u"Zebra"_s};
        for (const QString& maker : makers) {
            const Profile& profile = (*catalogue)->profileOf(maker);
            QVERIFY2(&profile != &(*catalogue)->generic(), qPrintable(maker));
            QVERIFY2(profile.identity.contains(u"model"_s), qPrintable(maker));
        }
    }

    void addsAFolderToWhatIsBuiltIn()
    {
        write("acme.json", json("{'makers': [{'name': 'Acme', 'names': ['ACME']}]}"));
        write("sharp.json",
            json("{'makers': [{'name': 'Sharp', 'names': ['SHARP']}], 'display': [{'object': '1.3.6.1.5'}]}"));
        const auto catalogue = Catalogue::withFolder(m_folder->path());
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        QCOMPARE((*catalogue)->profileOf(u"Acme"_s).id, u"acme"_s);
        QCOMPARE((*catalogue)->profileOf(u"HP"_s).id, u"hp"_s);
        QCOMPARE((*catalogue)->profileOf(u"Sharp"_s).display.size(), 1); // replaced, not mixed
        QVERIFY((*catalogue)->profileOf(u"Sharp"_s).meters.isEmpty());
    }

    void loadsTheExampleOfTheManual()
    {
        QFile manual(QStringLiteral(PLATEN_SOURCE_DIR "/docs/profiles.md"));
        QVERIFY(manual.open(QIODevice::ReadOnly));
        const QByteArray text = manual.readAll();
        const qsizetype from = text.indexOf("\n    {\n");
        const qsizetype to = text.indexOf("\n    }\n", from);
        QVERIFY(from > 0 && to > from);
        write("acme.json", text.sliced(from, to + 7 - from));
        const auto catalogue = Catalogue::withFolder(m_folder->path());
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        QCOMPARE((*catalogue)->profileOf(u"Acme"_s).meters.size(), 2);
    }

    void refusesAMakerOfTwoProfiles()
    {
        write("acme.json", json("{'makers': [{'name': 'HP', 'names': ['HP']}]}"));
        const auto catalogue = Catalogue::withFolder(m_folder->path());
        QVERIFY(!catalogue);
        QVERIFY2(catalogue.error().detail.contains("acme.json"_L1) && catalogue.error().detail.contains("hp.json"_L1),
            qPrintable(catalogue.error().detail));
    }

    void namesTheLineOfAMistake()
    {
        write("generic.json", "{}");
        write("acme.json",
            "{\n  \"display\": [\n    {\"object\": \"1.3.6.1.5\"},\n    {\"object\": \"1.3.x\"}\n  ]\n}\n");
        const auto wrong = Catalogue::fromFolder(m_folder->path());
        QVERIFY(!wrong);
        QVERIFY2(wrong.error().detail.contains("line 4"_L1), qPrintable(wrong.error().detail));
        write("acme.json", "{\n  \"display\": [\n    {]\n}\n");
        const auto broken = Catalogue::fromFolder(m_folder->path());
        QVERIFY(!broken);
        QVERIFY2(broken.error().detail.contains("line 3"_L1), qPrintable(broken.error().detail));
    }

    void passesPagesOn()
    {
        write("generic.json", "{}");
        write("acme.json",
            json("{'makers': [{'name': 'Acme'}], 'pages': [{'path': '/x'}], 'about': 'a test', "
                 "'references': {'1.3.6.1.4.1.4711': 'a book'}}"));
        const auto catalogue = Catalogue::fromFolder(m_folder->path());
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        QCOMPARE((*catalogue)->profileOf(u"Acme"_s).pages.toArray().size(), 1);
    }

    void loadsAFolder()
    {
        write("generic.json", "{}");
        write("acme.json",
            json("{'makers': [{'name': 'Acme', 'names': ['ACME'], 'sysObjectIds': ['1.3.6.1.4.1.4711']}], "
                 "'identity': {'serialNumber': [{'object': '1.3.6.1.4.1.4711.1.D', 'decode': 'pml'}]}, "
                 "'meters': [{'name': 'total', 'sources': [{'object': '1.3.6.1.4.1.4711.2.0'}]}]}"));
        const auto catalogue = Catalogue::fromFolder(m_folder->path());
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        const Profile acme = (*catalogue)->profileOf(u"Acme"_s);
        QCOMPARE(acme.id, u"acme"_s);
        const ValueSource serial = acme.identity.value(u"serialNumber"_s).first();
        QVERIFY(serial.object.perDevice);
        QCOMPARE(serial.object.oid.toString(), u"1.3.6.1.4.1.4711.1"_s);
        QCOMPARE(serial.decoding.kind, Decoding::Kind::Pml);
        QCOMPARE(acme.meters.first().unit, u"impressions"_s);
    }

    void namesFileAndKeyOfAMistake_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("key");
        QTest::newRow("no JSON") << QByteArray("{") << u"is not JSON"_s;
        QTest::newRow("a list") << QByteArray("[]") << u"is not JSON"_s;
        QTest::newRow("unknown key") << json("{'meterz': []}") << u"'meterz'"_s;
        QTest::newRow("unknown key within")
            << json("{'meters': [{'name': 'total', 'sourcez': []}]}") << u"'meters[0].sourcez'"_s;
        QTest::newRow("wrong type") << json("{'makers': {}}") << u"'makers'"_s;
        QTest::newRow("wrong type in a list") << json("{'makers': ['HP']}") << u"'makers[0]'"_s;
        QTest::newRow("number for a text") << json("{'makers': [{'name': 5}]}") << u"'makers[0].name'"_s;
        QTest::newRow("bad OID") << json("{'display': [{'object': '1.3.x.1'}]}") << u"'display[0].object'"_s;
        QTest::newRow("short OID") << json("{'display': [{'object': '1.D'}]}") << u"'display[0].object'"_s;
        QTest::newRow("no object") << json("{'display': [{}]}") << u"'display[0].object'"_s;
        QTest::newRow("unknown decoder") << json("{'display': [{'object': '1.3.6.1', 'decode': 'magic'}]}")
                                         << u"'display[0].decode'"_s;
        QTest::newRow("bad pattern") << json("{'display': [{'object': '1.3.6.1', 'pattern': '['}]}")
                                     << u"'display[0].pattern'"_s;
        QTest::newRow("field needed") << json("{'display': [{'object': '1.3.6.1', 'decode': 'deviceId'}]}")
                                      << u"'display[0].field'"_s;
        QTest::newRow("tag needed") << json("{'display': [{'object': '1.3.6.1', 'decode': 'brotherRecord'}]}")
                                    << u"'display[0].tag'"_s;
        QTest::newRow("tag of no use") << json("{'display': [{'object': '1.3.6.1', 'tag': 1}]}")
                                       << u"'display[0].tag'"_s;
        QTest::newRow("unknown meter") << json("{'meters': [{'name': 'pages', 'sources': []}]}")
                                       << u"'meters[0].name'"_s;
        QTest::newRow("unknown unit") << json("{'meters': [{'name': 'total', 'unit': 'pages', 'sources': []}]}")
                                      << u"'meters[0].unit'"_s;
        QTest::newRow("unknown field") << json("{'identity': {'serial': []}}") << u"'identity.serial'"_s;
        QTest::newRow("unknown device type")
            << json("{'deviceTypes': [{'type': 'toaster', 'pattern': '.'}]}") << u"'deviceTypes[0].type'"_s;
        QTest::newRow("supply without its index")
            << json("{'supplySerialNumbers': [{'object': '1.3.6.1.4.1.9.1'}]}") << u"'supplySerialNumbers[0].object'"_s;
        QTest::newRow("unknown kind of supply")
            << json("{'supplyLevels': [{'object': '1.3.6.1', 'kinds': ['tonner']}]}") << u"'supplyLevels[0].kinds'"_s;
        QTest::newRow("level of no kind")
            << json("{'supplyLevels': [{'object': '1.3.6.1'}]}") << u"'supplyLevels[0].kinds'"_s;
        QTest::newRow("bad divisor") << json(
            "{'supplyLevels': [{'object': '1.3.6.1', 'kinds': ['toner'], 'divisor': 0}]}")
                                     << u"'supplyLevels[0].divisor'"_s;
        QTest::newRow("tag out of range")
            << json("{'display': [{'object': '1.3.6.1', 'decode': 'brotherRecord', 'tag': 300}]}")
            << u"'display[0].tag'"_s;
        QTest::newRow("length of no use")
            << json("{'display': [{'object': '1.3.6.1', 'bytes': 4}]}") << u"'display[0].bytes'"_s;
        QTest::newRow("filter without column") << json("{'meterTables': [{'label': '1.3.6.1', 'value': '1.3.6.2', "
                                                       "'names': {'1': 'total'}, 'where': {'is': ['4']}}]}")
                                               << u"'meterTables[0].where.column'"_s;
        QTest::newRow("reference to nothing") << json("{'references': {'HP': 'a book'}}") << u"'references.HP'"_s;
        QTest::newRow("table without names")
            << json("{'meterTables': [{'label': '1.3.6.1', 'value': '1.3.6.2'}]}") << u"'meterTables[0].names'"_s;
    }
    void namesFileAndKeyOfAMistake()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, key);
        write("generic.json", "{}");
        write("acme.json", text);
        const auto catalogue = Catalogue::fromFolder(m_folder->path());
        QVERIFY(!catalogue);
        QCOMPARE(catalogue.error().code, ErrorCode::InvalidInput);
        QVERIFY2(catalogue.error().detail.contains(u"acme.json"), qPrintable(catalogue.error().detail));
        QVERIFY2(catalogue.error().detail.contains(key), qPrintable(catalogue.error().detail));
    }

    void refusesAFolderWithoutProfiles()
    {
        const auto catalogue = Catalogue::fromFolder(m_folder->path());
        QVERIFY(!catalogue);
        QCOMPARE(catalogue.error().code, ErrorCode::NotFound);
    }

    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

private:
    void write(const char* name, const QByteArray& bytes)
    {
        QFile file(m_folder->filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

PLATEN_TEST(CatalogueTest)
#include "CatalogueTest.moc"
