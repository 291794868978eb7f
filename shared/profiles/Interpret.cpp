// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Columns.h"
#include "Identify.h"
#include "PrinterMib.h"
#include "Reader.h"
#include "StandardTables.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

std::optional<model::Meter> meterFrom(
    const Columns& columns, const MeterSource& meter, quint32 device, SourceNotes& notes)
{
    std::optional<qint64> value;
    for (const ValueSource& source : meter.sources) {
        const Oid object = columns.oidOf(source.object, device);
        const std::optional<qint64> count = source.decoding.count(columns.at(object));
        if (!count || (value && !meter.sum))
            continue;
        value = value.value_or(0) + *count;
        notes.note(u"meters."_s + meter.name, object);
    }
    return value ? std::optional(model::Meter{meter.name, meter.unit, *value, {}}) : std::nullopt;
}

// Rows are told by their label; a device that repeats a label is not believed twice.
QList<model::Meter> metersFrom(const Columns& columns, const MeterTable& table, SourceNotes& notes)
{
    const Decoding number{Decoding::Kind::Number, {}, 0, {}};
    QMap<QString, qint64> values;
    QStringList seen;
    const auto labels = columns.of(table.label, 200);
    for (auto it = labels.begin(); it != labels.end(); ++it) {
        const QString label = Decoding().text(it.value()).toLower();
        const QString name = table.names.value(label);
        const std::optional<qint64> count = number.count(columns.at(table.value, it.key()));
        if (name.isEmpty() || !count || seen.contains(label))
            continue;
        seen += label;
        values[name] += *count;
        notes.note(u"meters."_s + name, table.value + it.key());
    }
    QList<model::Meter> meters;
    for (auto it = values.begin(); it != values.end(); ++it)
        meters += {it.key(), table.unit, it.value(), {}};
    return meters;
}

QList<model::Meter> vendorMeters(const Columns& columns, const Profile& profile, quint32 device, SourceNotes& notes)
{
    QList<model::Meter> meters;
    const auto add = [&](const model::Meter& meter) {
        if (!std::ranges::contains(meters, meter.name, &model::Meter::name))
            meters += meter;
    };
    for (const MeterSource& source : profile.meters) {
        if (const auto meter = meterFrom(columns, source, device, notes))
            add(*meter);
    }
    for (const MeterTable& table : profile.meterTables) {
        for (const model::Meter& meter : metersFrom(columns, table, notes))
            add(meter);
    }
    return meters;
}

QStringList vendorDisplay(const Columns& columns, const Profile& profile, quint32 device, int charset)
{
    QStringList lines;
    for (const ValueSource& source : profile.display) {
        const snmp::Value value = columns.at(source.object, device);
        const bool plain = source.decoding.kind == Decoding::Kind::Text && source.decoding.pattern.pattern().isEmpty();
        const QString text = plain ? decodeText(value.octets, charset, true) : source.decoding.text(value, charset);
        if (!text.isEmpty())
            lines += text.split(u'\n');
    }
    return lines;
}

void addSupplySerials(const Columns& columns, const Profile& profile, QList<model::Supply>& supplies)
{
    for (model::Supply& supply : supplies) {
        const Result<Oid> index = Oid::parse(supply.index);
        for (const Oid& column : profile.supplySerialNumbers) {
            const QString serial = index ? normalisedSerial(Decoding().text(columns.at(column, *index))) : QString();
            if (!serial.isEmpty())
                supply.serialNumber = serial;
        }
    }
}

// Where the standard tables' values stand, which their readers do not say.
void noteStandard(const model::Reading& reading, quint32 device, SourceNotes& notes)
{
    notes.note(u"identity.sysObjectId"_s, mib::sysObjectID);
    notes.note(u"status.state"_s, mib::hrPrinterStatus + device);
    notes.note(u"status.errors"_s, mib::hrPrinterDetectedErrorState + device);
    for (const model::Meter& meter : reading.meters) {
        if (const Result<Oid> index = Oid::parse(meter.marker); index && !meter.marker.isEmpty())
            notes.note(u"meters.%1/%2"_s.arg(meter.name, meter.marker), mib::prtMarkerLifeCount + *index);
    }
    for (const model::Supply& supply : reading.supplies) {
        if (const Result<Oid> index = Oid::parse(supply.index))
            notes.note(u"supplies.%1.level"_s.arg(supply.index), mib::prtMarkerSuppliesLevel + *index);
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
    reading.identity = identify(catalogue, answers, &notes);
    const Profile& profile = catalogue.profileOf(reading.identity.manufacturer);
    reading.supplies = standard::supplies(columns, device, charset);
    addSupplySerials(columns, profile, reading.supplies);
    reading.identity.color = standard::isColor(columns, device, reading.supplies);
    if (const QString mac = standard::macAddress(columns, options.address); !mac.isEmpty())
        reading.identity.mac = mac;
    reading.status = standard::status(columns, device);
    reading.status.display = standard::display(columns, device, charset);
    if (reading.status.display.isEmpty())
        reading.status.display = vendorDisplay(columns, profile, device, charset);
    reading.alerts = standard::alerts(columns, device, charset);
    reading.meters = standard::meters(columns, device) + vendorMeters(columns, profile, device, notes);
    std::ranges::stable_sort(reading.meters, isBefore);
    for (auto it = profile.misc.begin(); it != profile.misc.end(); ++it) {
        if (const QString text = it.value().text(columns.at(it.value().object, device), charset); !text.isEmpty())
            reading.misc.insert(it.key(), text);
    }
    noteStandard(reading, device, notes);
    reading.sources = notes.all();
    return reading;
}

} // namespace platen::profiles
