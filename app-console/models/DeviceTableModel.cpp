// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceTableModel.h"

#include <console/session/ServerConnection.h>
#include <widgets/RelativeTime.h>
#include <widgets/SupplyBar.h>
#include <widgets/Words.h>

#include <QJsonArray>
#include <QLocale>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

namespace {

constexpr int mostPagesAtOnce = 10; // the API gives at most 1,000 rows
constexpr auto recountEvery = 2s;

struct Answer {
    int total = 0;
    QList<DeviceRow> rows;
};

Answer read(const QJsonObject& json)
{
    Answer answer{std::max(0, json["total"_L1].toInt()), {}};
    for (const QJsonValue& value : json["rows"_L1].toArray())
        answer.rows.append(DeviceRow::fromJson(value.toObject()));
    return answer;
}

} // namespace

DeviceTableModel::DeviceTableModel(ServerConnection& server, QObject* parent)
    : QAbstractTableModel(parent)
    , m_server(server)
{
    m_fetch.setSingleShot(true);
    m_fetch.setInterval(20ms); // a fling over the scroll bar asks for where it ends
    connect(&m_fetch, &QTimer::timeout, this, &DeviceTableModel::fetchWanted);
    m_recount.setSingleShot(true);
    m_recount.setInterval(recountEvery);
    connect(&m_recount, &QTimer::timeout, this, &DeviceTableModel::checkTotal);
    connect(&server, &ServerConnection::notified, this, [this](const QString& method, const QJsonObject& parameters) {
        if (method == "devices.changed"_L1)
            applyChanges(parameters);
    });
}

void DeviceTableModel::setQuery(const DeviceQuery& query)
{
    if (m_isLoaded && query == m_query)
        return;
    m_query = query;
    m_firstVisible = 0;
    m_lastVisible = 50;
    emit queryChanged();
    reload(0, 1, Others::Drop);
}

void DeviceTableModel::refresh()
{
    const int first = m_firstVisible / pageSize;
    reload(first, std::clamp(m_lastVisible / pageSize - first + 1, 1, mostPagesAtOnce), Others::KeepAsOld);
}

void DeviceTableModel::setVisibleRows(int first, int last)
{
    m_firstVisible = std::max(0, first);
    m_lastVisible = std::max(first, last);
}

void DeviceTableModel::reload(int firstPage, int pages, Others others)
{
    const quint64 generation = ++m_generation;
    m_fetching.clear();
    m_wanted.clear();
    m_fetch.stop();
    m_isLoading = true;
    const int offset = firstPage * pageSize;
    QCoro::connect(m_server.call(u"devices.list"_s, m_query.toJson(offset, pages * pageSize)), this,
        [this, generation, offset, others](const Result<QJsonObject>& result) {
            if (generation != m_generation)
                return;
            m_isLoading = false;
            m_error = result ? std::nullopt : std::optional(result.error());
            if (!result) {
                emit failed();
                return;
            }
            const Answer answer = read(*result);
            QHash<int, DeviceRow> rows;
            for (qsizetype i = 0; i < answer.rows.size(); ++i)
                rows.insert(offset + static_cast<int>(i), answer.rows[i]);
            merge(answer.total, rows, others);
            m_isLoaded = true;
            emit loaded();
        });
}

// Takes up an answer at once. Indexes that others hold (selection, current row) follow their devices.
void DeviceTableModel::merge(int total, QHash<int, DeviceRow> rows, Others others)
{
    QHash<QString, int> rowOf;
    for (auto row = rows.begin(); row != rows.end();) {
        if (row.key() >= total || row->id.isEmpty()) {
            row = rows.erase(row);
            continue;
        }
        rowOf.insert(row->id, row.key());
        ++row;
    }
    if (others == Others::Drop)
        m_old.clear();
    for (auto row = m_rows.cbegin(); others != Others::Drop && row != m_rows.cend(); ++row) {
        if (row.key() >= total || rows.contains(row.key()) || rowOf.contains(row->id))
            continue;
        rows.insert(row.key(), *row);
        rowOf.insert(row->id, row.key());
        if (others == Others::KeepAsOld)
            m_old.insert(row.key() / pageSize);
    }
    if (total > m_total)
        setTotal(total);
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    remapPersistent(rowOf);
    m_rows = std::move(rows);
    m_rowOf = std::move(rowOf);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
    if (total < m_total)
        setTotal(total);
}

void DeviceTableModel::remapPersistent(const QHash<QString, int>& newRowOf)
{
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    for (const QModelIndex& held : before) {
        const DeviceRow* device = row(held.row());
        const int target = device ? newRowOf.value(device->id, -1) : -1;
        after.append(target < 0 ? QModelIndex() : index(target, held.column()));
    }
    changePersistentIndexList(before, after);
}

