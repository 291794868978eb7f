// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LoginThrottle.h"

#include <algorithm>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace platen::access {

namespace {

constexpr int freeFailures = 5;
constexpr auto longestWait = 15min;
constexpr int attemptsAnHour = 100;
constexpr int attemptsAMinute = 30;
constexpr auto accountMemory = 24h;
constexpr qsizetype mostEntries = 20'000;

/// Whoever has one IPv6 address has the /64 around it.
QString keyOf(const QHostAddress& source)
{
    bool isV4 = false;
    const quint32 v4 = source.toIPv4Address(&isV4);
    if (isV4)
        return QString::number(v4, 16);
    const Q_IPV6ADDR v6 = source.toIPv6Address();
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(v6.c), 8).toHex()) + u"/64"_s;
}

void forgetBefore(QList<std::chrono::milliseconds>& moments, std::chrono::milliseconds oldest)
{
    moments.removeIf([oldest](auto moment) { return moment <= oldest; });
}

/// Makes room by dropping what is past its use, and when that is not enough, everybody's oldest half.
template <typename Entry, typename LastOf>
void keepBounded(QHash<QString, Entry>& entries, std::chrono::milliseconds uselessBefore, LastOf lastOf)
{
    if (entries.size() < mostEntries)
        return;
    entries.removeIf([&](const auto& entry) { return lastOf(entry.value()) <= uselessBefore; });
    if (entries.size() < mostEntries)
        return;
    QList<std::chrono::milliseconds> ages;
    for (const Entry& entry : std::as_const(entries))
        ages.append(lastOf(entry));
    const auto middle = ages.begin() + ages.size() / 2;
    std::nth_element(ages.begin(), middle, ages.end());
    entries.removeIf([&](const auto& entry) { return lastOf(entry.value()) <= *middle; });
}

} // namespace

LoginThrottle::LoginThrottle(const Clock& clock)
    : m_clock(clock)
{
}

std::optional<std::chrono::seconds> LoginThrottle::begin(const QString& account, const QHostAddress& source)
{
    const Moment now = m_clock.monotonic();
    const auto secondsUntil = [now](Moment then) {
        return std::max(std::chrono::ceil<std::chrono::seconds>(then - now), std::chrono::seconds(1));
    };

    keepBounded(m_sources, now - 1min, [](const QList<Moment>& attempts) { return attempts.last(); });
    QList<Moment>& fromSource = m_sources[keyOf(source)];
    forgetBefore(fromSource, now - 1min);
    if (fromSource.size() >= attemptsAMinute)
        return secondsUntil(fromSource.first() + 1min);
    fromSource.append(now);

    keepBounded(m_accounts, now - accountMemory, [](const Account& entry) { return entry.attempts.last(); });
    Account& entry = m_accounts[account];
    if (!entry.attempts.isEmpty() && entry.attempts.last() <= now - accountMemory)
        entry = {};
    if (const auto freeAt = accountFreeAt(entry); freeAt && *freeAt > now)
        return secondsUntil(*freeAt);
    if (!entry.attempts.isEmpty())
        forgetBefore(entry.attempts, now - 1h);
    entry.attempts.append(now);
    ++entry.failures;
    return std::nullopt;
}

std::optional<LoginThrottle::Moment> LoginThrottle::accountFreeAt(const Account& account) const
{
    if (account.attempts.isEmpty())
        return std::nullopt;
    Moment freeAt{0};
    if (account.failures >= freeFailures) {
        const int doublings = std::min(account.failures - freeFailures, 10);
        freeAt = account.attempts.last() + std::min<Moment>(std::chrono::seconds(1 << doublings), longestWait);
    }
    if (account.attempts.size() >= attemptsAnHour)
        freeAt = std::max(freeAt, account.attempts.at(account.attempts.size() - attemptsAnHour) + 1h);
    return freeAt;
}

void LoginThrottle::succeeded(const QString& account)
{
    const auto entry = m_accounts.find(account);
    if (entry == m_accounts.end())
        return;
    entry->failures = 0;
    // Keep one moment at least: it tells the age of the entry.
    if (entry->attempts.size() > 1)
        entry->attempts.removeLast();
}

} // namespace platen::access
