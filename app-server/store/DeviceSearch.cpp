// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceSearch.h"

#include <storage/Query.h>

#include <QHostAddress>

using namespace Qt::StringLiterals;

namespace platen::store {

Status indexDevice(QSqlDatabase db, qint64 deviceId)
{
    auto row = storage::query(db,
        u"SELECT address, manufacturer, model, serial, location, asset_number FROM device WHERE id = ?"_s, {deviceId});
    if (!row)
        return fail(row.error());
    if (!row->next())
        return fail(ErrorCode::NotFound, u"there is no device %1"_s.arg(deviceId));
    QStringList words;
    for (const int column : {1, 2, 3, 0, 4, 5})
        words.append(row->value(column).toString());
    const QString address = row->value(0).toString();
    row->finish();

    const auto stored = storage::execute(db,
        u"INSERT INTO device_search (device_id, text, address_key) VALUES (?, ?, ?) ON CONFLICT (device_id) DO UPDATE"
        " SET text = excluded.text, address_key = excluded.address_key"
        " WHERE device_search.text <> excluded.text OR device_search.address_key IS DISTINCT FROM excluded.address_key"_s,
        {deviceId, words.join(u' ').toLower(), storage::orNull(addressKey(address))});
    if (!stored)
        return fail(stored.error());
    return {};
}

QString addressKey(const QString& address)
{
    const QHostAddress host(address);
    if (host.isNull())
        return {};
    const Q_IPV6ADDR bits = host.toIPv6Address(); // of an IPv4 address its mapped form
    return QString::fromLatin1(QByteArray(reinterpret_cast<const char*>(bits.c), 16).toHex());
}

} // namespace platen::store
