// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Words.h"

#include <QCoreApplication>

#include <algorithm>
#include <span>

using namespace Qt::StringLiterals;

namespace platen::widgets {

namespace {

struct Word {
    QLatin1StringView keyword;
    const char* text;
};

const Word meters[]{
    {"total"_L1, QT_TRANSLATE_NOOP("Meter", "Total")}, {"mono"_L1, QT_TRANSLATE_NOOP("Meter", "Black and white")},
    {"color"_L1, QT_TRANSLATE_NOOP("Meter", "Color")}, {"copy"_L1, QT_TRANSLATE_NOOP("Meter", "Copies")},
    {"copyMono"_L1, QT_TRANSLATE_NOOP("Meter", "Black and white copies")}, {"copyColor"_L1, QT_TRANSLATE_NOOP("Meter", "Color copies")},
    {"print"_L1, QT_TRANSLATE_NOOP("Meter", "Prints")}, {"printMono"_L1, QT_TRANSLATE_NOOP("Meter", "Black and white prints")},
    {"printColor"_L1, QT_TRANSLATE_NOOP("Meter", "Color prints")}, {"printSingleColor"_L1, QT_TRANSLATE_NOOP("Meter", "Single-color prints")},
    {"copySingleColor"_L1, QT_TRANSLATE_NOOP("Meter", "Single-color copies")}, {"fax"_L1, QT_TRANSLATE_NOOP("Meter", "Faxes")},
    {"scan"_L1, QT_TRANSLATE_NOOP("Meter", "Scans")}, {"duplex"_L1, QT_TRANSLATE_NOOP("Meter", "Two-sided")},
    {"large"_L1, QT_TRANSLATE_NOOP("Meter", "Large format")},
};

const Word units[]{
    {"impressions"_L1, QT_TRANSLATE_NOOP("Unit", "impressions")}, {"sheets"_L1, QT_TRANSLATE_NOOP("Unit", "sheets")},
    {"percent"_L1, QT_TRANSLATE_NOOP("Unit", "%")}, {"hours"_L1, QT_TRANSLATE_NOOP("Unit", "hours")},
    {"feet"_L1, QT_TRANSLATE_NOOP("Unit", "ft")}, {"meters"_L1, QT_TRANSLATE_NOOP("Unit", "m")},
    {"squareMeters"_L1, QT_TRANSLATE_NOOP("Unit", "m²")}, {"squareCentimeters"_L1, QT_TRANSLATE_NOOP("Unit", "cm²")},
    {"labels"_L1, QT_TRANSLATE_NOOP("Unit", "labels")},
};

const Word errors[]{
    {"lowPaper"_L1, QT_TRANSLATE_NOOP("DeviceError", "Low paper")}, {"noPaper"_L1, QT_TRANSLATE_NOOP("DeviceError", "No paper")},
    {"lowToner"_L1, QT_TRANSLATE_NOOP("DeviceError", "Low toner")}, {"noToner"_L1, QT_TRANSLATE_NOOP("DeviceError", "No toner")},
    {"doorOpen"_L1, QT_TRANSLATE_NOOP("DeviceError", "Door open")}, {"jammed"_L1, QT_TRANSLATE_NOOP("DeviceError", "Paper jam")},
    {"offline"_L1, QT_TRANSLATE_NOOP("DeviceError", "Taken offline")}, {"serviceRequested"_L1, QT_TRANSLATE_NOOP("DeviceError", "Service needed")},
    {"inputTrayMissing"_L1, QT_TRANSLATE_NOOP("DeviceError", "Input tray missing")}, {"outputTrayMissing"_L1, QT_TRANSLATE_NOOP("DeviceError", "Output tray missing")},
    {"markerSupplyMissing"_L1, QT_TRANSLATE_NOOP("DeviceError", "Cartridge missing")}, {"outputNearFull"_L1, QT_TRANSLATE_NOOP("DeviceError", "Bin nearly full")},
    {"outputFull"_L1, QT_TRANSLATE_NOOP("DeviceError", "Bin full")}, {"inputTrayEmpty"_L1, QT_TRANSLATE_NOOP("DeviceError", "Tray empty")},
    {"overduePreventMaint"_L1, QT_TRANSLATE_NOOP("DeviceError", "Maintenance overdue")}, {"markerSupplyEmpty"_L1, QT_TRANSLATE_NOOP("DeviceError", "Supply empty")},
    {"markerSupplyLow"_L1, QT_TRANSLATE_NOOP("DeviceError", "Supply low")}, {"wasteFull"_L1, QT_TRANSLATE_NOOP("DeviceError", "Waste container full")},
    {"wasteNearFull"_L1, QT_TRANSLATE_NOOP("DeviceError", "Waste nearly full")},
};

const Word severities[]{
    {"critical"_L1, QT_TRANSLATE_NOOP("Severity", "Critical")}, {"warning"_L1, QT_TRANSLATE_NOOP("Severity", "Warning")},
    {"warningBinaryChangeEvent"_L1, QT_TRANSLATE_NOOP("Severity", "Notice")}, {"other"_L1, QT_TRANSLATE_NOOP("Severity", "Notice")},
};

const Word deviceTypes[]{
    {"printer"_L1, QT_TRANSLATE_NOOP("DeviceType", "Printer")}, {"mfp"_L1, QT_TRANSLATE_NOOP("DeviceType", "Multifunction printer")},
    {"label"_L1, QT_TRANSLATE_NOOP("DeviceType", "Label printer")}, {"plotter"_L1, QT_TRANSLATE_NOOP("DeviceType", "Plotter")},
    {"scanner"_L1, QT_TRANSLATE_NOOP("DeviceType", "Scanner")}, {"printServer"_L1, QT_TRANSLATE_NOOP("DeviceType", "Print server")},
};

const Word groups[]{
    {"generalPrinter"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Printer")}, {"cover"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Cover")},
    {"localization"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Language")}, {"input"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Paper input")},
    {"output"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Paper output")}, {"marker"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Print engine")},
    {"markerSupplies"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Supplies")}, {"markerColorant"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Colorant")},
    {"mediaPath"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Paper path")}, {"channel"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Connection")},
    {"interpreter"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Print data")}, {"consoleDisplayBuffer"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Panel")},
    {"consoleLights"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Panel")}, {"finisher"_L1, QT_TRANSLATE_NOOP("AlertGroup", "Finisher")},
};

