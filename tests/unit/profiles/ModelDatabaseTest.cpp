// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/ModelDatabase.h>
#include <testkit/Program.h>

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen::profiles;

class ModelDatabaseTest : public QObject {
    Q_OBJECT

private slots:
    /// These ids are in customers' databases: a change of any of them splits a device's history in two.
    void neverChangesAnId_data()
    {
        QTest::addColumn<QString>("maker");
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("id");
        const auto row = [](const char* maker, const char* model, const char* id) {
            QTest::addRow("%s %s", maker, model)
                << QString::fromUtf8(maker) << QString::fromUtf8(model) << QString::fromUtf8(id);
        };
        row("HP", "LaserJet 4250", "hp.laserjet-4250");
        row("HP", "LaserJet P2015 Series", "hp.laserjet-p2015");
        row("HP", "Color LaserJet MFP M479fdw", "hp.color-laserjet-mfp-m479fdw");
        row("Brother", "HL-5350DN series", "brother.hl-5350dn");
        row("Konica Minolta", "bizhub C300i", "konica-minolta.bizhub-c300i");
        row("Develop", "ineo+ 280", "develop.ineo-plus-280");
        row("Develop", "ineo 280", "develop.ineo-280");
        row("Kyocera", "CD 1218_DC 2218", "kyocera.cd-1218-dc-2218");
        row("Lanier", "MP C3501/LD635C", "lanier.mp-c3501-ld635c");
        row("Triumph-Adler", "P-4020DW", "triumph-adler.p-4020dw");
        row("Dell", "Laser Printer 5210n", "dell.laser-printer-5210n");
        row("", "  X/1 ", "unknown.x-1");
        row("Ricoh", "复印机 MP", "ricoh.复印机-mp");
        row("HP", "", "");
        row("HP", "---", "");
    }
    void neverChangesAnId()
    {
        QFETCH(QString, maker);
        QFETCH(QString, model);
        QTEST(modelIdOf(maker, model), "id");
    }

    void findsEveryLineAndNothingElse()
    {
        const QByteArray lines("a.one\tc\na.one-more\tm\nb.two\t?\nc.three\tc\n");
        const ModelDatabase models(lines);
        QCOMPARE(models.find(u"a.one"_s)->color, std::optional(true));
        QCOMPARE(models.find(u"a.one-more"_s)->color, std::optional(false));
        QVERIFY(models.find(u"b.two"_s) && !models.find(u"b.two"_s)->color);
        QCOMPARE(models.find(u"c.three"_s)->color, std::optional(true));
        for (const QString& id :
            {u"a.on"_s, u"a.one-"_s, u"a.onee"_s, u""_s, u"z"_s, u"0"_s, u"b.two\t"_s, u"a.one\tc\na.one-more"_s})
            QVERIFY2(!models.find(id), qPrintable(id));
        QVERIFY(!ModelDatabase().find(u"a.one"_s));
    }

    void isNotLedAstrayByADamagedList()
    {
        for (const QByteArray& lines :
            {QByteArray("\n\n\n"), QByteArray("a.one"), QByteArray("a\tc\nb"), QByteArray("\t\t\n\n\tc\n")})
            QVERIFY(!ModelDatabase(lines).find(u"a.one"_s));
    }

    void knowsOurOwnModels()
    {
        QFile file(QStringLiteral(PLATEN_SOURCE_DIR "/resources/models/own.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject makers = QJsonDocument::fromJson(file.readAll()).object();
        QVERIFY(makers.size() > 10);
        const ModelDatabase models = ModelDatabase::builtIn();
        for (auto maker = makers.begin(); maker != makers.end(); ++maker) {
            for (const auto& [list, color] : {std::pair(u"color"_s, true), std::pair(u"mono"_s, false)}) {
                for (const QJsonValue& model : maker.value().toObject()[list].toArray()) {
                    const auto known = models.find(modelIdOf(maker.key(), model.toString()));
                    QVERIFY2(known, qPrintable(maker.key() + u' ' + model.toString()));
                    QVERIFY2(known->color.value_or(color) == color, qPrintable(model.toString()));
                }
            }
        }
    }

    void knowsThoseOfFoomatic()
    {
        const ModelDatabase models = ModelDatabase::builtIn();
        if (!models.find(u"hp.laserjet-1100"_s))
            QSKIP("built without foomatic-db");
        QCOMPARE(models.find(u"hp.laserjet-4250"_s)->color, std::optional(false));
        QCOMPARE(models.find(u"ricoh.aficio-mp-c2500"_s)->color, std::optional(true));
        QVERIFY(models.find(u"lexmark.ms610dn"_s)); // there with the maker in front
        QVERIFY(!models.find(u"hp.laserjet-425"_s)); // nothing by halves
    }
};

PLATEN_TEST(ModelDatabaseTest)
#include "ModelDatabaseTest.moc"
