// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceDetails.h"

#include <protocol/ReadingCodec.h>
#include <console/session/ServerConnection.h>

#include <QDateTime>
#include <QJsonArray>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

DeviceDetails::DeviceDetails(ServerConnection& server, QObject* parent)
    : QObject(parent)
    , m_server(server)
{
    m_again.setSingleShot(true);
    m_again.setInterval(2s);
    connect(&m_again, &QTimer::timeout, this, &DeviceDetails::refresh);
    connect(&server, &ServerConnection::notified, this, [this](const QString& method, const QJsonObject& parameters) {
        if (method != "devices.changed"_L1 || m_id.isEmpty())
            return;
        for (const QJsonValue& value : parameters["rows"_L1].toArray()) {
            if (value["id"_L1].toString() != m_id)
                continue;
            m_row = DeviceRow::fromJson(value.toObject());
            emit changed();
            if (!m_again.isActive())
                m_again.start();
        }
    });
}

void DeviceDetails::show(const QString& id, const std::optional<DeviceRow>& known)
{
    if (id == m_id)
        return;
    m_again.stop();
    m_id = id;
    m_row = known.value_or(DeviceRow{});
    m_reading.reset();
    m_error.reset();
    m_firstSeenAt = {};
    emit deviceChosen();
    emit changed();
    refresh();
}

void DeviceDetails::refresh()
{
    if (m_id.isEmpty())
        return;
    QCoro::connect(m_server.call(u"devices.get"_s, {{u"id"_s, m_id}}), this, [this, id = m_id](const Result<QJsonObject>& result) {
        if (id != m_id)
            return;
        m_error = result ? std::nullopt : std::optional(result.error());
        if (result)
            take(*result);
        emit changed();
    });
}

void DeviceDetails::take(const QJsonObject& json)
{
    m_row = DeviceRow::fromJson(json);
    m_firstSeenAt = instantFrom(json["firstSeenAt"_L1].toString());
    Result<model::Reading> reading = protocol::fromJson(json["reading"_L1].toObject());
    if (reading)
        m_reading = std::move(*reading);
    else
        m_error = reading.error();
}

QCoro::Task<Result<History>> DeviceDetails::history(HistoryKey key, qint64 fromMs)
{
    const QJsonValue from = fromMs > 0 ? QJsonValue(QDateTime::fromMSecsSinceEpoch(fromMs, QTimeZone::UTC).toString(Qt::ISODateWithMs)) : QJsonValue(QJsonValue::Null);
    const QJsonObject parameters{{u"id"_s, m_id}, {u"kind"_s, key.kind == HistoryKey::Kind::Meter ? u"meter"_s : u"supply"_s}, {u"key"_s, key.key},
        {u"from"_s, from}, {u"to"_s, QJsonValue::Null}};
    const Result<QJsonObject> answer = co_await m_server.call(u"devices.history"_s, parameters);
    if (!answer)
        co_return fail(answer.error());
    History history;
    history.unit = answer->value("unit"_L1).toString();
    for (const QJsonValue& value : answer->value("points"_L1).toArray()) {
        const QJsonArray point = value.toArray();
        history.points.append({point.at(0).toInteger(), point.at(1).isDouble() ? std::optional(point.at(1).toDouble()) : std::nullopt});
    }
    co_return history;
}

} // namespace platen::console
