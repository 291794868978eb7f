// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "AgentTableModel.h"

#include "DeviceRow.h"

#include <protocol/ReadingCodec.h>
#include <console/session/ServerConnection.h>
#include <widgets/Icons.h>
#include <widgets/RelativeTime.h>

#include <QJsonArray>
#include <QLocale>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

namespace {

Agent agentFrom(const QJsonObject& json)
{
    const auto text = [&json](QLatin1StringView key) { return protocol::cleaned(json[key].toString()); };
    return {.id = json["id"_L1].toString(), .name = text("name"_L1), .state = json["state"_L1].toString(), .version = text("version"_L1),
        .os = text("os"_L1), .transport = text("transport"_L1), .transportNote = text("transportNote"_L1),
        .lastSeenAt = instantFrom(json["lastSeenAt"_L1].toString()), .devices = json["devices"_L1].toInt()};
}

// Agents say a keyword; anything else is shown as it is.
QString nameOfSystem(const QString& os)
{
    return os == "linux"_L1 ? u"Linux"_s : os == "windows"_L1 ? u"Windows"_s : os == "macos"_L1 ? u"macOS"_s : os;
}

QString nameOfTransport(const QString& transport)
{
    return transport == "websocket"_L1 ? u"WebSocket"_s
        : transport == "sse"_L1        ? AgentTableModel::tr("Server-sent events")
        : transport == "longpoll"_L1   ? AgentTableModel::tr("Long polling")
                                       : transport;
}

/// How it is connected, and why not better.
QString connectionOf(const Agent& agent)
{
    QStringList lines{nameOfTransport(agent.transport)};
    if (!agent.transportNote.isEmpty())
        lines.append(agent.transportNote);
    return lines.join(u'\n');
}

} // namespace

AgentTableModel::AgentTableModel(ServerConnection& server, QObject* parent)
    : QAbstractTableModel(parent)
    , m_server(server)
{
    m_again.setSingleShot(true);
    m_again.setInterval(1s);
    connect(&m_again, &QTimer::timeout, this, &AgentTableModel::refresh);
    connect(&server, &ServerConnection::notified, this, [this](const QString& method) {
        if (method == "agents.changed"_L1 && !m_again.isActive())
            m_again.start();
    });
}

void AgentTableModel::refresh()
{
    QCoro::connect(m_server.call(u"agents.list"_s, {}), this, [this](const Result<QJsonObject>& result) {
        m_error = result ? std::nullopt : std::optional(result.error());
        if (!result) {
            emit failed();
            return;
        }
        QList<Agent> agents;
        for (const QJsonValue& value : result->value("agents"_L1).toArray())
            agents.append(agentFrom(value.toObject()));
        take(agents);
        m_isLoaded = true;
        emit loaded();
    });
}

// The same agents as before only change in their places; so a selection stays.
void AgentTableModel::take(const QList<Agent>& agents)
{
    const bool same = std::ranges::equal(agents, m_agents, {}, &Agent::id, &Agent::id);
    if (!same) {
        beginResetModel();
        m_agents = agents;
        endResetModel();
        return;
    }
    m_agents = agents;
    if (!agents.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int AgentTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_agents.size()); }
int AgentTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant AgentTableModel::data(const QModelIndex& index, int role) const
{
    const Agent& agent = m_agents[index.row()];
    switch (role) {
    case Qt::DisplayRole: return text(agent, index.column());
    case Qt::ToolTipRole:
        if (index.column() == LastSeen)
            return widgets::exactTime(agent.lastSeenAt);
        return index.column() == State ? connectionOf(agent) : QString();
    case Qt::TextAlignmentRole: return index.column() == Devices ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::DecorationRole:
        if (index.column() != State)
            return {};
        return agent.state == "connected"_L1 ? widgets::icon(u"state-ready"_s, widgets::Ink::Ok)
            : agent.state == "pending"_L1    ? widgets::icon(u"state-warmup"_s, widgets::Ink::Accent)
            : agent.state == "silent"_L1     ? widgets::icon(u"state-attention"_s, widgets::Ink::Attention)
                                             : widgets::icon(u"state-offline"_s, widgets::Ink::Offline);
    case SortRole:
        if (index.column() == Devices)
            return agent.devices;
        return index.column() == LastSeen ? QVariant(toMs(agent.lastSeenAt)) : QVariant(text(agent, index.column()));
    default: return {};
    }
}

QVariant AgentTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section == Devices ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Name");
    case State: return tr("State");
    case Devices: return tr("Devices");
    case LastSeen: return tr("Last seen");
    case Version: return tr("Version");
    case System: return tr("System");
    default: return {};
    }
}

QString AgentTableModel::text(const Agent& agent, int column) const
{
    switch (column) {
    case Name: return agent.name;
    case State:
        return agent.state == "connected"_L1   ? tr("Connected")
            : agent.state == "pending"_L1      ? tr("Waiting for activation")
            : agent.state == "deactivated"_L1  ? tr("Deactivated")
            : agent.state == "expired"_L1      ? tr("Expired")
            : agent.state == "silent"_L1       ? tr("Silent")
                                               : tr("Unknown");
    case Devices: return QLocale().toString(agent.devices);
    case LastSeen: return widgets::relativeTime(agent.lastSeenAt, Clock::system().now());
    case Version: return agent.version;
    case System: return nameOfSystem(agent.os);
    default: return {};
    }
}

} // namespace platen::console
