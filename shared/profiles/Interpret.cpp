// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Columns.h"
#include "Identify.h"
#include "PrinterMib.h"
#include "Reader.h"
#include "StandardTables.h"
#include "VendorMeters.h"
#include "VendorSupplies.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

QStringList vendorDisplay(const Columns& columns, const Profile& profile, quint32 device, int charset)
{
    QStringList lines;
    for (const ValueSource& source : profile.display) {
        const snmp::Value& value = columns.at(source.object, device);
        const bool plain = source.decoding.kind == Decoding::Kind::Text && source.decoding.pattern.pattern().isEmpty();
        const QString text = plain ? decodeText(value.octets, charset, true) : source.decoding.text(value, charset);
        if (!text.isEmpty())
            lines += text.split(u'\n');
    }
    return lines;
}

// Where the standard tables' values stand, which their readers do not say.
void noteStandard(const model::Reading& reading, quint32 device, SourceNotes& notes)
{
    if (!notes.isWanted())
        return;
    notes.note("identity."_L1, u"sysObjectId", mib::sysObjectID);
    notes.note("status."_L1, u"state", mib::hrPrinterStatus + device);
    notes.note("status."_L1, u"errors", mib::hrPrinterDetectedErrorState + device);
    for (const model::Meter& meter : reading.meters) {
        if (const Result<Oid> index = Oid::parse(meter.marker); index && !meter.marker.isEmpty())
            notes.note("meters."_L1, meter.name + u'/' + meter.marker, mib::prtMarkerLifeCount + *index);
    }
    for (const model::Supply& supply : reading.supplies) {
        if (const Result<Oid> index = Oid::parse(supply.index))
            notes.note("supplies."_L1, supply.index + u".level"_s, mib::prtMarkerSuppliesLevel + *index);
    }
}

bool isBefore(const model::Meter& a, const model::Meter& b)
{
    return a.name != b.name ? a.name < b.name : a.marker < b.marker;
}

} // namespace

Result<model::Reading> interpret(
    const Catalogue& catalogue, const snmp::Answers& answers, const InterpretOptions& options)
{
    if (judge(catalogue, answers, true) != Verdict::Printer)
        return fail(ErrorCode::NotFound,
            u"The device at %1 answers, but it is not a printer."_s.arg(options.address.toString()));
    const Columns columns(answers);
    const quint32 device = printerIndex(answers);
    const int charset = standard::charset(columns, device);
    SourceNotes notes(answers, options.sources);

    model::Reading reading;
    reading.address = options.address.toString();
    reading.takenAt = options.takenAt;
    reading.identity = Identification(catalogue, answers, options.maker.isEmpty() ? makerOf(catalogue, answers) : options.maker).identity(notes);
    const Profile& profile = catalogue.profileOf(reading.identity.manufacturer);
    reading.supplies = standard::supplies(columns, device, charset);
    completeSupplies(columns, profile, reading.supplies, notes);
    if (const auto color = standard::isColor(columns, device, reading.supplies))
        reading.identity.color = color; // what the printer tells of itself is better than what is known of its model
    if (const QString mac = standard::macAddress(columns, options.address); !mac.isEmpty())
        reading.identity.mac = mac;
    reading.status = standard::status(columns, device);
    reading.status.display = standard::display(columns, device, charset);
    if (reading.status.display.isEmpty())
        reading.status.display = vendorDisplay(columns, profile, device, charset);
    reading.alerts = standard::alerts(columns, device, charset);
    reading.meters = plausible(standard::meters(columns, device) + vendorMeters(columns, profile, device, notes));
    std::ranges::stable_sort(reading.meters, isBefore);
    for (auto it = profile.misc.begin(); it != profile.misc.end(); ++it) {
        if (const QString text = it.value().text(columns.at(it.value().object, device), charset); !text.isEmpty())
            reading.misc.insert(it.key(), text);
    }
    if (const QString name = Decoding().text(columns.at(mib::sysName), charset); options.hostName && !name.isEmpty()) {
        reading.misc.insert(hostNameKey, name);
        notes.note("misc."_L1, QString(hostNameKey), mib::sysName);
    }
    noteStandard(reading, device, notes);
    reading.sources = notes.all();
    return reading;
}

} // namespace platen::profiles
