// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

namespace platen::widgets {

/// The standards' keywords in people's words, translated. A keyword we have no words for is shown as it is, spaced
/// ("subunitPowerSaver" → "Subunit power saver"): odd, but never wrong.
QString meterName(const QString& keyword);       ///< "total" → "Total", "copyColor" → "Color copies"
/// With its print engine where several of `meters` are called the same: "Total, print engine 1".
QString meterName(const model::Meter& meter, const QList<model::Meter>& meters);
int meterRank(const model::Meter& meter);        ///< the order people read meters in: total, mono, color, …
QString unitName(const QString& keyword);        ///< "impressions", "sheets"
QString errorName(const QString& keyword);       ///< of hrPrinterDetectedErrorState: "lowToner" → "Low toner"
QString severityName(const QString& keyword);    ///< of prtAlertSeverityLevel
QString deviceTypeName(const QString& keyword);  ///< "mfp" → "Multifunction printer"
QString groupName(const QString& keyword);       ///< of prtAlertGroup: "markerSupplies" → "Supplies"

/// What the device calls a supply; its kind and colour when it has no name for it.
QString supplyName(const model::Supply& supply);

} // namespace platen::widgets
