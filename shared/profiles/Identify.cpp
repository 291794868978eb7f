// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Identify.h"

#include "ModelDatabase.h"
#include "PrinterMib.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

using snmp::Oid;

const QList<Oid>& deviceIdObjects()
{
    static const QList<Oid> objects{mib::ppmPrinterIEEE1284DeviceId, mib::npDeviceId, mib::brotherDeviceId};
    return objects;
}

QString deviceIdField(const Columns& columns, const QString& field)
{
    const Decoding decoding{Decoding::Kind::DeviceId, field, 0, {}};
    for (const Oid& object : deviceIdObjects()) {
        if (const QString text = decoding.text(columns.at(object)); !text.isEmpty())
            return text;
    }
    return {};
}

QString textAt(const Columns& columns, const Oid& object) { return Decoding().text(columns.at(object)); }

// Windows and general-purpose Unix agents list the print queues of a computer as printers in hrDeviceTable.
bool isComputer(const Columns& columns)
{
    static const Oid microsoft{1, 3, 6, 1, 4, 1, 311};
    static const Oid netSnmp{1, 3, 6, 1, 4, 1, 8072};
    static const Oid ucDavis{1, 3, 6, 1, 4, 1, 2021};
    static const QRegularExpression systems(
        u"^(?:Linux|FreeBSD|NetBSD|OpenBSD|Darwin|SunOS|AIX|HP-UX|VMware|Hardware: .*Software: )"_s);
    const Oid id = columns.at(mib::sysObjectID).objectId;
    return id.startsWith(microsoft) || id.startsWith(netSnmp) || id.startsWith(ucDavis)
        || systems.match(textAt(columns, mib::sysDescr)).hasMatch();
}

bool hasPrinterDevice(const Columns& columns)
{
    return std::ranges::any_of(columns.rowsOf(mib::hrDeviceType), [&](const Oid& row) { return columns.at(mib::hrDeviceType, row).objectId == mib::hrDevicePrinter; });
}

bool isPrinterByName(const Catalogue& catalogue, const Columns& columns)
{
    const Oid id = columns.at(mib::sysObjectID).objectId;
    const QString description = textAt(columns, mib::sysDescr);
    const auto tells = [&](const Profile& profile) {
        return std::ranges::any_of(profile.printerIds, [&](const Oid& prefix) { return id.startsWith(prefix); })
            || std::ranges::any_of(profile.printerDescriptions,
                [&](const QRegularExpression& pattern) { return pattern.match(description).hasMatch(); });
    };
    return tells(catalogue.generic()) || std::ranges::any_of(catalogue.profiles(), tells);
}

// The longest prefix wins: rebranded devices have a branch of their own below the manufacturer's.
QString makerOfId(const Catalogue& catalogue, const Oid& id)
{
    QString name;
    qsizetype longest = 0;
    for (const Profile& profile : catalogue.profiles()) {
        for (const Maker& maker : profile.makers) {
            for (const Oid& prefix : maker.sysObjectIds) {
                if (prefix.size() > longest && id.startsWith(prefix)) {
                    longest = prefix.size();
                    name = maker.name;
                }
            }
        }
    }
    return name;
}

// The brand that a maker's own model text names: devices of one manufacturer are sold under several.
QString brandOf(const Catalogue& catalogue, const Columns& columns, quint32 device, const QString& maker)
{
    const Profile& profile = catalogue.profileOf(maker);
    for (const ValueSource& source : profile.identity.value(u"model"_s)) {
        const QString named = catalogue.makerNamedIn(source.text(columns.at(source.object, device)));
        if (!named.isEmpty() && &catalogue.profileOf(named) == &profile)
            return named;
    }
    return maker;
}

const Maker* makerCalled(const Profile& profile, const QString& name)
{
    const auto found = std::ranges::find(profile.makers, name, &Maker::name);
    return found == profile.makers.end() ? nullptr : &*found;
}

QString withoutMaker(const Maker* maker, const QString& text)
{
    if (!maker || maker->names.pattern().isEmpty())
        return text.left(128);
    const QString shorter = QString(text).remove(maker->names).trimmed();
    return (shorter.isEmpty() ? text : shorter).left(128);
}

} // namespace

Identification::Identification(const Catalogue& catalogue, const snmp::Answers& answers, QString maker)
    : m_catalogue(catalogue)
    , m_columns(answers)
    , m_device(printerIndex(answers))
    , m_maker(std::move(maker))
    , m_profile(catalogue.profileOf(m_maker))
{
}

model::Identity Identification::identity(SourceNotes& notes) const
{
    const auto text = [&](const QString& field) {
        const Found source = found(field);
        if (!source.text.isEmpty())
            notes.note("identity."_L1, field, source.object);
        return source.text;
    };
    model::Identity identity;
    identity.manufacturer = m_maker;
    identity.model = text(u"model"_s);
    identity.modelId = identity.model.isEmpty() ? QString() : modelIdOf(m_maker, identity.model);
    const std::optional<KnownModel> known = m_catalogue.models().find(identity.modelId);
    identity.modelMatch = identity.model.isEmpty() ? u"none"_s
        : known                                    ? u"exact"_s
        : &m_profile == &m_catalogue.generic()     ? u"generic"_s
                                                   : u"vendor"_s;
    identity.color = known ? known->color : std::nullopt;
    identity.description = text(u"description"_s);
    identity.serialNumber = text(u"serialNumber"_s);
    identity.firmware = text(u"firmware"_s);
    identity.assetNumber = text(u"assetNumber"_s);
    identity.location = text(u"location"_s);
    identity.mac = text(u"mac"_s);
    identity.sysObjectId = m_columns.at(mib::sysObjectID).objectId.oid().toString();
    identity.deviceType = deviceType(identity.model);
    return identity;
}

