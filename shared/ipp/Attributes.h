// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QMap>
#include <QStringList>
#include <QUrl>

#include <optional>

namespace platen::ipp {

/// One value of an attribute (RFC 8011 §5.1), of the kinds we can use.
struct Value {
    enum class Type { Number, Boolean, Text };

    Type type = Type::Text;
    qint64 number = 0; ///< of integer, enum; 0 or 1 of boolean
    QByteArray octets; ///< of text, name, keyword, uri and octetString, as they came

    bool operator==(const Value&) const = default;
};

/// The printer attributes of an answer. Members of a collection stand as "attribute/member".
class Attributes {
public:
    quint16 status = 0; ///< status-code (RFC 8011 §4.1.8)
    quint32 requestId = 0;
    QMap<QString, QList<Value>> values;

    bool isSuccess() const { return status < 0x0100; }
    QString text(const QString& name) const; ///< the first; empty when it is no text
    QStringList texts(const QString& name) const; ///< all, empty ones too
    std::optional<qint64> number(const QString& name) const;
    std::optional<bool> boolean(const QString& name) const;
};

/// A Get-Printer-Attributes request for what COLLECTION.md names, IPP/1.1 (which every version understands).
QByteArray getPrinterAttributes(const QUrl& printer, quint32 requestId);

/// An answer as bytes (RFC 8010). Fails with Malformed or LimitExceeded (more than 256 KiB, 4,000 values, collections more
/// than 4 deep). Pure; any bytes will do.
Result<Attributes> parse(QByteArrayView answer);

} // namespace platen::ipp
