// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

/// IPP's keywords as the numbers of the MIBs that they mirror. Nothing for a word that is not known.
namespace platen::ipp::words {

/// prtAlertCode of a keyword of IANA-PRINTER-MIB's PrtAlertCodeTC ("markerTonerEmpty"), or of digits.
std::optional<qint64> alertCode(const QString& word);
/// hrPrinterStatus of printer-state (RFC 8011 §5.4.11).
std::optional<qint64> printerStatus(qint64 printerState);
/// hrPrinterDetectedErrorState of printer-state-reasons (RFC 8011 §5.4.12, PWG 5100.9), two octets as RFC 2790 has them.
QByteArray detectedErrorState(const QStringList& reasons);

std::optional<qint64> supplyType(
    const QString& word); ///< "tonerCartridge", or "toner-cartridge" as marker-types write it
std::optional<qint64> supplyUnit(const QString& word);
std::optional<qint64> supplyClass(const QString& word); ///< "supplyThatIsConsumed", "receptacleThatIsFilled"
std::optional<qint64> alertSeverity(const QString& word);
std::optional<qint64> alertGroup(const QString& word);

} // namespace platen::ipp::words
