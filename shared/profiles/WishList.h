// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Catalogue.h"
#include "Columns.h"

#include <snmp/Heard.h>

#include <QSet>

#include <functional>

namespace platen::profiles {

/// How much a value is thought to take in an answer, in bytes without its name.
namespace wishSize {
inline constexpr int number = 3;
inline constexpr int text = 24;
} // namespace wishSize

/// What is still to be asked of a device, as chains of objects. The ways to wish look whether it is known already and say whether
/// all of it is; `bytes` is what each value is thought to take.
class WishList {
public:
    using Chain = snmp::Chain;
    using Oid = snmp::Oid;

    /// `heard` must outlive it. `device`: the printer's hrDeviceIndex.
    WishList(const snmp::Heard& heard, quint32 device);

    bool object(const Oid& object, int bytes);
    /// Of the printer's own index; where the device has none at it, its first row counts (Columns::oidOf).
    bool own(const Oid& column, int bytes);
    bool referred(const ObjectRef& reference, int bytes);
    /// All of a column; `rows` are thought to be left of it, those of `expected` among them.
    bool column(const Oid& root, int rows, int bytes, const QList<Oid>& expected = {});
    /// Objects that follow each other, known ones among them.
    bool cells(const QList<Oid>& objects, int bytes);
    bool cells(const Oid& column, const QList<Oid>& rows, int bytes);
    /// `columns` stand side by side; of those `rows` that are not known.
    bool table(const QList<Oid>& columns, const QList<Oid>& rows, int bytes);
    void wish(const Chain& chain);
    /// Rows of a table that any of its columns shows, as interpret() counts them.
    QList<Oid> rowsOf(const QList<Oid>& table) const { return m_columns.rowsOf(table, m_device); }
    /// The first choice; when that gives nothing, all the others at once. True: one that counts is known.
    bool firstOf(const QList<ValueSource>& sources, const std::function<bool(const ValueSource&)>& counts);

    const QList<Chain>& chains() const { return m_chains; }
    bool names(const Oid& object) const { return m_cells.contains(object); }

protected:
    const snmp::Heard& m_heard;
    const Columns m_columns;
    const quint32 m_device;

private:
    QList<Chain> m_chains;
    QSet<Oid> m_wished; ///< what they start behind
    QSet<Oid> m_cells;  ///< what they name
};

} // namespace platen::profiles
