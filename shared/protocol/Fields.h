// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>
#include <base/Result.h>

#include <QByteArray>
#include <QCborArray>
#include <QCborMap>
#include <QString>

#include <optional>

namespace platen::protocol {

/// Takes fields out of a decoded map, one after the other, and keeps the first thing that is wrong; a reader asks
/// `failure` once at the end. After a failure the values are empty.
class Fields {
public:
    /// `message` names the message in the error: "HELLO".
    Fields(QString message, QCborMap map);

    QByteArray bytes(QLatin1StringView name, qsizetype size); ///< exactly `size`
    QByteArray bytesUpTo(QLatin1StringView name, qsizetype most);
    QByteArray optionalBytes(QLatin1StringView name, qsizetype size); ///< empty when absent or null
    QString text(QLatin1StringView name, qsizetype mostBytes);
    QString optionalText(QLatin1StringView name, qsizetype mostBytes);
    quint64 number(QLatin1StringView name, quint64 most); ///< 0 … most
    Instant instant(QLatin1StringView name);
    std::optional<Instant> optionalInstant(QLatin1StringView name);
    std::optional<qint64> optionalInteger(QLatin1StringView name, qint64 least, qint64 most);
    std::optional<double> optionalReal(QLatin1StringView name, double least, double most); ///< an integer will do
    std::optional<bool> optionalBool(QLatin1StringView name);
    QCborMap map(QLatin1StringView name);
    QCborMap optionalMap(QLatin1StringView name); ///< empty when absent or null
    QCborArray optionalArray(QLatin1StringView name, qsizetype most);

    /// Makes the failure of a map inside this one its own.
    void adopt(const Fields& inner);

    void refuse(QLatin1StringView name, const QString& what, ErrorCode code = ErrorCode::Malformed);
    const std::optional<Error>& failure() const { return m_failure; }

private:
    bool has(QLatin1StringView name) const;

    QString m_message;
    QCborMap m_map;
    std::optional<Error> m_failure;
};

} // namespace platen::protocol
