// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Asking.h"

#include <QCoro/QCoroTimer>
#include <QElapsedTimer>

#include <coroutine>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::snmp {

namespace {

constexpr auto congestionPause = 5ms;

/// co_await it: sends the question, goes on with what became of it.
struct Asking {
    Exchange* exchange;
    Question question;
    Outcome outcome = {};

    bool await_ready() const { return false; }
    void await_suspend(std::coroutine_handle<> waiting)
    {
        exchange->send(question, [this, waiting](Outcome heard) {
            outcome = std::move(heard);
            waiting.resume();
        });
    }
    Outcome await_resume() { return std::move(outcome); }
};

QString nameOf(const Target& target)
{
    return target.port == 161 ? target.address.toString()
                              : u"%1 port %2"_s.arg(target.address.toString()).arg(target.port);
}

/// "AES-192, key extension Reeder", as far as the credentials have it.
QString privacyOf(const Credentials& credentials)
{
    const bool isExtended = credentials.privProtocol == "AES-192"_L1 || credentials.privProtocol == "AES-256"_L1;
    if (!isExtended)
        return credentials.privProtocol;
    return u"%1, key extension %2"_s.arg(credentials.privProtocol,
        credentials.privExtension.isEmpty() ? keyExtensionNames().first() : credentials.privExtension);
}

QString levelOf(const Credentials& credentials)
{
    if (credentials.authProtocol.isEmpty())
        return u"without authentication"_s;
    return credentials.privProtocol.isEmpty() ? u"with authentication but without privacy"_s
                                              : u"with authentication and privacy"_s;
}

/// How long to wait for the answer to one more try. A device that has answered before mostly answers at once: what got lost is asked
/// again soon, but a late answer to the first try still counts, as all tries have one request id.
std::chrono::milliseconds waitFor(const Target& target, int triesBefore)
{
    if (target.tries < patientTries || triesBefore > 2)
        return target.timeout;
    return target.timeout / (triesBefore == 2 ? 2 : 4);
}

Error timeoutOf(const Target& target)
{
    return {ErrorCode::Timeout,
        u"%1 did not answer within %2 ms, asked %3 times; check that it is on, that %4"_s.arg(nameOf(target))
            .arg(target.timeout.count())
            .arg(std::max(target.tries, 1))
            .arg(target.credentials.version == Version::V3
                    ? u"SNMPv3 is enabled there"_s
                    : u"SNMP is enabled there and that the community is right"_s)};
}

Error silenceOf(const Target& target)
{
    const Credentials& credentials = target.credentials;
    QStringList protocols{credentials.authProtocol, privacyOf(credentials)};
    protocols.removeAll(QString());
    return {ErrorCode::PermissionDenied,
        u"%1 speaks SNMPv3 but does not answer user \"%2\"; check the user name, the protocols (%3) and the passphrases"_s
            .arg(nameOf(target), credentials.user, protocols.isEmpty() ? u"none"_s : protocols.join(", "_L1))};
}

Error reportedError(const Target& target, Report report)
{
    const Credentials& credentials = target.credentials;
    const auto denied = [&](const QString& detail) { return Error{ErrorCode::PermissionDenied, detail}; };
    switch (report) {
    case Report::UnknownUser:
        return denied(u"%1 knows no SNMPv3 user \"%2\"; check the user name"_s.arg(nameOf(target), credentials.user));
    case Report::WrongDigest:
        return denied(
            u"%1 refuses the authentication of SNMPv3 user \"%2\"; check the authentication protocol (%3) and passphrase"_s
                .arg(nameOf(target), credentials.user, credentials.authProtocol));
    case Report::NotDecrypted:
        return denied(
            u"%1 cannot decrypt what SNMPv3 user \"%2\" asks; check the privacy protocol (%3) and passphrase"_s.arg(
                nameOf(target), credentials.user, privacyOf(credentials)));
    case Report::UnsupportedLevel:
        return denied(
            u"%1 does not serve SNMPv3 user \"%2\" %3; check which protocols are set for this user on the device"_s.arg(
                nameOf(target), credentials.user, levelOf(credentials)));
    case Report::UnknownContext:
        return denied(
            u"%1 has no SNMPv3 context \"%2\"; check the context name, which nearly every device wants empty"_s.arg(
                nameOf(target), credentials.contextName));
    case Report::NotInTimeWindow:
        return {ErrorCode::Malformed,
            u"%1 does not accept its own SNMPv3 time; restart the device or update its firmware"_s.arg(nameOf(target))};
    case Report::UnknownEngine:
        return {ErrorCode::Malformed,
            u"%1 does not accept its own SNMPv3 engine id; restart the device or update its firmware"_s.arg(
                nameOf(target))};
    case Report::Other:
        break;
    }
    return {ErrorCode::Malformed,
        u"%1 answers SNMPv3 with a report that says nothing known; update its firmware or read it with SNMPv2c"_s.arg(
            nameOf(target))};
}

/// What a request to an engine of v3 has gone through so far; each repair is made once, so that no device can keep us busy.
struct Settling {
    bool hasDiscovered = false;
    bool hasMovedEngine = false;
    bool hasMovedTime = false;

