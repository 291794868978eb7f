// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Report.h"

#include <base/File.h>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QSaveFile>

#include <array>
#include <variant>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qint64 scarceBytes = 16 << 20;

struct Field {
    QLatin1StringView name;
    std::variant<QString Report::*, Instant Report::*, qint64 Report::*, bool Report::*, QStringList Report::*> member;
};

const std::array fields{
    Field{"agentId"_L1, &Report::agentId},
    Field{"name"_L1, &Report::name},
    Field{"version"_L1, &Report::version},
    Field{"server"_L1, &Report::server},
    Field{"running"_L1, &Report::isRunning},
    Field{"connection"_L1, &Report::connection},
    Field{"reason"_L1, &Report::reason},
    Field{"transport"_L1, &Report::transport},
    Field{"transportSince"_L1, &Report::transportSince},
    Field{"notBetter"_L1, &Report::notBetter},
    Field{"startedAt"_L1, &Report::startedAt},
    Field{"connectedAt"_L1, &Report::connectedAt},
    Field{"searchedAt"_L1, &Report::searchedAt},
    Field{"readAt"_L1, &Report::readAt},
    Field{"nextRoundAt"_L1, &Report::nextRoundAt},
    Field{"problem"_L1, &Report::problem},
    Field{"devices"_L1, &Report::devices},
    Field{"offlineDevices"_L1, &Report::offlineDevices},
    Field{"waitingEnvelopes"_L1, &Report::waitingEnvelopes},
    Field{"waitingBytes"_L1, &Report::waitingBytes},
    Field{"spoolLimitBytes"_L1, &Report::spoolLimitBytes},
    Field{"oldestWaitingAt"_L1, &Report::oldestWaitingAt},
    Field{"spooledSeq"_L1, &Report::spooledSeq},
    Field{"acknowledgedSeq"_L1, &Report::acknowledgedSeq},
    Field{"refusedEnvelopes"_L1, &Report::refusedEnvelopes},
    Field{"lostEnvelopes"_L1, &Report::lostEnvelopes},
    Field{"thinnedEnvelopes"_L1, &Report::thinnedEnvelopes},
    Field{"quarantinedFiles"_L1, &Report::quarantinedFiles},
    Field{"spoolProblem"_L1, &Report::spoolProblem},
    Field{"freeBytes"_L1, &Report::freeBytes},
    Field{"keyProtection"_L1, &Report::keyProtection},
};