void DeviceTableModel::setTotal(int total)
{
    if (total > m_total) {
        beginInsertRows({}, m_total, total - 1);
        m_total = total;
        endInsertRows();
    } else if (total < m_total) {
        beginRemoveRows({}, total, m_total - 1);
        m_total = total;
        endRemoveRows();
    }
    emit totalChanged();
}

void DeviceTableModel::want(int page) const
{
    if (m_fetching.contains(page))
        return;
    m_wanted.removeOne(page);
    m_wanted.append(page);
    if (!m_fetch.isActive())
        m_fetch.start();
}

// Only the pages looked at last: what was scrolled past is not asked for.
void DeviceTableModel::fetchWanted()
{
    const QList<int> wanted = std::exchange(m_wanted, {});
    for (const int page : wanted.last(std::min<qsizetype>(2, wanted.size()))) {
        m_fetching.insert(page);
        const quint64 generation = m_generation;
        QCoro::connect(m_server.call(u"devices.list"_s, m_query.toJson(page * pageSize, pageSize)), this,
            [this, generation, page](const Result<QJsonObject>& result) {
                if (generation != m_generation)
                    return;
                m_fetching.remove(page);
                if (!result)
                    return; // asked again when it is looked at again; a cut line shows in the frame
                const Answer answer = read(*result);
                if (answer.total != m_total)
                    m_recount.start();
                putPage(page, answer.rows);
                emit pageLoaded();
            });
    }
}

void DeviceTableModel::putPage(int page, const QList<DeviceRow>& devices)
{
    m_old.remove(page);
    QHash<int, DeviceRow> rows;
    bool isNew = true;
    for (qsizetype i = 0; i < devices.size(); ++i) {
        const int row = page * pageSize + static_cast<int>(i);
        isNew &= !m_rows.contains(row) && !m_rowOf.contains(devices[i].id);
        rows.insert(row, devices[i]);
    }
    if (!isNew) { // something moves
        merge(m_total, rows, Others::Keep);
        return;
    }
    for (auto row = rows.cbegin(); row != rows.cend(); ++row) {
        if (row.key() >= m_total || row->id.isEmpty())
            continue;
        m_rowOf.insert(row->id, row.key());
        m_rows.insert(row.key(), *row);
    }
    emit dataChanged(index(page * pageSize, 0), index(std::min(m_total, (page + 1) * pageSize) - 1, ColumnCount - 1));
}

void DeviceTableModel::applyChanges(const QJsonObject& parameters)
{
    if (!m_isLoaded)
        return;
    if (parameters["reload"_L1].toBool()) {
        refresh();
        return;
    }
    bool mayBeNew = false;
    for (const QJsonValue& value : parameters["rows"_L1].toArray()) {
        const DeviceRow device = DeviceRow::fromJson(value.toObject());
        mayBeNew |= !patch(device);
        emit deviceChanged(device.id);
    }
    // A device may have come, gone, or left the filter: the count tells, at most every two seconds.
    if ((mayBeNew || m_query.narrows()) && !m_recount.isActive())
        m_recount.start();
}

bool DeviceTableModel::patch(const DeviceRow& device)
{
    const int at = rowOf(device.id);
    if (at < 0)
        return false;
    DeviceRow& shown = m_rows[at];
    if (shown == device)
        return true;
    QList<int> changed;
    for (int column = 0; column < ColumnCount; ++column) {
        const bool differs = column == State ? shown.state != device.state || shown.stateText != device.stateText
            : column == LowestSupply         ? shown.lowestSupply != device.lowestSupply
            : column == LastSeen             ? shown.lastSeenAt != device.lastSeenAt
                                             : text(shown, column) != text(device, column);
        if (differs)
            changed.append(column);
    }
    shown = device;
    if (!changed.isEmpty())
        emit dataChanged(index(at, changed.first()), index(at, changed.last()));
    return true;
}

void DeviceTableModel::checkTotal()
{
    const quint64 generation = m_generation;
    QCoro::connect(m_server.call(u"devices.list"_s, m_query.toJson(0, 1)), this, [this, generation](const Result<QJsonObject>& result) {
        if (generation == m_generation && result && read(*result).total != m_total)
            refresh();
    });
}

const DeviceRow* DeviceTableModel::row(int row) const
{
    const auto found = m_rows.constFind(row);
    return found == m_rows.constEnd() ? nullptr : &*found;
}

int DeviceTableModel::rowOf(const QString& id) const { return m_rowOf.value(id, -1); }

