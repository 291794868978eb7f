// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DeviceRow.h"

#include <base/Result.h>

#include <QCoro/QCoroTask>
#include <QObject>
#include <QTimer>

namespace platen::console {

class ServerConnection;

/// What a history may be asked of.
struct HistoryKey {
    enum class Kind { Meter, Supply };

    Kind kind = Kind::Meter;
    QString key; ///< a meter's name, a supply's index

    bool operator==(const HistoryKey&) const = default;
};

struct HistoryPoint {
    qint64 ms = 0;
    std::optional<double> value; ///< nothing: not known then, a gap
};

struct History {
    QList<HistoryPoint> points; ///< ordered by time
    QString unit;               ///< keyword
};

/// Everything of one device: its row, its latest reading and its histories. Stays up to date while it is shown.
class DeviceDetails final : public QObject {
    Q_OBJECT

public:
    explicit DeviceDetails(ServerConnection& server, QObject* parent = nullptr);

    /// Shows another device; what is known of it already is there at once. An empty id shows none.
    void show(const QString& id, const std::optional<DeviceRow>& known);
    void refresh();

    const QString& id() const { return m_id; }
    const DeviceRow& row() const { return m_row; }
    const std::optional<model::Reading>& reading() const { return m_reading; } ///< nothing until it has come
    Instant firstSeenAt() const { return m_firstSeenAt; }
    const std::optional<Error>& error() const { return m_error; }

    /// From `fromMs` (0: the beginning) until now.
    QCoro::Task<Result<History>> history(HistoryKey key, qint64 fromMs);

signals:
    void deviceChosen(); ///< another device: forget what was shown
    void changed();

private:
    void take(const QJsonObject& json);

    ServerConnection& m_server;
    QString m_id;
    DeviceRow m_row;
    std::optional<model::Reading> m_reading;
    Instant m_firstSeenAt{};
    std::optional<Error> m_error;
    QTimer m_again; ///< live changes are read at most every two seconds
};

} // namespace platen::console