QJsonValue valueOf(const QString& text) { return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text); }
QJsonValue valueOf(const QStringList& texts) { return QJsonArray::fromStringList(texts); }
QJsonValue valueOf(qint64 number) { return number; }
QJsonValue valueOf(bool claim) { return claim; }
QJsonValue valueOf(Instant instant)
{
    if (instant == Instant{})
        return QJsonValue::Null;
    return QDateTime::fromMSecsSinceEpoch(toMs(instant), QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

void take(QString& text, const QJsonValue& value) { text = value.toString(); }
void take(QStringList& texts, const QJsonValue& value) { texts = value.toVariant().toStringList(); }
void take(qint64& number, const QJsonValue& value) { number = value.toInteger(); }
void take(bool& claim, const QJsonValue& value) { claim = value.toBool(); }
void take(Instant& instant, const QJsonValue& value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    instant = time.isValid() ? fromMs(time.toMSecsSinceEpoch()) : Instant{};
}

QString timeText(Instant instant)
{
    if (instant == Instant{})
        return u"never"_s;
    return QDateTime::fromMSecsSinceEpoch(toMs(instant)).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString line(const QString& name, const QString& value) { return name.leftJustified(14) + value + u'\n'; }

} // namespace

QJsonObject Report::toJson() const
{
    QJsonObject json;
    for (const Field& field : fields)
        std::visit([&](auto member) { json.insert(field.name, valueOf(this->*member)); }, field.member);
    return json;
}

Report Report::fromJson(const QJsonObject& json)
{
    Report report;
    for (const Field& field : fields)
        std::visit([&](auto member) { take(report.*member, json.value(field.name)); }, field.member);
    return report;
}

Status Report::write(const QString& path) const
{
    QSaveFile file(path);
    const QByteArray bytes = QJsonDocument(toJson()).toJson();
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(ownerOnly) || file.write(bytes) != bytes.size()
        || !file.commit())
        return fail(ErrorCode::StorageFailed, u"cannot write %1: %2"_s.arg(path, file.errorString()));
    return {};
}

Result<Report> Report::read(const QString& path)
{
    const Result<QByteArray> bytes = readFile(path, 1 << 20);
    if (!bytes)
        return fail(bytes.error());
    const QJsonDocument document = QJsonDocument::fromJson(*bytes);
    if (!document.isObject())
        return fail(ErrorCode::Malformed, u"%1 is damaged: start the agent, it writes the file anew"_s.arg(path));
    return fromJson(document.object());
}

QString Report::toText() const
{
    QString link = connection;
    if (connection == "connected"_L1)
        link = u"connected by %1 since %2"_s.arg(transport, timeText(connectedAt));
    if (!reason.isEmpty())
        link += u": "_s + reason;
    QString text = line(u"Agent"_s, name.isEmpty() ? agentId : u"%1 (%2)"_s.arg(name, agentId));
    text += line(u"Program"_s,
        isRunning ? u"running since %1, version %2"_s.arg(timeText(startedAt), version) : u"not running"_s);
    text += line(u"Server"_s, server);
    text += line(u"Connection"_s, isRunning ? link : u"none"_s);
    for (const QString& why : isRunning ? notBetter : QStringList())
        text += line(u"Not by"_s, why);
    if (!keyProtection.isEmpty())
        text += line(u"Key"_s, keyProtection);
    text += line(u"Printers"_s, u"%1 known, %2 offline"_s.arg(devices).arg(offlineDevices));
    text += line(u"Last search"_s, timeText(searchedAt));
    text += line(u"Last round"_s,
        timeText(readAt) + (isRunning && nextRoundAt != Instant{} ? u", next "_s + timeText(nextRoundAt) : QString()));
    if (!problem.isEmpty())
        text += line(u"Problem"_s, problem);
    return text + spoolText();
}

/// What waits for the server, and what an operator should do about it.
QString Report::spoolText() const
{
    const auto sizeOf = [](qint64 bytes) { return QLocale::c().formattedDataSize(bytes); };
    QString text = line(u"Waiting"_s,
        u"%1 of %2 envelopes, %3 of %4, not yet taken by the server"_s.arg(waitingEnvelopes)
            .arg(spooledSeq)
            .arg(sizeOf(waitingBytes), sizeOf(spoolLimitBytes)));
    if (waitingEnvelopes > 0)
        text += line(u"Oldest"_s, timeText(oldestWaitingAt));
    if (thinnedEnvelopes > 0)
        text += line(u"Thinned"_s,
            u"%1 envelopes since the start, to one reading per printer and day"_s.arg(thinnedEnvelopes));
    if (lostEnvelopes > 0)
        text += line(u"Lost"_s,
            u"%1 envelopes since the start; the server was told, and everything is sent anew of each printer"_s.arg(lostEnvelopes));
    if (quarantinedFiles > 0)
        text += line(u"Damaged"_s,
            u"%1 files in spool/quarantine: check the disk; they may be deleted"_s.arg(quarantinedFiles));
    if (freeBytes >= 0 && freeBytes < scarceBytes)
        text += line(u"Disk"_s,
            u"only %1 free: make room, the agent goes on by itself within a minute"_s.arg(sizeOf(freeBytes)));
    if (!spoolProblem.isEmpty())
        text += line(u"Not stored"_s, spoolProblem);
    if (refusedEnvelopes > 0)
        text += line(u"Kept back"_s,
            u"%1 times since the start, because the spool or its disk was full; a later round brought or brings it"_s.arg(
                refusedEnvelopes));
    return text;
}

} // namespace platen::agent