QCoro::Task<Result<QList<DeviceRow>>> DeviceTableModel::rows(int first, int last)
{
    const QPointer<DeviceTableModel> self = this;
    QList<DeviceRow> result;
    const DeviceQuery query = m_query;
    for (int at = first; self && at <= last;) {
        if (const DeviceRow* known = row(at)) {
            result.append(*known);
            ++at;
            continue;
        }
        const Result<QJsonObject> answer = co_await m_server.call(u"devices.list"_s, query.toJson(at, std::min(last - at + 1, pageSize * mostPagesAtOnce)));
        if (!answer)
            co_return fail(answer.error());
        const Answer page = read(*answer);
        if (page.rows.isEmpty())
            break;
        result.append(page.rows);
        at += static_cast<int>(page.rows.size());
    }
    co_return result;
}

QString DeviceTableModel::sortName(int column)
{
    switch (column) {
    case State: return u"state"_s;
    case Manufacturer: return u"manufacturer"_s;
    case Model: return u"model"_s;
    case SerialNumber: return u"serialNumber"_s;
    case Address: return u"address"_s;
    case Location: return u"location"_s;
    case LowestSupply: return u"lowestSupply"_s;
    case TotalMeter: return u"totalMeter"_s;
    case LastSeen: return u"lastSeenAt"_s;
    default: return {};
    }
}

int DeviceTableModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : m_total; }
int DeviceTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant DeviceTableModel::data(const QModelIndex& index, int role) const
{
    const DeviceRow* device = row(index.row());
    if (!device || m_old.contains(index.row() / pageSize))
        want(index.row() / pageSize);
    if (!device)
        return {};
    switch (role) {
    case RowRole: return QVariant::fromValue(*device);
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return text(*device, index.column());
    case Qt::ToolTipRole: return toolTip(*device, index.column());
    case Qt::TextAlignmentRole: return index.column() == TotalMeter ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    default: return {};
    }
}

QVariant DeviceTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignVCenter | (section == TotalMeter ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && section == TotalMeter)
        return tr("Total meter, in impressions where no other unit is given");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case State: return tr("State");
    case Manufacturer: return tr("Maker");
    case Model: return tr("Model");
    case SerialNumber: return tr("Serial number");
    case Address: return tr("Address");
    case Location: return tr("Location");
    case LowestSupply: return tr("Lowest supply");
    case TotalMeter: return tr("Impressions");
    case LastSeen: return tr("Last seen");
    case AssetNumber: return tr("Asset number");
    case Agent: return tr("Agent");
    default: return {};
    }
}

QString DeviceTableModel::text(const DeviceRow& row, int column) const
{
    switch (column) {
    case State: return row.stateWords().isEmpty() ? widgets::wordOf(row.state) : row.stateWords();
    case Manufacturer: return row.manufacturer;
    case Model: return row.model;
    case SerialNumber: return row.serialNumber;
    case Address: return row.address;
    case Location: return row.location;
    case LowestSupply: return row.lowestSupply ? widgets::levelText(*row.lowestSupply) : QString();
    case TotalMeter:
        if (!row.totalMeter)
            return {};
        // The header names the usual unit; another one is said.
        return row.totalUnit.isEmpty() || row.totalUnit == "impressions"_L1
            ? QLocale().toString(*row.totalMeter)
            : tr("%1 %2", "a number and its unit").arg(QLocale().toString(*row.totalMeter), widgets::unitName(row.totalUnit));
    case LastSeen: return widgets::relativeTime(row.lastSeenAt, Clock::system().now());
    case AssetNumber: return row.assetNumber;
    case Agent: return row.agentName;
    default: return {};
    }
}

QString DeviceTableModel::toolTip(const DeviceRow& row, int column) const
{
    switch (column) {
    case State: return tr("%1, last seen %2").arg(text(row, State), widgets::exactTime(row.lastSeenAt));
    case LowestSupply: return row.lowestSupply ? tr("%1: %2").arg(widgets::supplyName(*row.lowestSupply), widgets::levelText(*row.lowestSupply)) : tr("This device reports no supply levels.");
    case LastSeen: return widgets::exactTime(row.lastSeenAt);
    case TotalMeter: return {};
    default: return text(row, column);
    }
}

QStringList DeviceTableModel::texts(const DeviceRow& row, const QList<int>& columns) const
{
    QStringList texts;
    for (const int column : columns) {
        // A spreadsheet wants plain numbers and exact times.
        if (column == TotalMeter)
            texts.append(row.totalMeter ? QString::number(*row.totalMeter) : QString());
        else if (column == LastSeen)
            texts.append(widgets::exactTime(row.lastSeenAt));
        else
            texts.append(text(row, column).replace(u'\t', u' '));
    }
    return texts;
}

} // namespace platen::console
