// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QStringList>

/// The words of RFC 3805, RFC 2790 and IANA-PRINTER-MIB for their numbers. Empty for a number they do not know.
namespace platen::profiles::keyword {

QString supplyType(qint64 code); ///< prtMarkerSuppliesType
QString supplyUnit(qint64 code); ///< prtMarkerSuppliesSupplyUnit
QString counterUnit(qint64 code); ///< prtMarkerCounterUnit
bool isCounterUnit(const QString& word);
bool isSupplyType(const QString& word);
QString alertSeverity(qint64 code); ///< prtAlertSeverityLevel
QString alertGroup(qint64 code); ///< prtAlertGroup
QString printerStatus(qint64 code); ///< hrPrinterStatus; "unknown" for a number it does not know

/// The bits of hrPrinterDetectedErrorState that are set, bit 0 the highest of the first byte; any number of bytes.
QStringList detectedErrors(QByteArrayView octets);

/// A colour named in a supply's description, in any of the languages printers speak: "black", "cyan", "light magenta", …
/// Empty when none is.
QString colorIn(const QString& description);

} // namespace platen::profiles::keyword
