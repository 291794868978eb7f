// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Report.h"

#include <base/File.h>

#include <QDateTime>
#include <QJsonDocument>
#include <QLocale>
#include <QSaveFile>

#include <array>
#include <variant>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

struct Field {
    QLatin1StringView name;
    std::variant<QString Report::*, Instant Report::*, qint64 Report::*, bool Report::*> member;
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
    Field{"spooledSeq"_L1, &Report::spooledSeq},
    Field{"acknowledgedSeq"_L1, &Report::acknowledgedSeq},
    Field{"refusedEnvelopes"_L1, &Report::refusedEnvelopes},
};

QJsonValue valueOf(const QString& text) { return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text); }
QJsonValue valueOf(qint64 number) { return number; }
QJsonValue valueOf(bool claim) { return claim; }
QJsonValue valueOf(Instant instant)
{
    if (instant == Instant{})
        return QJsonValue::Null;
    return QDateTime::fromMSecsSinceEpoch(toMs(instant), QTimeZone::UTC).toString(Qt::ISODateWithMs);
}

void take(QString& text, const QJsonValue& value) { text = value.toString(); }
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
    else if (!reason.isEmpty())
        link += u": "_s + reason;
    QString text = line(u"Agent"_s, name.isEmpty() ? agentId : u"%1 (%2)"_s.arg(name, agentId));
    text += line(u"Program"_s,
        isRunning ? u"running since %1, version %2"_s.arg(timeText(startedAt), version) : u"not running"_s);
    text += line(u"Server"_s, server);
    text += line(u"Connection"_s, isRunning ? link : u"none"_s);
    text += line(u"Printers"_s, u"%1 known, %2 offline"_s.arg(devices).arg(offlineDevices));
    text += line(u"Last search"_s, timeText(searchedAt));
    text += line(u"Last round"_s,
        timeText(readAt) + (isRunning && nextRoundAt != Instant{} ? u", next "_s + timeText(nextRoundAt) : QString()));
    if (!problem.isEmpty())
        text += line(u"Problem"_s, problem);
    text += line(u"Waiting"_s,
        u"%1 of %2 envelopes, %3, not yet taken by the server"_s.arg(waitingEnvelopes)
            .arg(spooledSeq)
            .arg(QLocale::c().formattedDataSize(waitingBytes)));
    if (refusedEnvelopes > 0)
        text += line(u"Kept back"_s, u"%1 times, because the spool or its disk was full"_s.arg(refusedEnvelopes));
    return text;
}

} // namespace platen::agent
