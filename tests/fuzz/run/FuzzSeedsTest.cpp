// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fuzz/Target.h>

#include <QRandomGenerator>
#include <QtTest>

#include <algorithm>

using namespace platen;

/// The fuzz targets over their seeds, whole, cut and with bytes changed: what every build checks of them.
class FuzzSeedsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("platen.*=false")); } // what the product says of bad input

    void standsItsSeeds_data()
    {
        QTest::addColumn<int>("target");
        for (int i = 0; i < int(fuzz::targets().size()); ++i)
            QTest::newRow(fuzz::targets()[size_t(i)].name.latin1()) << i;
    }
    void standsItsSeeds()
    {
        QFETCH(int, target);
        const fuzz::Target& tried = fuzz::targets()[size_t(target)];
        const QList<QByteArray> seeds = tried.seeds();
        QVERIFY(!seeds.isEmpty());
        QRandomGenerator random(7);
        for (qsizetype i = 0; i < std::min<qsizetype>(seeds.size(), 40); ++i) {
            QByteArray input = seeds[i];
            tried.run(input);
            tried.run(QByteArrayView(input).first(input.size() / 2));
            for (int change = 0; change < 3 && !input.isEmpty(); ++change)
                input[random.bounded(int(input.size()))] = char(random.bounded(256));
            tried.run(input);
        }
        tried.run({});
    }
};

QTEST_GUILESS_MAIN(FuzzSeedsTest)
#include "FuzzSeedsTest.moc"
