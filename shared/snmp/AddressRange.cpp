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
constexpr int widestLocalPrefix = 20;

std::unexpected<Error> refused(QStringView text, const QString& why)
{
    return fail(ErrorCode::InvalidInput, u"\"%1\" %2"_s.arg(text, why));
}

std::optional<quint32> toNumber(QStringView digits, quint32 most)
{
    const bool wellFormed = !digits.isEmpty() && digits.size() <= 3
        && std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const bool isOctal =
        digits.size() > 1 && digits.startsWith(u'0'); // some programs read 010 as 8: nobody shall have to guess
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

quint32 maskOf(int prefix) { return prefix == 0 ? 0 : ~quint32(0) << (32 - prefix); }

bool isHostName(QStringView text)
{
    const bool hasLetter = std::ranges::any_of(text, [](QChar c) { return c.isLetter(); });
    return hasLetter && text.size() <= 253 && std::ranges::all_of(text.split(u'.'), [](QStringView label) {
        const bool wellFormed =
            std::ranges::all_of(label, [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_'; });
        return wellFormed && !label.isEmpty() && label.size() <= 63 && !label.startsWith(u'-') && !label.endsWith(u'-');
    });
}

AddressRange ofIpv4(QStringView text, quint32 first, quint32 last)
{
    return {text.toString(), {}, IpNumber::fromIpv4(first), IpNumber::fromIpv4(last), {}};
}

Result<AddressRange> parseNetwork(QStringView text, QStringView base, QStringView length, bool isExclusion)
{
    const std::optional<quint32> address = toIpv4(base);
    const std::optional<quint32> prefix = toNumber(length, 32);
    if (!address || !prefix)
        return refused(
            text, u"is not a network: write an IPv4 address and a prefix length from 0 to 32, as in 10.0.0.0/24"_s);
    const quint32 mask = maskOf(static_cast<int>(*prefix));
    const quint32 edge = isExclusion || *prefix > 30 ? 0 : 1; // network and broadcast address
    return ofIpv4(text, (*address & mask) + edge, (*address | ~mask) - edge);
}

Result<AddressRange> parseFromTo(QStringView text, QStringView from, QStringView to)
{
    const std::optional<quint32> first = toIpv4(from);
    std::optional<quint32> last = toIpv4(to);
    if (const std::optional<quint32> lastPart = toNumber(to, 255); first && lastPart)
        last = (*first & 0xffffff00U) | *lastPart;
    if (!first || !last)
        return refused(
            text, u"is not a range: write the first and the last address, as in 10.0.0.10-10.0.0.20 or 10.0.0.10-20"_s);
    if (*first > *last)
        return refused(text, u"is reversed: write the lower address first"_s);
    return ofIpv4(text, *first, *last);
}

/// The network of `prefix` bits around `address`.
AddressRange ofIpv6(QStringView text, IpNumber address, quint32 prefix)
{
    const auto maskOfBits = [](quint32 bits) { return bits == 0 ? 0 : ~quint64(0) << (64 - bits); };
    const quint64 high = maskOfBits(std::min(prefix, 64U));
    const quint64 low = maskOfBits(std::max(prefix, 64U) - 64);
    return {
        text.toString(), {}, {address.high & high, address.low & low}, {address.high | ~high, address.low | ~low}, {}};
}

Result<AddressRange> parseIpv6(QStringView text)
{
    const QHostAddress whole(text.toString());
    const qsizetype slash = text.indexOf(u'/');
    const qsizetype dash =
        whole.isNull() ? text.indexOf(u'-') : -1; // the scope of an address may have one: fe80::1%br-lan
    const qsizetype end = slash >= 0 ? slash : dash;
    const QHostAddress from(text.first(end >= 0 ? end : text.size()).trimmed().toString());
    const QHostAddress to(dash >= 0 && slash < 0 ? text.sliced(dash + 1).trimmed().toString() : from.toString());
    const std::optional<quint32> prefix =
        slash >= 0 ? toNumber(text.sliced(slash + 1).trimmed(), 128) : std::optional(128U);
    const bool isIpv6 =
        from.protocol() == QAbstractSocket::IPv6Protocol && to.protocol() == QAbstractSocket::IPv6Protocol;
    if (!isIpv6 || !prefix)
        return refused(text, u"is not a range of IPv6 addresses: write fd00::5, fd00::10-fd00::20 or fd00::/120"_s);
    AddressRange range = ofIpv6(text, IpNumber::from(from), *prefix);
    if (dash >= 0 && slash < 0)
        range.last = IpNumber::from(to);
    range.scope = from.scopeId();
    return range.first <= range.last ? Result<AddressRange>(range)
                                     : refused(text, u"is reversed: write the lower address first"_s);
}

Result<AddressRange> parseAny(QStringView given, bool isExclusion)
{
    const QStringView text = given.trimmed();
    if (text.contains(u':'))
        return parseIpv6(text);
    if (const qsizetype slash = text.indexOf(u'/'); slash >= 0)
        return parseNetwork(text, text.first(slash).trimmed(), text.sliced(slash + 1).trimmed(), isExclusion);
    if (isHostName(text))
        return AddressRange{text.toString(), text.toString(), {}, {}, {}};
    if (const qsizetype dash = text.indexOf(u'-'); dash >= 0)
        return parseFromTo(text, text.first(dash).trimmed(), text.sliced(dash + 1).trimmed());
    if (const std::optional<quint32> address = toIpv4(text))
        return ofIpv4(text, *address, *address);
    return refused(text, u"is not a range of addresses: write 10.0.0.5, 10.0.0.0/24, 10.0.0.10-20 or a host name"_s);
}

/// Whether devices can have the addresses of a range.
bool isOrdinary(const AddressRange& range)
{
    if (range.first.isIpv4())
        return range.first.ipv4() >= 0x01000000U && range.last.isIpv4() && range.last.ipv4() < 0xe0000000U;
    constexpr quint64 multicast = 0xff00'0000'0000'0000;
    return range.first > IpNumber{0, 0} && range.last.high < multicast;
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

/// Whether a name may lead there.
bool isForNames(const AddressRange& range, const QHostAddress& address)
{
    return isOrdinary(range) && !address.isLoopback() && address != QHostAddress(u"169.254.169.254"_s);
}

} // namespace

Result<AddressRange> AddressRange::parse(QStringView text)
{
    Result<AddressRange> range = parseAny(text, false);
    if (!range || !range->hostName.isEmpty())
        return range;
    const quint64 count = range->first.countTo(range->last);
    if (count > largest && !range->first.isIpv4())
        return refused(range->text,
            u"is too large to ask every address of it: write a network of /112 to /128, or the devices one by one"_s);
    if (count > largest)
        return refused(range->text,
            u"has %1 addresses, more than the %2 of one sweep: name the networks that have printers"_s.arg(count).arg(
                largest));
    return isOrdinary(*range)
        ? range
        : refused(range->text,
              u"holds addresses that no device can have: those of devices are from 1.0.0.0 to 223.255.255.255, or as in fd00::5"_s);
}

Result<AddressRange> AddressRange::parseExclusion(QStringView text) { return parseAny(text, true); }

bool AddressRange::contains(const QHostAddress& address) const
{
    const IpNumber number = IpNumber::from(address);
    return hostName.isEmpty() && !address.isNull() && first <= number && number <= last;
}

Result<QList<AddressRange>> withAddresses(const AddressRange& named, const QList<QHostAddress>& addresses, Use use)
{
    if (addresses.isEmpty())
        return fail(ErrorCode::NotFound,
            u"nobody knows a host named \"%1\"; check the spelling or give the address"_s.arg(named.hostName));
    QList<AddressRange> ranges;
    for (const QHostAddress& address : addresses)
        ranges.append({named.text, {}, IpNumber::from(address), IpNumber::from(address), address.scopeId()});
    if (use == Use::LeavingOut)
        return ranges;
    const auto ipv4 = std::ranges::find(addresses, QAbstractSocket::IPv4Protocol, &QHostAddress::protocol);
    const qsizetype chosen = ipv4 == addresses.cend() ? 0 : ipv4 - addresses.cbegin();
    if (!isForNames(ranges[chosen], addresses[chosen]))
        return fail(ErrorCode::InvalidInput,
            u"the name \"%1\" stands for %2, which is no printer's address; mend the name server or write the address that is meant"_s
                .arg(named.hostName, addresses[chosen].toString()));
    return QList<AddressRange>{ranges[chosen]};
}

QCoro::Task<Result<QList<AddressRange>>> resolved(QList<AddressRange> ranges, Use use)
{
    QList<AddressRange> result;
    for (const AddressRange& range : std::as_const(ranges)) {
        if (range.hostName.isEmpty()) {
            result.append(range);
            continue;
        }
        LookUp lookUp{range.hostName};
        const std::optional<QHostInfo> info = co_await lookUp;
        if (!info)
            co_return fail(ErrorCode::Timeout,
                u"the name \"%1\" could not be looked up in time; check the name server or give the address"_s.arg(
                    range.hostName));
        const Result<QList<AddressRange>> known = withAddresses(range, info->addresses(), use);
        if (!known)
            co_return fail(known.error());
        result.append(*known);
    }
    co_return result;
}

namespace {

/// The widest part of the network of `entry` that is asked without being told to; nothing when it is not for asking.
std::optional<AddressRange> localRange(const QNetworkAddressEntry& entry, QStringList& left)
{
    const QHostAddress own = entry.ip();
    if (own.protocol() != QAbstractSocket::IPv4Protocol || own.isLinkLocal() || entry.prefixLength() >= 31)
        return std::nullopt;
    const auto network = [&](int prefix) {
        return u"%1/%2"_s.arg(QHostAddress(own.toIPv4Address() & maskOf(prefix)).toString()).arg(prefix);
    };
    if (!own.isPrivateUse()) {
        left.append(u"%1 is not a private network and is not searched unless it is named as a range"_s.arg(
            network(entry.prefixLength())));
        return std::nullopt;
    }
    const int prefix = std::max(entry.prefixLength(), widestLocalPrefix);
    if (prefix != entry.prefixLength())
        left.append(
            u"of %1 only %2 is searched, the part around this computer; name what else has printers as a range"_s.arg(
                network(entry.prefixLength()), network(prefix)));
    const Result<AddressRange> range = AddressRange::parse(network(prefix));
    return range ? std::optional(*range) : std::nullopt;
}

} // namespace

LocalRanges localRanges()
{
    LocalRanges local;
    for (const QNetworkInterface& interface : QNetworkInterface::allInterfaces()) {
        const QNetworkInterface::InterfaceFlags flags = interface.flags();
        if (!flags.testFlags(QNetworkInterface::IsUp | QNetworkInterface::IsRunning)
            || flags.testFlag(QNetworkInterface::IsLoopBack))
            continue;
        for (const QNetworkAddressEntry& entry : interface.addressEntries()) {
            const std::optional<AddressRange> range = localRange(entry, local.left);
            if (range && !local.ranges.contains(*range))
                local.ranges.append(*range);
        }
    }
    local.left.removeDuplicates();
    return local;
}

} // namespace platen::snmp
