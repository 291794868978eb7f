// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AddressRange.h"

#include <QHostInfo>
#include <QNetworkInterface>
#include <QTimer>

#include <algorithm>
#include <coroutine>
#include <memory>
#include <optional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr auto lookUpTime = 10s;
constexpr int widestLocalPrefix = 22;

std::unexpected<Error> refused(QStringView text, const QString& why)
{
    return fail(ErrorCode::InvalidInput, u"\"%1\" %2"_s.arg(text, why));
}

std::optional<quint32> toNumber(QStringView digits, quint32 most)
{
    const bool wellFormed = !digits.isEmpty() && digits.size() <= 3 && std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const bool isOctal = digits.size() > 1 && digits.startsWith(u'0'); // some programs read 010 as 8: nobody shall have to guess
    const quint32 number = wellFormed && !isOctal ? digits.toUInt() : most + 1;
    return number <= most ? std::optional(number) : std::nullopt;
}

std::optional<quint32> toIpv4(QStringView text)
{
    const QList<QStringView> parts = text.split(u'.');
    quint32 address = 0;
    for (const QStringView part : parts) {
        const std::optional<quint32> number = toNumber(part, 255);
        if (!number)
            return std::nullopt;
        address = (address << 8) | *number;
    }
    return parts.size() == 4 ? std::optional(address) : std::nullopt;
}

quint32 maskOf(int prefix)
{
    return prefix == 0 ? 0 : ~quint32(0) << (32 - prefix);
}

bool isHostName(QStringView text)
{
    const bool hasLetter = std::ranges::any_of(text, [](QChar c) { return c.isLetter(); });
    return hasLetter && text.size() <= 253 && std::ranges::all_of(text.split(u'.'), [](QStringView label) {
        const bool wellFormed = std::ranges::all_of(label, [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_'; });
        return wellFormed && !label.isEmpty() && label.size() <= 63 && !label.startsWith(u'-') && !label.endsWith(u'-');
    });
}

Result<AddressRange> parseNetwork(QStringView text, QStringView base, QStringView length, bool isExclusion)
{
    const std::optional<quint32> address = toIpv4(base);
    const std::optional<quint32> prefix = toNumber(length, 32);
    if (!address || !prefix)
        return refused(text, u"is not a network: write an IPv4 address and a prefix length from 0 to 32, as in 10.0.0.0/24"_s);
    const quint32 mask = maskOf(static_cast<int>(*prefix));
    const quint32 edge = isExclusion || *prefix > 30 ? 0 : 1; // network and broadcast address
    return AddressRange{text.toString(), {}, {}, (*address & mask) + edge, (*address | ~mask) - edge};
}

Result<AddressRange> parseFromTo(QStringView text, QStringView from, QStringView to)
{
    const std::optional<quint32> first = toIpv4(from);
    std::optional<quint32> last = toIpv4(to);
    if (const std::optional<quint32> lastPart = toNumber(to, 255); first && lastPart)
        last = (*first & 0xffffff00U) | *lastPart;
    if (!first || !last)
        return refused(text, u"is not a range: write the first and the last address, as in 10.0.0.10-10.0.0.20 or 10.0.0.10-20"_s);
    if (*first > *last)
        return refused(text, u"is reversed: write the lower address first"_s);
    return AddressRange{text.toString(), {}, {}, *first, *last};
}

Result<AddressRange> parseIpv6(QStringView text)
{
    const QHostAddress address(text.toString());
    if (text.contains(u'/') || (text.contains(u'-') && address.isNull()))
        return refused(text, u"is an IPv6 range, which is too large to sweep: name its devices one by one"_s);
    if (address.protocol() != QAbstractSocket::IPv6Protocol || address.isMulticast() || address == QHostAddress::AnyIPv6)
        return refused(text, u"is not the IPv6 address of a device: write it as in fd00::5"_s);
    return AddressRange{text.toString(), {}, address, 0, 0};
}

Result<AddressRange> parseAny(QStringView given, bool isExclusion)
{
    const QStringView text = given.trimmed();
    if (text.contains(u':'))
        return parseIpv6(text);
    if (const qsizetype slash = text.indexOf(u'/'); slash >= 0)
        return parseNetwork(text, text.first(slash).trimmed(), text.sliced(slash + 1).trimmed(), isExclusion);
    if (isHostName(text))
        return AddressRange{text.toString(), text.toString(), {}, 0, 0};
    if (const qsizetype dash = text.indexOf(u'-'); dash >= 0)
        return parseFromTo(text, text.first(dash).trimmed(), text.sliced(dash + 1).trimmed());
    if (const std::optional<quint32> address = toIpv4(text))
        return AddressRange{text.toString(), {}, {}, *address, *address};
    return refused(text, u"is not a range of addresses: write 10.0.0.5, 10.0.0.0/24, 10.0.0.10-20 or a host name"_s);
}

bool isIpv4(const AddressRange& range)
{
    return range.hostName.isEmpty() && range.ipv6.isNull();
}

/// co_await it: what the system's resolver says of a name; nothing when it takes too long.
struct LookUp {
    struct State {
        std::optional<QHostInfo> info;
        std::coroutine_handle<> waiting;
        bool isOver = false;
    };

    QString name;
    std::shared_ptr<State> state = std::make_shared<State>();

    static void end(const std::shared_ptr<State>& state, std::optional<QHostInfo> info)
    {
        if (std::exchange(state->isOver, true))
            return;
        state->info = std::move(info);
        state->waiting.resume();
    }
    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        state->waiting = waiting;
        QTimer::singleShot(lookUpTime, [kept = state] { end(kept, std::nullopt); });
        QHostInfo::lookupHost(name, [kept = state](const QHostInfo& info) { end(kept, info); });
    }
    std::optional<QHostInfo> await_resume() const { return state->info; }
};

Result<AddressRange> withAddress(const AddressRange& range, const std::optional<QHostInfo>& info)
{
    if (!info)
        return fail(ErrorCode::Timeout, u"the name \"%1\" could not be looked up in time; check the name server or give the address"_s.arg(range.hostName));
    const QList<QHostAddress> addresses = info->addresses();
    if (addresses.isEmpty())
        return fail(ErrorCode::NotFound, u"nobody knows a host named \"%1\"; check the spelling or give the address"_s.arg(range.hostName));
    const auto ipv4 = std::ranges::find(addresses, QAbstractSocket::IPv4Protocol, &QHostAddress::protocol);
    if (ipv4 == addresses.cend())
        return AddressRange{range.text, {}, addresses.first(), 0, 0};
    return AddressRange{range.text, {}, {}, ipv4->toIPv4Address(), ipv4->toIPv4Address()};
}

/// The IPv4 ranges of `ranges` in order, overlapping and touching ones joined.
QList<AddressRange> joined(QList<AddressRange> ranges)
{
    ranges.removeIf([](const AddressRange& range) { return !isIpv4(range); });
    std::ranges::sort(ranges, {}, &AddressRange::first);
    QList<AddressRange> result;
    for (const AddressRange& range : std::as_const(ranges)) {
        if (!result.isEmpty() && range.first <= static_cast<quint64>(result.last().last) + 1)
            result.last().last = std::max(result.last().last, range.last);
        else
            result.append(range);
    }
    return result;
}

} // namespace

