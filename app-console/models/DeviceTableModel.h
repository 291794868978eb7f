// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DeviceQuery.h"
#include "DeviceRow.h"

#include <base/Result.h>

#include <QAbstractTableModel>
#include <QCoro/QCoroTask>
#include <QPointer>
#include <QSet>
#include <QTimer>

namespace platen::console {

class ServerConnection;

/// The server's devices as a table of any length: pages come when they are looked at, searching, filtering and sorting are the
/// server's work, and what changes is put into its row without moving anything. Selection follows devices, not rows.
class DeviceTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { State, Manufacturer, Model, SerialNumber, Address, Location, LowestSupply, TotalMeter, LastSeen, AssetNumber, Agent, ColumnCount };
    enum Role { RowRole = Qt::UserRole }; ///< the DeviceRow; invalid while it is being fetched

    explicit DeviceTableModel(ServerConnection& server, QObject* parent = nullptr);

    /// Asks anew when the query differs; the rows of before stay until the answer is there.
    void setQuery(const DeviceQuery& query);
    const DeviceQuery& query() const { return m_query; }

    /// Asks for what is on the screen again, keeping selection and place.
    void refresh();

    /// Which rows are on the screen; they are what refresh() asks for first.
    void setVisibleRows(int first, int last);

    /// Whether anything has ever been answered, and how asking went last.
    bool isLoaded() const { return m_isLoaded; }
    bool isLoading() const { return m_isLoading; }
    const std::optional<Error>& error() const { return m_error; }

    const DeviceRow* row(int row) const; ///< null while it is being fetched
    int rowOf(const QString& id) const;  ///< −1 when it is not among the rows fetched

    /// The rows first…last, fetching those that are missing; fails as ServerConnection::call.
    QCoro::Task<Result<QList<DeviceRow>>> rows(int first, int last);

    /// One row as columns of text, for the clipboard. `columns` are logical.
    QStringList texts(const DeviceRow& row, const QList<int>& columns) const;

    static QString sortName(int column); ///< the API's name; empty when the server does not sort by it

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void loaded();  ///< rows of the current query are there; also after every refresh
    void pageLoaded(); ///< rows that somebody scrolled to are there
    void failed();  ///< error() says why
    void queryChanged();
    void totalChanged();
    void deviceChanged(const QString& id); ///< what the server said of a device has changed

private:
    static constexpr int pageSize = 100;

    void want(int page) const;
    void fetchWanted();
    /// What happens to rows that an answer does not cover.
    enum class Others { Drop, Keep, KeepAsOld };

    void reload(int firstPage, int pages, Others others);
    void merge(int total, QHash<int, DeviceRow> rows, Others others);
    void applyChanges(const QJsonObject& parameters);
    bool patch(const DeviceRow& row);
    void putPage(int page, const QList<DeviceRow>& devices);
    void remapPersistent(const QHash<QString, int>& newRowOf);
    void setTotal(int total);
    void checkTotal();
    QString text(const DeviceRow& row, int column) const;
    QString toolTip(const DeviceRow& row, int column) const;

    ServerConnection& m_server;
    DeviceQuery m_query;
    int m_total = 0;
    bool m_isLoaded = false;
    bool m_isLoading = false;
    std::optional<Error> m_error;
    quint64 m_generation = 0; ///< answers to older questions are dropped
    QHash<int, DeviceRow> m_rows;
    QHash<QString, int> m_rowOf;
    mutable QList<int> m_wanted; ///< pages somebody looked at, the latest last
    QSet<int> m_fetching;
    QSet<int> m_old; ///< pages to be asked for again when they are looked at; shown as they are until then
    int m_firstVisible = 0;
    int m_lastVisible = 50;
    mutable QTimer m_fetch;
    QTimer m_recount;
};

} // namespace platen::console

Q_DECLARE_METATYPE(platen::console::DeviceRow)