const Word supplyKinds[]{
    {"toner"_L1, QT_TRANSLATE_NOOP("Supply", "Toner")}, {"tonerCartridge"_L1, QT_TRANSLATE_NOOP("Supply", "Toner cartridge")},
    {"ink"_L1, QT_TRANSLATE_NOOP("Supply", "Ink")}, {"inkCartridge"_L1, QT_TRANSLATE_NOOP("Supply", "Ink cartridge")},
    {"wasteToner"_L1, QT_TRANSLATE_NOOP("Supply", "Waste toner container")}, {"wasteInk"_L1, QT_TRANSLATE_NOOP("Supply", "Waste ink container")},
    {"opc"_L1, QT_TRANSLATE_NOOP("Supply", "Drum")}, {"fuser"_L1, QT_TRANSLATE_NOOP("Supply", "Fuser")},
    {"developer"_L1, QT_TRANSLATE_NOOP("Supply", "Developer")}, {"transferUnit"_L1, QT_TRANSLATE_NOOP("Supply", "Transfer unit")},
    {"staples"_L1, QT_TRANSLATE_NOOP("Supply", "Staples")}, {"ribbon"_L1, QT_TRANSLATE_NOOP("Supply", "Ribbon")},
    {"inkRibbon"_L1, QT_TRANSLATE_NOOP("Supply", "Ribbon")}, {"coronaWire"_L1, QT_TRANSLATE_NOOP("Supply", "Corona wire")},
};

const Word colorants[]{
    {"black"_L1, QT_TRANSLATE_NOOP("Colorant", "black")}, {"cyan"_L1, QT_TRANSLATE_NOOP("Colorant", "cyan")},
    {"magenta"_L1, QT_TRANSLATE_NOOP("Colorant", "magenta")}, {"yellow"_L1, QT_TRANSLATE_NOOP("Colorant", "yellow")},
};

// "subunitPowerSaver" → "Subunit power saver"
QString spaced(const QString& keyword)
{
    QString words;
    for (const QChar c : keyword) {
        if (c.isUpper() && !words.isEmpty())
            words += u' ';
        words += words.isEmpty() ? c.toUpper() : c.toLower();
    }
    return words;
}

QString translated(std::span<const Word> words, const char* context, const QString& keyword)
{
    for (const Word& word : words) {
        if (word.keyword == keyword)
            return QCoreApplication::translate(context, word.text);
    }
    return spaced(keyword);
}

} // namespace

QString meterName(const QString& keyword) { return translated(meters, "Meter", keyword); }

QString meterName(const model::Meter& meter, const QList<model::Meter>& meters)
{
    const QString name = meterName(meter.name);
    if (meter.marker.isEmpty() || std::ranges::count(meters, meter.name, &model::Meter::name) < 2)
        return name;
    //: a meter and the number of the print engine it belongs to
    return QCoreApplication::translate("Meter", "%1, print engine %2").arg(name, meter.marker.section(u'.', -1));
}

int meterRank(const model::Meter& meter)
{
    const auto rank = 2 * (std::ranges::find(meters, meter.name, &Word::keyword) - std::begin(meters));
    return static_cast<int>(rank) + (meter.marker.isEmpty() ? 0 : 1);
}

QString errorName(const QString& keyword) { return translated(errors, "DeviceError", keyword); }
QString severityName(const QString& keyword) { return translated(severities, "Severity", keyword); }
QString deviceTypeName(const QString& keyword) { return translated(deviceTypes, "DeviceType", keyword); }
QString groupName(const QString& keyword) { return translated(groups, "AlertGroup", keyword); }

QString unitName(const QString& keyword)
{
    const bool known = std::ranges::contains(units, keyword, &Word::keyword);
    return known ? translated(units, "Unit", keyword) : spaced(keyword).toLower();
}

QString supplyName(const model::Supply& supply)
{
    if (!supply.name.isEmpty())
        return supply.name;
    const QString kind = translated(supplyKinds, "Supply", supply.kind.isEmpty() ? u"supply"_s : supply.kind);
    if (supply.color.isEmpty())
        return kind;
    //: a supply without a name of its own: kind, colour
    return QCoreApplication::translate("Supply", "%1, %2").arg(kind, translated(colorants, "Colorant", supply.color).toLower());
}

} // namespace platen::widgets