Result<AddressRange> AddressRange::parse(QStringView text)
{
    Result<AddressRange> range = parseAny(text, false);
    if (!range || !isIpv4(*range))
        return range;
    const qint64 count = qint64(range->last) - range->first + 1;
    if (count > largest)
        return refused(range->text, u"has %1 addresses, more than the %2 of one sweep: name the networks that have printers"_s.arg(count).arg(largest));
    const bool isOrdinary = range->first >= 0x01000000U && range->last < 0xe0000000U;
    return isOrdinary ? range : refused(range->text, u"holds addresses that no device can have: those of devices are from 1.0.0.0 to 223.255.255.255"_s);
}

Result<AddressRange> AddressRange::parseExclusion(QStringView text)
{
    return parseAny(text, true);
}

QCoro::Task<Result<QList<AddressRange>>> resolved(QList<AddressRange> ranges)
{
    QList<AddressRange> result;
    for (const AddressRange& range : std::as_const(ranges)) {
        if (range.hostName.isEmpty()) {
            result.append(range);
            continue;
        }
        LookUp lookUp{range.hostName};
        const std::optional<QHostInfo> info = co_await lookUp;
        Result<AddressRange> known = withAddress(range, info);
        if (!known)
            co_return fail(known.error());
        result.append(*std::move(known));
    }
    co_return result;
}

Result<QList<QHostAddress>> expanded(const QList<AddressRange>& ranges, const QList<AddressRange>& exclusions)
{
    QList<QHostAddress> addresses;
    const QList<AddressRange> without = joined(exclusions);
    for (const AddressRange& range : joined(ranges)) {
        auto excluded = std::ranges::lower_bound(without, range.first, {}, &AddressRange::last);
        for (quint64 address = range.first; address <= range.last; ++address) {
            while (excluded != without.cend() && excluded->last < address)
                ++excluded;
            if (excluded != without.cend() && excluded->first <= address) {
                address = excluded->last; // jump over it
                continue;
            }
            if (addresses.size() == AddressRange::largest)
                return refused(range.text, u"and the other ranges have together more than the %1 addresses of one sweep: name only networks that have printers"_s.arg(AddressRange::largest));
            addresses.append(QHostAddress(static_cast<quint32>(address)));
        }
    }
    const auto isExcluded = [&](const AddressRange& range) { return std::ranges::find(exclusions, range.ipv6, &AddressRange::ipv6) != exclusions.cend(); };
    for (const AddressRange& range : ranges) {
        if (!range.ipv6.isNull() && !isExcluded(range) && !addresses.contains(range.ipv6))
            addresses.append(range.ipv6);
    }
    if (addresses.isEmpty())
        return fail(ErrorCode::InvalidInput, u"there is no address to look at: give a range, as in 10.0.0.0/24, that is not excluded as a whole"_s);
    return addresses;
}

QList<AddressRange> localRanges()
{
    QList<AddressRange> ranges;
    for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
        const QNetworkInterface::InterfaceFlags flags = interface.flags();
        if (!flags.testFlags(QNetworkInterface::IsUp | QNetworkInterface::IsRunning) || flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        for (const QNetworkAddressEntry& entry : interface.addressEntries()) {
            const bool isSuitable = entry.ip().protocol() == QAbstractSocket::IPv4Protocol && !entry.ip().isLinkLocal() && entry.prefixLength() < 31;
            if (!isSuitable)
                continue;
            const int prefix = std::max(entry.prefixLength(), widestLocalPrefix);
            const QHostAddress network(entry.ip().toIPv4Address() & maskOf(prefix));
            if (const Result<AddressRange> range = AddressRange::parse(u"%1/%2"_s.arg(network.toString()).arg(prefix)); range && !ranges.contains(*range))
                ranges.append(*range);
        }
    }
    return ranges;
}

} // namespace platen::snmp
