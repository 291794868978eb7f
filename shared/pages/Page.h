// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <profiles/Catalogue.h>

#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QRegularExpression>
#include <QString>

namespace platen::pages {

/// How one value is found in a document: exactly one of XPath, JSON pointer or pattern; a pattern may also narrow what the
/// others found. Its first group is the value.
struct Extractor {
    enum class Kind { XPath, Pointer, Pattern };

    Kind kind = Kind::Pattern;
    QString expression; ///< of XPath or Pointer
    QRegularExpression pattern; ///< empty: what was found, whole
    QMap<QString, QString> words; ///< when set: what the device says → what it means; anything else is no value
};

/// One value of a page, by its path in a reading: "identity.serialNumber", "meters.total", "status.display"; in rows by the
/// field of model::Supply: "color", "level", …
struct Field {
    QString path;
    Extractor extractor;
};

/// Supplies, one a row.
struct Rows {
    Extractor each;
    QList<Field> fields;

    bool gives(const QString& field) const;
};

/// One page of a device's own web server, and what stands in it.
struct Page {
    QString url; ///< path and query only: "/DevMgmt/ProductUsageDyn.xml"
    QString meterUnit; ///< of its meters: "impressions" or "sheets"
    QList<Field> values;
    std::optional<Rows> supplies;

    bool gives(const QString& path) const; ///< "supplies.level" for a field of its rows
};

/// The section "pages" of the profile `file`; an undefined section is an empty list. README.md has the schema. Fails with
/// InvalidInput: the sentence names the file and the key.
Result<QList<Page>> parsePages(const QString& file, const QJsonValue& section);

/// By profile id.
using PageBook = QMap<QString, QList<Page>>;

/// The pages of all profiles; fails as parsePages does.
Result<PageBook> pagesOf(const profiles::Catalogue& catalogue);

} // namespace platen::pages
