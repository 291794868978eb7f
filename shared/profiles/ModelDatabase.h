// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace platen::profiles {

/// "hp.laserjet-4250": maker and model in lower case, everything but letters and digits as one hyphen, "+" spelled out, without
/// "series" or "printer" at the end. Depends on nothing but the two texts: what a printer is called stays when databases and
/// profiles grow. Empty for an empty model; a maker that is not known is "unknown".
QString modelIdOf(const QString& maker, const QString& model);

/// What is known of a model without asking the printer.
struct KnownModel {
    std::optional<bool> color; ///< nothing: not known
};

/// Models of printers by their id, from foomatic-db and resources/models: see resources/models/README.md. Constant, and costs
/// no memory but its resource.
class ModelDatabase {
public:
    /// Of the resource built in; empty when there is none.
    static ModelDatabase builtIn();
    /// `lines`: "id\tc\n" (colour), "id\tm\n" (black only) or "id\t?\n", sorted by the bytes of the ids, which are UTF-8.
    /// They must outlive the database.
    explicit ModelDatabase(QByteArrayView lines = {})
        : m_lines(lines)
    {
    }

    std::optional<KnownModel> find(const QString& modelId) const;

private:
    QByteArrayView m_lines;
};

} // namespace platen::profiles
