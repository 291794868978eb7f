// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Browser.h"

#include <QHash>
#include <QSet>

namespace platen::dnssd {

/// What was heard on one link so far, and what is still to be asked. No I/O.
class Findings {
public:
    explicit Findings(Link link);

    /// The questions a search begins with: the three kinds of service.
    static QList<Question> firstQuestions();

    /// Takes a packet from `sender`; what is hostile, foreign or too much is left out.
    void hear(const QHostAddress& sender, QByteArrayView packet);
    /// What services that were heard of still lack: place, text, address.
    QList<Question> openQuestions() const;
    /// Those with a place and an address on the link.
    QList<Service> services() const;

private:
    void take(const Record& record);
    void takeAddress(const QString& host, QHostAddress address);

    Link m_link;
    QHash<QHostAddress, int> m_packets;
    qsizetype m_records = 0;
    QMap<QString, Record> m_instances; ///< what named them, by their name in lower case
    QMap<QString, Record> m_places, m_texts;
    QMultiMap<QString, QHostAddress> m_addresses;
};

} // namespace platen::dnssd
