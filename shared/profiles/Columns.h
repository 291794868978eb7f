// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"

#include <snmp/Value.h>

#include <QMap>

#include <optional>

namespace platen::profiles {

/// Looks into answers by column and index.
class Columns {
public:
    explicit Columns(const snmp::Answers& answers)
        : m_answers(answers)
    {
    }

    /// The instances of a column by index, in order; at most `limit`.
    QMap<snmp::Oid, snmp::Value> of(const snmp::Oid& column, int limit = 500) const;

    /// Their indices alone.
    QList<snmp::Oid> rowsOf(const snmp::Oid& column, int limit = 500) const;

    /// The indices of a table's rows: those that any of its columns has, at most `limit`. Rows of other devices go when the
    /// printer has rows of its own; some printers use index 0 whatever hrDeviceTable says, so without any of its own the others stay.
    QList<snmp::Oid> rowsOf(const QList<snmp::Oid>& table, quint32 device, int limit = 500) const;

    bool hasBelow(const snmp::Oid& root) const;

    /// Null where there is none.
    const snmp::Value& at(const snmp::Oid& object) const;
    const snmp::Value& at(const snmp::Oid& column, const snmp::Oid& index) const { return at(column + index); }
    /// The object a profile means. Some printers use another index (0) in the Printer MIB than in hrDeviceTable: their first
    /// row then.
    snmp::Oid oidOf(const ObjectRef& object, quint32 device) const;
    const snmp::Value& at(const ObjectRef& object, quint32 device) const { return at(oidOf(object, device)); }
    std::optional<qint64> number(const snmp::Oid& column, const snmp::Oid& index) const;

    const snmp::Answers& answers() const { return m_answers; }

private:
    const snmp::Answers& m_answers;
};

} // namespace platen::profiles
