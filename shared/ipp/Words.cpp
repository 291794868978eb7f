// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Words.h"

#include <profiles/Keywords.h>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen::ipp::words {

namespace {

using Word = std::pair<QLatin1StringView, qint64>;

// PrtAlertCodeTC numbers its words in runs.
struct Run {
    qint64 first;
    QLatin1StringView words;
};

constexpr std::array alertCodes{
    Run{1,
        "other unknown coverOpen coverClosed interlockOpen interlockClosed configurationChange jam subunitMissing "
        "subunitLifeAlmostOver subunitLifeOver subunitAlmostEmpty subunitEmpty subunitAlmostFull subunitFull "
        "subunitNearLimit subunitAtLimit subunitOpened subunitClosed subunitTurnedOn subunitTurnedOff subunitOffline "
        "subunitPowerSaver subunitWarmingUp subunitAdded subunitRemoved subunitResourceAdded subunitResourceRemoved "
        "subunitRecoverableFailure subunitUnrecoverableFailure subunitRecoverableStorageError "
        "subunitUnrecoverableStorageError subunitMotorFailure subunitMemoryExhausted subunitUnderTemperature "
        "subunitOverTemperature subunitTimingFailure subunitThermistorFailure"_L1},
    Run{501, "doorOpen doorClosed powerUp powerDown printerNMSReset printerManualReset printerReadyToPrint"_L1},
    Run{801,
        "inputMediaTrayMissing inputMediaSizeChange inputMediaWeightChange inputMediaTypeChange inputMediaColorChange "
        "inputMediaFormPartsChange inputMediaSupplyLow inputMediaSupplyEmpty inputMediaChangeRequest "
        "inputManualInputRequest inputTrayPositionFailure inputTrayElevationFailure inputCannotFeedSizeSelected"_L1},
    Run{901, "outputMediaTrayMissing outputMediaTrayAlmostFull outputMediaTrayFull outputMailboxSelectFailure"_L1},
    Run{1001,
        "markerFuserUnderTemperature markerFuserOverTemperature markerFuserTimingFailure "
        "markerFuserThermistorFailure markerAdjustingPrintQuality"_L1},
    Run{1101,
        "markerTonerEmpty markerInkEmpty markerPrintRibbonEmpty markerTonerAlmostEmpty markerInkAlmostEmpty "
        "markerPrintRibbonAlmostEmpty markerWasteTonerReceptacleAlmostFull markerWasteInkReceptacleAlmostFull "
        "markerWasteTonerReceptacleFull markerWasteInkReceptacleFull markerOpcLifeAlmostOver markerOpcLifeOver "
        "markerDeveloperAlmostEmpty markerDeveloperEmpty markerTonerCartridgeMissing"_L1},
    Run{1301,
        "mediaPathMediaTrayMissing mediaPathMediaTrayAlmostFull mediaPathMediaTrayFull "
        "mediaPathCannotDuplexMediaSelected"_L1},
    Run{1501,
        "interpreterMemoryIncrease interpreterMemoryDecrease interpreterCartridgeAdded interpreterCartridgeDeleted "
        "interpreterResourceAdded interpreterResourceDeleted interpreterResourceUnavailable "
        "interpreterComplexPageEncountered"_L1},
    Run{1801, "alertRemovalOfBinaryChangeEntry"_L1},
};

// By the bit's number, counted from the first octet's highest.
constexpr std::array errorBits{
    Word{"media-low"_L1, 0},
    Word{"media-empty"_L1, 1},
    Word{"media-needed"_L1, 1},
    Word{"toner-low"_L1, 2},
    Word{"marker-supply-low"_L1, 2},
    Word{"toner-empty"_L1, 3},
    Word{"marker-supply-empty"_L1, 3},
    Word{"door-open"_L1, 4},
    Word{"cover-open"_L1, 4},
    Word{"interlock-open"_L1, 4},
    Word{"media-jam"_L1, 5},
    Word{"offline"_L1, 6},
    Word{"service-needed"_L1, 7},
    Word{"input-tray-missing"_L1, 8},
    Word{"output-tray-missing"_L1, 9},
    Word{"marker-supply-missing"_L1, 10},
    Word{"output-area-almost-full"_L1, 11},
    Word{"output-area-full"_L1, 12},
};

// The code whose keyword, by one of profiles' tables, is this word.
template <typename Keyword>
std::optional<qint64> codeOf(const QString& word, Keyword keyword)
{
    for (qint64 code = 1; code < 64 && !word.isEmpty(); ++code) {
        if (keyword(code) == word)
            return code;
    }
    return std::nullopt;
}

QString joined(const QString& hyphenated)
{
    QString word;
    for (const QString& part : hyphenated.split(u'-', Qt::SkipEmptyParts))
        word += word.isEmpty() ? part : part.at(0).toUpper() + part.sliced(1);
    return word;
}

} // namespace

std::optional<qint64> alertCode(const QString& word)
{
    bool isNumber = false;
    if (const qint64 number = word.toLongLong(&isNumber); isNumber)
        return number;
    for (const Run& run : alertCodes) {
        const QList<QLatin1StringView> names = run.words.tokenize(u' ').toContainer<QList<QLatin1StringView>>();
        if (const qsizetype place = names.indexOf(word); place >= 0)
            return run.first + place;
    }
    return std::nullopt;
}

std::optional<qint64> printerStatus(qint64 printerState)
{
    switch (printerState) {
    case 3:
        return 3; // idle
    case 4:
        return 4; // processing: printing
    case 5:
        return 1; // stopped: other
    default:
        return std::nullopt;
    }
}

QByteArray detectedErrorState(const QStringList& reasons)
{
    QByteArray octets(2, '\0');
    for (QString reason : reasons) {
        for (const auto severity : {"-error"_L1, "-warning"_L1, "-report"_L1}) {
            if (reason.endsWith(severity))
                reason.chop(severity.size());
        }
        const auto found = std::ranges::find(errorBits, reason, &Word::first);
        if (found != errorBits.end())
            octets[found->second / 8] = static_cast<char>(octets[found->second / 8] | (0x80 >> (found->second % 8)));
    }
    return octets;
}

std::optional<qint64> supplyType(const QString& word) { return codeOf(joined(word), profiles::keyword::supplyType); }
std::optional<qint64> supplyUnit(const QString& word) { return codeOf(word, profiles::keyword::supplyUnit); }
std::optional<qint64> alertSeverity(const QString& word) { return codeOf(word, profiles::keyword::alertSeverity); }
std::optional<qint64> alertGroup(const QString& word) { return codeOf(word, profiles::keyword::alertGroup); }

std::optional<qint64> supplyClass(const QString& word)
{
    if (word == "supplyThatIsConsumed"_L1)
        return 3;
    return word == "receptacleThatIsFilled"_L1 ? std::optional<qint64>(4) : std::nullopt;
}

} // namespace platen::ipp::words
