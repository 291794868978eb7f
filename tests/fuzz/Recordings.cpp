// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Recordings.h"

#include "Fixtures.h"

#include <snmp/AddressRange.h>
#include <snmp/Snmprec.h>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

void recording(QByteArrayView input)
{
    const Result<snmp::Answers> answers = snmp::parseSnmprec(input);
    if (!answers)
        return;
    QByteArray written;
    for (const auto& [oid, value] : answers->asKeyValueRange())
        written += snmp::snmprecLine({oid, value});
    const Result<snmp::Answers> again = snmp::parseSnmprec(written);
    if (!again || *again != *answers)
        qFatal("a recording changes when it is written and parsed");
}

QList<QByteArray> recordingSeeds()
{
    return inPieces(filesOf(u"tests/fixtures/walks"_s, u"*.snmprec"_s), 1000);
}

void range(QByteArrayView input)
{
    const QString text = QString::fromUtf8(input);
    if (const auto parsed = snmp::AddressRange::parse(text); parsed && parsed->first.countTo(parsed->last) > quint64(snmp::AddressRange::largest))
        qFatal("a range is larger than may be, or backwards");
    if (const auto parsed = snmp::AddressRange::parseExclusion(text); parsed && parsed->last < parsed->first)
        qFatal("an exclusion is backwards");
}

QList<QByteArray> rangeSeeds()
{
    return {"10.0.0.5", "10.0.0.0/24", "10.0.0.10-10.0.0.20", "10.0.0.10-20", "fd00::5", "fe80::1%eth0", "printer.example.org", "192.168.1.0/31", "0.0.0.0/0"};
}

} // namespace platen::fuzz
