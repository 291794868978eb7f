// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>
#include <model/Reading.h>
#include <storage/Database.h>

#include <QByteArray>
#include <QStringList>
#include <QVariantList>

#include <functional>
#include <optional>

namespace platen::store {

/// One device as lists show it. Texts are cut to what a list has room for; empty: not known.
struct DeviceRow {
    qint64 id = 0;
    QString state; ///< "ready", "printing", "warmup", "attention", "error", "sleeping", "offline", "unknown"
    QString stateText; ///< keyword of the most severe error: "jammed"
    QString manufacturer;
    QString model;
    QString serialNumber;
    QString assetNumber;
    QString address;
    QString location;
    QString deviceType;
    std::optional<bool> color;
    QByteArray lowestSupply; ///< JSON: name, kind, color, class, level
    std::optional<qint64> totalMeter;
    QString totalMeterUnit;
    Instant lastSeenAt{};
    QByteArray agentId;
    QString agentName;
};

/// One device with its latest reading.
struct DeviceDetails {
    DeviceRow row;
    Instant firstSeenAt{};
    model::Reading reading;
};

/// Which devices a list shows, and in what order.
struct DeviceListing {
    enum class Column {
        Id,
        State,
        Manufacturer,
        Model,
        SerialNumber,
        Address,
        Location,
        LowestSupply,
        TotalMeter,
        LastSeenAt
    };

    QString search; ///< words, all of which must be in model, maker, serial, address, location or asset number
    QStringList states; ///< empty: any
    QByteArray agentId; ///< empty: any
    QString manufacturer; ///< empty: any; case does not matter
    Column sortBy = Column::Id;
    bool descending = false; ///< State ascending: what needs someone comes first. Values not known come last either way
    int offset = 0;
    int limit = 100;
};

struct DeviceList {
    qint64 total = 0; ///< of all that match
    QList<DeviceRow> rows;
};

/// One point of a curve; nothing where the device was offline or gave no number.
struct Sample {
    Instant at{};
    std::optional<double> value;
};

enum class HistoryKind { Meter, Supply };

/// Which curve, and which part of it.
struct HistoryRequest {
    qint64 deviceId = 0;
    HistoryKind kind = HistoryKind::Meter;
    QString key; ///< of a meter "total" or "name/marker"; of a supply its index
    std::optional<Instant> from;
    std::optional<Instant> to;
};

/// Which agents are connected now; asked on the main thread.
using ConnectedAgents = std::function<QList<QByteArray>()>;

/// The reading side of the device tables: what consoles see. A device is "offline" also while its agent is silent or gone.
class DeviceQueries {
public:
    DeviceQueries(storage::Database& database, const Clock& clock, ConnectedAgents connected);

    QCoro::Task<Result<DeviceList>> list(DeviceListing listing);

    /// The devices of these numbers, at most 500, in no order; numbers that are no device are left out.
    QCoro::Task<Result<QList<DeviceRow>>> rows(QList<qint64> ids);

    /// Fails with NotFound.
    QCoro::Task<Result<DeviceDetails>> details(qint64 id);

    /// Points in the order of time. A curve steps: the first point is the value that held at `from`. More points than a plot
    /// can show are thinned out evenly; gaps stay.
    QCoro::Task<Result<QList<Sample>>> history(HistoryRequest request);

private:
    /// What a query must know to tell who is there; bound as values.
    QVariantList presence() const;

    storage::Database& m_database;
    const Clock& m_clock;
    ConnectedAgents m_connected;
};

/// An agent that is not connected and not heard of for longer than this is silent.
inline constexpr std::chrono::minutes agentSilentAfter{15};

} // namespace platen::store
