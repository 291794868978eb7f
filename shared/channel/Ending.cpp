// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Ending.h"

using namespace Qt::StringLiterals;

namespace platen::channel {

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
    case 1001:
        return {ErrorCode::NetworkFailed, u"%1 is stopping or restarting."_s.arg(server)};
    default:
        return {ErrorCode::NetworkFailed, u"%1 closed the connection: %2."_s.arg(server, wordsOr(u"code %1"_s.arg(code)))};
    }
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
