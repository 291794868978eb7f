// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Fleet.h"

#include "Mischief.h"

#include <base/File.h>
#include <snmp/Snmprec.h>

#include <QDir>

using namespace Qt::StringLiterals;

namespace platen::fleetsim {

namespace {

constexpr qint64 largestRecording = 64 << 20;
const snmp::Oid prtGeneralSerialNumber{1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17};
const snmp::Oid ifPhysAddress{1, 3, 6, 1, 2, 1, 2, 2, 1, 6};

/// The same model again, but another device: with a serial number, wherever it stands, and hardware addresses of its own.
snmp::Answers sibling(snmp::Answers objects, qsizetype number)
{
    QList<QByteArray> serials;
    for (auto at = objects.lowerBound(prtGeneralSerialNumber); at != objects.end() && at.key().startsWith(prtGeneralSerialNumber); ++at)
        if (!at->octets.trimmed().isEmpty())
            serials.append(at->octets.trimmed());
    for (snmp::Value& value : objects)
        if (serials.contains(value.octets.trimmed()))
            value.octets = value.octets.trimmed() + '-' + QByteArray::number(number);
    for (auto at = objects.lowerBound(ifPhysAddress); at != objects.end() && at.key().startsWith(ifPhysAddress); ++at) {
        if (at->octets.size() != 6)
            continue;
        at->octets[4] = char(at->octets[4] ^ char(number >> 8));
        at->octets[5] = char(at->octets[5] ^ char(number));
    }
    return objects;
}

} // namespace

Result<Fleet> Fleet::load(const QString& folder, qsizetype count)
{
    const QDir dir(folder);
    if (!dir.exists())
        return fail(ErrorCode::NotFound, u"there is no folder %1: give a folder of .snmprec recordings"_s.arg(folder));
    const QFileInfoList files = dir.entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name);
    if (files.isEmpty())
        return fail(ErrorCode::NotFound, u"there are no .snmprec recordings in %1"_s.arg(folder));

    Fleet fleet;
    QList<std::shared_ptr<const Table>> tables;
    for (const QFileInfo& file : files) {
        const Result<QByteArray> bytes = readFile(file.filePath(), largestRecording);
        if (!bytes)
            return fail(bytes.error());
        Result<snmp::Answers> objects = snmp::parseSnmprec(*bytes);
        if (!objects)
            return fail(objects.error().code, u"%1 is not a recording: %2"_s.arg(file.filePath(), objects.error().detail));
        tables.append(std::make_shared<Table>(*objects));
        fleet.m_recordings.append(*std::move(objects));
    }
    for (qsizetype i = files.size(); i < count; ++i) {
        fleet.m_recordings.append(sibling(fleet.m_recordings[i % files.size()], i / files.size()));
        tables.append(std::make_shared<Table>(fleet.m_recordings.last()));
    }
    for (qsizetype i = 0; i < (count > 0 ? count : files.size()); ++i)
        fleet.m_printers.push_back({files[i % files.size()].completeBaseName(), tables[i], nullptr, Fault::None});
    return fleet;
}

void Fleet::misbehave(const Faults& faults)
{
    for (const auto& [index, fault] : faults.asKeyValueRange()) {
        m_recordings[index] = distorted(fault, m_recordings[index]);
        m_printers[size_t(index)].table = std::make_shared<Table>(m_recordings[index]);
        m_printers[size_t(index)].fault = fault;
    }
}

const snmp::Answers& Fleet::objects(qsizetype index) const
{
    const Printer& printer = m_printers[size_t(index)];
    return printer.drift ? printer.drift->objects() : m_recordings[index];
}

void Fleet::startDrifting(quint32 seed)
{
    for (size_t i = 0; i < m_printers.size(); ++i)
        m_printers[i].drift = std::make_unique<Drift>(m_recordings[qsizetype(i)], seed + quint32(i));
}

qsizetype Fleet::step()
{
    qsizetype changed = 0;
    for (Printer& printer : m_printers) {
        if (!printer.drift || !printer.drift->step())
            continue;
        printer.table = std::make_shared<Table>(printer.drift->objects());
        ++changed;
    }
    return changed;
}

} // namespace platen::fleetsim
