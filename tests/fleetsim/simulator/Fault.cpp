// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Fault.h"

#include <snmp/AddressRange.h>

#include <QHostAddress>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace platen::fleetsim {

namespace {

constexpr std::array modes{
    FaultMode{Fault::EndlessWalk, "endless-walk"_L1, "every column has always one more row"_L1},
    FaultMode{Fault::Backwards, "backwards"_L1, "every fourth step of a walk goes back to where it was before"_L1},
    FaultMode{Fault::HugeStrings, "huge-strings"_L1, "every string is as long as a datagram can be, 64 KiB"_L1},
    FaultMode{Fault::WrongTypes, "wrong-types"_L1, "strings where numbers belong, numbers and OIDs where strings belong"_L1},
    FaultMode{Fault::WrongRequestId, "wrong-request-id"_L1, "answers carry another request id"_L1},
    FaultMode{Fault::WrongPort, "wrong-port"_L1, "answers come from another port"_L1},
    FaultMode{Fault::WrongAddress, "wrong-address"_L1, "answers come from the address after the own one"_L1},
    FaultMode{Fault::Late, "late"_L1, "answers come four seconds after the request"_L1},
    FaultMode{Fault::HalfLost, "half-lost"_L1, "every second request, by chance, gets no answer"_L1},
    FaultMode{Fault::Duplicates, "duplicates"_L1, "every answer comes three times, the last one later"_L1},
    FaultMode{Fault::ReportLoop, "report-loop"_L1, "speaks only SNMPv3, and answers everything with a Report"_L1},
    FaultMode{Fault::TooBig, "too-big"_L1, "every request is answered with tooBig"_L1},
    FaultMode{Fault::Truncated, "truncated"_L1, "answers end in the middle"_L1},
    FaultMode{Fault::TarPit, "tar-pit"_L1, "HTTP and IPP answers come a byte a second and never end"_L1},
    FaultMode{Fault::GzipBomb, "gzip-bomb"_L1, "HTTP and IPP answers are 1 MiB that unpack to 1 GiB"_L1},
    FaultMode{Fault::MetadataRedirect, "metadata-redirect"_L1, "HTTP and IPP requests are redirected to a cloud's metadata address"_L1},
};

std::unexpected<Error> unknownMode(QStringView name)
{
    QStringList names;
    for (const FaultMode& mode : modes)
        names += mode.name;
    return fail(ErrorCode::InvalidInput, u"there is no fault \"%1\": use %2"_s.arg(name.toString(), names.join(u", "_s)));
}

Status assign(Faults& faults, Fault fault, const QString& where, quint32 firstAddress, qsizetype count)
{
    const Result<snmp::AddressRange> range = snmp::AddressRange::parse(where);
    if (!range)
        return fail(ErrorCode::InvalidInput, u"--fault: %1"_s.arg(range.error().detail));
    for (qint64 address = range->first.ipv4(); address <= qint64(range->last.ipv4()); ++address) {
        const qsizetype index = address - firstAddress;
        const QString text = QHostAddress(quint32(address)).toString();
        if (index < 0 || index >= count)
            return fail(ErrorCode::InvalidInput, u"--fault names %1, where no printer of this fleet lives"_s.arg(text));
        if (faults.contains(index))
            return fail(ErrorCode::InvalidInput, u"--fault names %1 twice: an address has one fault"_s.arg(text));
        faults.insert(index, fault);
    }
    return {};
}

} // namespace

std::span<const FaultMode> faultModes()
{
    return modes;
}

bool isHttpFault(Fault fault)
{
    return fault >= Fault::TarPit;
}

Result<Faults> parseFaults(const QStringList& options, quint32 firstAddress, qsizetype count)
{
    Faults faults;
    for (const QString& option : options) {
        const qsizetype equals = option.indexOf(u'=');
        if (equals < 0)
            return fail(ErrorCode::InvalidInput, u"--fault takes MODE=ADDRESSES, as in late=127.0.2.3,127.0.2.7-9; \"%1\" is none"_s.arg(option));
        const QStringView name = QStringView(option).first(equals);
        const auto mode = std::ranges::find_if(modes, [name](const FaultMode& candidate) { return candidate.name == name; });
        if (mode == modes.end())
            return unknownMode(name);
        for (const QString& where : option.sliced(equals + 1).split(u','))
            if (const Status assigned = assign(faults, mode->fault, where, firstAddress, count); !assigned)
                return fail(assigned.error());
    }
    return faults;
}

} // namespace platen::fleetsim
