// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <testkit/Program.h>
#include <widgets/Colors.h>
#include <widgets/DeviceState.h>

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace platen::widgets;

class ColorsTest : public QObject {
    Q_OBJECT

    static double luminance(const QColor& color)
    {
        const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    }

    static double contrast(const QColor& a, const QColor& b)
    {
        const double x = luminance(a), y = luminance(b);
        return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
    }

private slots:
    void textIsReadableOnItsGround_data()
    {
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("ground");
        for (const Colors* c : {&Colors::light(), &Colors::forDark()}) {
            const char* name = c->dark ? "dark" : "light";
            QTest::addRow("%s text on surface", name) << c->text << c->surface;
            QTest::addRow("%s text on canvas", name) << c->text << c->canvas;
            QTest::addRow("%s muted on surface", name) << c->muted << c->surface;
            QTest::addRow("%s muted on canvas", name) << c->muted << c->canvas;
            QTest::addRow("%s text on selection", name) << c->text << mixed(c->surface, c->accent, c->dark ? 0.20 : 0.10);
            QTest::addRow("%s button", name) << (c->dark ? c->canvas : c->surface) << c->accent;
            for (const QColor& state : {c->ok, c->attention, c->critical, c->offline, c->accent})
                QTest::addRow("%s pill %s", name, qPrintable(state.name())) << mixed(state, c->text, 0.35) << mixed(c->surface, state, c->dark ? 0.16 : 0.10);
        }
    }

    void textIsReadableOnItsGround()
    {
        QFETCH(QColor, text);
        QFETCH(QColor, ground);
        QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(QString::number(contrast(text, ground))));
    }

    void findsItsSetFromAPalette()
    {
        QVERIFY(Colors::of(Colors::forDark().palette()).dark);
        QVERIFY(!Colors::of(Colors::light().palette()).dark);
    }

    void everyStateHasAWordAShapeAndItsKeyword()
    {
        QSet<QString> words, keywords;
        for (int i = 0; i <= static_cast<int>(DeviceState::Unknown); ++i) {
            const auto state = static_cast<DeviceState>(i);
            words.insert(wordOf(state));
            keywords.insert(keywordOf(state));
            QCOMPARE(deviceStateFrom(keywordOf(state)), state);
            QVERIFY(QFile::exists(u":/icons/state-"_s + QStringList({u"ready"_s, u"printing"_s, u"warmup"_s, u"attention"_s, u"error"_s, u"sleeping"_s, u"offline"_s, u"unknown"_s})[i] + u".svg"_s));
        }
        QCOMPARE(words.size(), 8);
        QCOMPARE(keywords.size(), 8);
        QCOMPARE(deviceStateFrom(u"on fire"_s), DeviceState::Unknown);
    }
};

PLATEN_TEST(ColorsTest)
#include "ColorsTest.moc"