    bool discovered() { return !std::exchange(hasDiscovered, true); }
    /// May the question be sent once more, now that the report has told what was wrong?
    bool mends(Report report)
    {
        if (report == Report::UnknownEngine)
            return !std::exchange(hasMovedEngine, true);
        return report == Report::NotInTimeWindow && !std::exchange(hasMovedTime, true);
    }
};

/// Why a device that told of its engine is silent now. Many drop without a word what they cannot decrypt; asked for nothing at
/// all without privacy, which gives nothing away, they show whether at least the user and the authentication are right.
QCoro::Task<Error> findReason(Exchange* exchange, Target target)
{
    if (target.credentials.privProtocol.isEmpty())
        co_return silenceOf(target);
    Question question{Question::Kind::Get, target, {}};
    question.target.credentials.privProtocol.clear();
    question.target.credentials.privPassphrase = {};
    Asking asking{exchange, question};
    const Outcome outcome = co_await asking;
    if (outcome.kind == Outcome::Kind::Answered)
        co_return reportedError(target, Report::NotDecrypted);
    if (outcome.kind == Outcome::Kind::Reported
        && (outcome.report == Report::UnknownUser || outcome.report == Report::WrongDigest))
        co_return reportedError(target, outcome.report);
    co_return silenceOf(target);
}

QCoro::Task<Result<Pdu>> askChecked(Exchange* exchange, Question question)
{
    const Target target = question.target;
    Settling settling;
    QElapsedTimer sinceTry;
    sinceTry.start();
    for (int tries = 0; tries < std::max(target.tries, 1);) {
        question.target.timeout = waitFor(target, tries);
        Asking asking{exchange, question};
        Outcome outcome = co_await asking;
        question.id = outcome.id;
        switch (outcome.kind) {
        case Outcome::Kind::Answered:
            if (outcome.pdu.errorStatus == Pdu::authorizationError)
                co_return fail(ErrorCode::PermissionDenied,
                    target.credentials.version == Version::V3
                        ? u"%1 does not let SNMPv3 user \"%2\" read; give this user the right to read there"_s.arg(
                              nameOf(target), target.credentials.user)
                        : u"%1 refuses this community; give one that may read"_s.arg(nameOf(target)));
            co_return std::move(outcome.pdu);
        case Outcome::Kind::Discovered:
        case Outcome::Kind::Reported:
            if (outcome.kind == Outcome::Kind::Discovered ? !settling.discovered() : !settling.mends(outcome.report))
                co_return fail(reportedError(target, outcome.report));
            question.id = 0; // a report to an earlier try must not be taken for one to this
            tries = 0;
            sinceTry.restart();
            continue;
        case Outcome::Kind::NotSent:
            co_return fail(
                ErrorCode::NetworkFailed, u"nothing could be sent to %1: %2"_s.arg(nameOf(target), outcome.reason));
        case Outcome::Kind::Congested:
            if (sinceTry.durationElapsed() < target.timeout) {
                co_await QCoro::sleepFor(congestionPause);
                continue;
            }
            break;
        case Outcome::Kind::TimedOut:
            break;
        }
        ++tries;
        sinceTry.restart();
    }
    const Host host{target.address, target.port};
    const bool isLetIn = target.credentials.version != Version::V3 || !exchange->usm.isUnproven(host);
    const Error why = isLetIn ? timeoutOf(target) : co_await findReason(exchange, target);
    exchange->usm.forget(host); // it may be another device next time
    co_return fail(why);
}

} // namespace

QCoro::Task<Result<Pdu>> ask(Exchange* exchange, Question question)
{
    if (question.target.credentials.version == Version::V3) {
        Result<Credentials> checked = checkedCredentials(std::move(question.target.credentials));
        if (!checked)
            co_return fail(
                checked.error().code, u"%1 was not asked: %2"_s.arg(nameOf(question.target), checked.error().detail));
        question.target.credentials = *std::move(checked);
    }
    co_return co_await askChecked(exchange, std::move(question));
}

} // namespace platen::snmp
