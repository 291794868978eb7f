// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Keywords.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen::profiles::keyword {

namespace {

using Word = std::pair<qint64, QStringView>;

QString wordOf(std::span<const Word> words, qint64 code)
{
    const auto found = std::ranges::find(words, code, &Word::first);
    return found == words.end() ? QString() : found->second.toString();
}

constexpr std::array<Word, 34> supplyTypes{{{1, u"other"}, {2, u"unknown"}, {3, u"toner"}, {4, u"wasteToner"},
    {5, u"ink"}, {6, u"inkCartridge"}, {7, u"inkRibbon"}, {8, u"wasteInk"}, {9, u"opc"}, {10, u"developer"},
    {11, u"fuserOil"}, {12, u"solidWax"}, {13, u"ribbonWax"}, {14, u"wasteWax"}, {15, u"fuser"}, {16, u"coronaWire"},
    {17, u"fuserOilWick"}, {18, u"cleanerUnit"}, {19, u"fuserCleaningPad"}, {20, u"transferUnit"},
    {21, u"tonerCartridge"}, {22, u"fuserOiler"}, {23, u"water"}, {24, u"wasteWater"}, {25, u"glueWaterAdditive"},
    {26, u"wastePaper"}, {27, u"bindingSupply"}, {28, u"bandingSupply"}, {29, u"stitchingWire"}, {30, u"shrinkWrap"},
    {31, u"paperWrap"}, {32, u"staples"}, {33, u"inserts"}, {34, u"covers"}}};

constexpr std::array<Word, 15> supplyUnits{{{1, u"other"}, {2, u"unknown"}, {3, u"tenThousandthsOfInches"},
    {4, u"micrometers"}, {7, u"impressions"}, {8, u"sheets"}, {11, u"hours"}, {12, u"thousandthsOfOunces"},
    {13, u"tenthsOfGrams"}, {14, u"hundrethsOfFluidOunces"}, {15, u"tenthsOfMilliliters"}, {16, u"feet"},
    {17, u"meters"}, {18, u"items"}, {19, u"percent"}}};

constexpr std::array<Word, 10> counterUnits{
    {{3, u"tenThousandthsOfInches"}, {4, u"micrometers"}, {5, u"characters"}, {6, u"lines"}, {7, u"impressions"},
        {8, u"sheets"}, {9, u"dotRow"}, {11, u"hours"}, {16, u"feet"}, {17, u"meters"}}};

constexpr std::array<Word, 4> severities{
    {{1, u"other"}, {3, u"critical"}, {4, u"warning"}, {5, u"warningBinaryChangeEvent"}}};

constexpr std::array<Word, 21> alertGroups{{{1, u"other"}, {3, u"hostResourcesMIBStorageTable"},
    {4, u"hostResourcesMIBDeviceTable"}, {5, u"generalPrinter"}, {6, u"cover"}, {7, u"localization"}, {8, u"input"},
    {9, u"output"}, {10, u"marker"}, {11, u"markerSupplies"}, {12, u"markerColorant"}, {13, u"mediaPath"},
    {14, u"channel"}, {15, u"interpreter"}, {16, u"consoleDisplayBuffer"}, {17, u"consoleLights"}, {18, u"alert"},
    {30, u"finDevice"}, {31, u"finSupply"}, {32, u"finSupplyMediaInput"}, {33, u"finAttribute"}}};

constexpr std::array<Word, 5> printerStates{
    {{1, u"other"}, {2, u"unknown"}, {3, u"idle"}, {4, u"printing"}, {5, u"warmup"}}};

constexpr std::array<QStringView, 15> errorBits{u"lowPaper", u"noPaper", u"lowToner", u"noToner", u"doorOpen",
    u"jammed", u"offline", u"serviceRequested", u"inputTrayMissing", u"outputTrayMissing", u"markerSupplyMissing",
    u"outputNearFull", u"outputFull", u"inputTrayEmpty", u"overduePreventMaint"};

struct Color {
    QString name;
    QRegularExpression words;
};

// Shades before the colours whose words they contain.
const QList<Color>& colors()
{
    static const auto color = [](const QString& name, const QString& words) {
        return Color{name,
            QRegularExpression(
                words, QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption)};
    };
    static const QList<Color> list{
        color(u"light cyan"_s, u"\\b(?:light|photo)[ -]?cyan\\b"_s),
        color(u"light magenta"_s, u"\\b(?:light|photo)[ -]?magenta\\b"_s),
        color(u"light gray"_s, u"\\blight[ -]?gr[ae]y\\b"_s),
        color(u"matte black"_s, u"\\bmatte?[ -]?black\\b"_s),
        color(u"photo black"_s, u"\\bphoto[ -]?black\\b"_s),
        color(u"cyan"_s, u"\\b(?:cyan|cyaan|ciano?|cian|azurov\\w*|syaani)\\b|シアン|青|голуб|циан"_s),
        color(u"magenta"_s, u"\\b(?:magenta|purpurov\\w*)\\b|マゼンタ|洋红|洋紅|品红|品紅|пурпур|маджент"_s),
        color(u"yellow"_s,
            u"\\b(?:yellow|gelb|jaune|giallo|amarillo|amarelo|geel|gul|keltainen|żółty|žlut\\w*|sárga)\\b|イエロー|黄|黃|ж[её]лт"_s),
        color(u"black"_s,
            u"\\b(?:black|schwarz|noire?|nero|negro|preto|zwart|sort|svart|musta|czarny|čern\\w*|fekete)\\b|ブラック|黑|黒|ч[её]рн"_s),
        color(u"gray"_s, u"\\bgr[ae]y\\b"_s),
        color(u"red"_s, u"\\b(?:red|rot|rouge)\\b"_s),
        color(u"blue"_s, u"\\b(?:blue|blau|bleu)\\b"_s),
        color(u"green"_s, u"\\b(?:green|grün|vert)\\b"_s),
        color(u"orange"_s, u"\\borange\\b"_s),
        color(u"white"_s, u"\\b(?:white|weiß|blanc)\\b"_s),
    };
    return list;
}

} // namespace

QString supplyType(qint64 code) { return wordOf(supplyTypes, code); }
QString supplyUnit(qint64 code) { return wordOf(supplyUnits, code); }
QString counterUnit(qint64 code) { return wordOf(counterUnits, code); }
QString alertSeverity(qint64 code) { return wordOf(severities, code); }
QString alertGroup(qint64 code) { return wordOf(alertGroups, code); }

bool isCounterUnit(const QString& word)
{
    return std::ranges::find(counterUnits, QStringView(word), &Word::second) != counterUnits.end();
}

bool isSupplyType(const QString& word)
{
    return std::ranges::find(supplyTypes, QStringView(word), &Word::second) != supplyTypes.end();
}

QString printerStatus(qint64 code)
{
    const QString word = wordOf(printerStates, code);
    return word.isEmpty() ? u"unknown"_s : word;
}

QStringList detectedErrors(QByteArrayView octets)
{
    QStringList errors;
    const qsizetype bits = std::min<qsizetype>(octets.size() * 8, std::ssize(errorBits));
    for (qsizetype bit = 0; bit < bits; ++bit) {
        if (static_cast<uchar>(octets[bit / 8]) & (0x80 >> (bit % 8)))
            errors += errorBits[static_cast<size_t>(bit)].toString();
    }
    return errors;
}

QString colorIn(const QString& description)
{
    for (const Color& color : colors()) {
        if (color.words.match(description).hasMatch())
            return color.name;
    }
    return {};
}

} // namespace platen::profiles::keyword
