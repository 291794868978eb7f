// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QHostAddress>
#include <QList>
#include <QMap>

namespace platen::dnssd {

/// One question of a query (RFC 6762): a name and a type.
struct Question {
    enum class Type : quint16 { A = 1, Ptr = 12, Txt = 16, Aaaa = 28, Srv = 33 };

    QString name; ///< with the dot at its end
    Type type = Type::Ptr;

    bool operator==(const Question&) const = default;
};

/// One record of an answer, of the types that name services. Names end with a dot, and are in lower case where records are told by them.
struct Record {
    QString name;
    Question::Type type = Question::Type::Ptr;
    QString target; ///< of Ptr and Srv, as written
    quint16 port = 0; ///< of Srv
    QHostAddress address; ///< of A and Aaaa
    QMap<QString, QString> text; ///< of Txt: keys in lower case (RFC 6763 §6)
};

/// A legacy unicast query (RFC 6762 §5.1), as bytes.
QByteArray query(const QList<Question>& questions);

/// The records of an answer. Fails with Malformed for what is no answer, LimitExceeded for more than 9,000 bytes or 128
/// records. Pure; any bytes will do.
Result<QList<Record>> parse(QByteArrayView packet);

} // namespace platen::dnssd
