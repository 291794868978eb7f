// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ending.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

constexpr quint16 goingAway = 1001, serviceRestart = 1012, tryAgainLater = 1013; // IANA's registry of close codes

} // namespace

Error endingFrom(const QString& server, quint16 code, const QString& reason)
{
    QString words = reason.left(123);
    words.removeIf([](QChar c) { return !c.isPrint(); });
    const auto wordsOr = [&](const QString& otherwise) { return words.isEmpty() ? otherwise : words; };
    switch (code) {
    case refusedCloseCode:
        return {ErrorCode::PermissionDenied, u"%1 refuses this client: %2."_s.arg(server, wordsOr(u"not known there"_s))};
    case malformedCloseCode:
        return {ErrorCode::Malformed, u"%1 did not understand what was sent: %2."_s.arg(server, wordsOr(u"no reason given"_s))};
    case 1009: // RFC 6455 §7.4.1, as the others
        return {ErrorCode::LimitExceeded, u"A message on the connection to %1 was too large."_s.arg(server)};
    case goingAway:
    case serviceRestart:
        return {ErrorCode::NetworkFailed, u"%1 is stopping or restarting."_s.arg(server)};
    default:
        return {ErrorCode::NetworkFailed, u"%1 closed the connection: %2."_s.arg(server, wordsOr(u"code %1"_s.arg(code)))};
    }
}

std::chrono::seconds pauseFrom(quint16 code, const QString& reason)
{
    constexpr std::chrono::seconds longest = std::chrono::minutes(5);
    static const QRegularExpression hint(u"retry in ([0-9]{1,6}) s"_s);
    const auto said = hint.match(reason.left(123));
    const bool mayComeBack = code == goingAway || code == serviceRestart || code == tryAgainLater;
    if (!mayComeBack || !said.hasMatch())
        return {};
    return std::min(longest, std::chrono::seconds(said.captured(1).toInt()));
}

Error closedByUs(const QString& server)
{
    return {ErrorCode::Cancelled, u"The connection to %1 was closed by us."_s.arg(server)};
}

Error noAnswer(const QString& server)
{
    return {ErrorCode::Timeout, u"%1 did not answer in time: check its address, and that a firewall lets it through."_s.arg(server)};
}

Error gone(const QString& server, std::chrono::milliseconds silence)
{
    return {ErrorCode::Timeout,
        u"%1 has not answered for %2 seconds: the connection is taken for dead."_s.arg(server).arg(
            std::chrono::ceil<std::chrono::seconds>(silence).count())};
}

} // namespace platen::channel
