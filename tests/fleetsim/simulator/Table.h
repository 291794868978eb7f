// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Ber.h"

#include <vector>

namespace platen::fleetsim {

/// All objects of one simulated device, in order, each with its bytes ready to send.
class Table {
public:
    explicit Table(const snmp::Answers& objects);

    /// The answer to a v1 or v2c request, as an SNMP agent with these objects gives it (RFC 3416; v1 errors by RFC 1157):
    /// GET with noSuchObject or noSuchInstance, GETNEXT and GETBULK with endOfMibView. A GETBULK stops before 1,472 bytes.
    QByteArray answer(const Request& request) const;

private:
    struct Entry {
        snmp::Oid oid;
        QByteArray varBind;
        bool isCounter64; ///< v1 cannot see these (RFC 3584)
    };

    using Position = std::vector<Entry>::const_iterator;
    Position after(const snmp::Oid& oid, int version) const;
    QByteArray get(const Request& request) const;
    QByteArray getNext(const Request& request) const;
    QByteArray getBulk(const Request& request) const;

    std::vector<Entry> m_entries;
};

} // namespace platen::fleetsim