/// The first text that stays one when it is normalised; neither its raw nor its normal form may be a rejected one.
Identification::Found Identification::found(const QString& field) const
{
    const auto sources = m_profile.sources.constFind(field);
    for (const ValueSource& source : sources == m_profile.sources.cend() ? QList<ValueSource>() : *sources) {
        const Oid object = m_columns.oidOf(source.object, m_device);
        const QString raw = source.text(m_columns.at(object));
        const QString text = raw.isEmpty() ? raw : normalised(field, raw);
        if (!text.isEmpty() && !m_catalogue.isRejected(m_profile, field, raw) && (text == raw || !m_catalogue.isRejected(m_profile, field, text)))
            return {text, object};
    }
    return {};
}

QString Identification::normalised(const QString& field, const QString& raw) const
{
    if (field == "serialNumber"_L1)
        return normalisedSerial(raw);
    return field == "model"_L1 ? withoutMaker(makerCalled(m_profile, m_maker), raw) : raw;
}

QString Identification::deviceType() const { return deviceType(found(u"model"_s).text); }

QString Identification::deviceType(const QString& model) const
{
    QStringList texts{model, textAt(m_columns, mib::sysDescr), deviceIdField(m_columns, u"CLS"_s)};
    for (const Oid& row : m_columns.rowsOf(mib::hrDeviceDescr, 32))
        texts += textAt(m_columns, mib::hrDeviceDescr + row);
    const QString text = texts.join(u'\n');
    for (const Profile* profile : {&m_profile, &m_catalogue.generic()}) {
        for (const DeviceTypeRule& rule : profile->deviceTypes) {
            if (rule.pattern.match(text).hasMatch())
                return rule.type;
        }
    }
    return u"printer"_s;
}

QList<Oid> sweepObjects()
{
    return {mib::sysDescr, mib::sysObjectID, mib::hrDeviceType + 1, mib::prtMarkerLifeCount + 1 + 1};
}

QList<Oid> confirmationObjects()
{
    const auto before = [](const Oid& object) {
        return Oid(object.arcs().first(static_cast<size_t>(object.size() - 1)));
    };
    return {mib::printerMib, before(mib::ppmPrinterIEEE1284DeviceId), before(mib::npDeviceId),
        before(mib::brotherDeviceId), mib::hrDeviceType};
}

Verdict judge(const Catalogue& catalogue, const snmp::Answers& answers, bool complete)
{
    const Columns columns(answers);
    if (columns.hasBelow(mib::printerMib))
        return Verdict::Printer;
    if (!deviceIdField(columns, u"MDL"_s).isEmpty())
        return Verdict::Printer;
    const bool computer = isComputer(columns);
    if (!computer && (hasPrinterDevice(columns) || isPrinterByName(catalogue, columns)))
        return Verdict::Printer;
    return complete ? Verdict::NotPrinter : Verdict::Unsure;
}

quint32 printerIndex(const snmp::Answers& answers)
{
    const Columns columns(answers);
    for (const Oid& row : columns.rowsOf(mib::hrDeviceType)) {
        if (columns.at(mib::hrDeviceType, row).objectId == mib::hrDevicePrinter)
            return row.last();
    }
    for (const Oid& column : {mib::prtGeneralSerialNumber, mib::prtMarkerLifeCount, mib::prtMarkerSuppliesLevel,
             mib::prtMarkerSuppliesDescription}) {
        if (const QList<Oid> rows = columns.rowsOf(column, 1); !rows.isEmpty())
            return rows.first()[0];
    }
    return 1;
}

QString makerOf(const Catalogue& catalogue, const snmp::Answers& answers)
{
    const Columns columns(answers);
    const quint32 device = printerIndex(answers);
    if (QString maker = catalogue.makerNamedIn(textAt(columns, mib::hrDeviceDescr + device)); !maker.isEmpty())
        return maker;
    const QString fromId = deviceIdField(columns, u"MFG"_s);
    for (const QString& text : {fromId, textAt(columns, mib::sysDescr)}) {
        if (QString maker = catalogue.makerNamedIn(text); !maker.isEmpty())
            return maker;
    }
    for (const snmp::OidValue& id : {columns.at(mib::sysObjectID).objectId, columns.at(mib::hrDeviceID + device).objectId}) {
        if (const QString maker = makerOfId(catalogue, id); !maker.isEmpty())
            return brandOf(catalogue, columns, device, maker);
    }
    return fromId.left(64); // a maker we have no profile for, as it calls itself
}

model::Identity identify(const Catalogue& catalogue, const snmp::Answers& answers)
{
    SourceNotes notes(answers, false);
    return Identification(catalogue, answers, makerOf(catalogue, answers)).identity(notes);
}

} // namespace platen::profiles
