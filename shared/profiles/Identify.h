// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"
#include "Columns.h"
#include "SourceNotes.h"

#include <model/Reading.h>
#include <snmp/Value.h>

namespace platen::profiles {

/// Is it a printer? Unsure: the answers so far do not tell, ask confirmationObjects().
enum class Verdict { Printer, NotPrinter, Unsure };

/// What a sweep asks of every address in its one GET: sysDescr, sysObjectID and two objects that only printers have.
QList<snmp::Oid> sweepObjects();

/// What tells when the sweep's answer did not: one GETBULK, the first `confirmationNonRepeaters` of these not repeated.
QList<snmp::Oid> confirmationObjects();
constexpr int confirmationNonRepeaters = 4;
constexpr int confirmationRepetitions = 12;

/// Judges by Printer-MIB rows, hrDeviceType, sysObjectID and sysDescr, in this order; computers that list their print
/// queues in hrDeviceTable are no printers. `complete`: everything was asked, so nothing is Unsure any more.
Verdict judge(const Catalogue& catalogue, const snmp::Answers& answers, bool complete = false);

/// hrDeviceIndex of the printer: the row of hrDeviceTable with hrDeviceType printer, else the first index the Printer MIB's
/// tables use (0 on some), else 1.
quint32 printerIndex(const snmp::Answers& answers);

/// The maker's name as shown; empty when nothing tells. Names in hrDeviceDescr, IEEE 1284 id and sysDescr outweigh the
/// sysObjectID, which many clone.
QString makerOf(const Catalogue& catalogue, const snmp::Answers& answers);

/// Who a device is by its answers, which must outlive this.
class Identification {
public:
    /// `maker`: makerOf() of the answers.
    Identification(const Catalogue& catalogue, const snmp::Answers& answers, QString maker);

    /// Everything of model::Identity except the MAC address of the answering interface; colour only from the model database.
    model::Identity identity(SourceNotes& notes) const;
    QString deviceType() const;
    /// The object that a field comes from; empty: none gives it.
    snmp::Oid sourceOf(const QString& field) const { return found(field).object; }

private:
    struct Found {
        QString text;
        snmp::Oid object;
    };
    Found found(const QString& field) const;
    QString normalised(const QString& field, const QString& raw) const;
    QString deviceType(const QString& model) const;

    const Catalogue& m_catalogue;
    const Columns m_columns;
    const quint32 m_device;
    const QString m_maker;
    const Profile& m_profile;
};

/// The identity() of these answers, where nobody asks for its sources.
model::Identity identify(const Catalogue& catalogue, const snmp::Answers& answers);

} // namespace platen::profiles
