// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Page.h"

#include "Document.h"

#include <profiles/ProfileParser.h>

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::pages {

namespace {

const QStringList identityPaths{u"identity.model"_s, u"identity.serialNumber"_s, u"identity.firmware"_s,
    u"identity.assetNumber"_s, u"identity.location"_s, u"identity.mac"_s, u"identity.description"_s};
const QStringList supplyFields{u"name"_s, u"kind"_s, u"color"_s, u"level"_s, u"serialNumber"_s};

/// Keeps the first error; what is read after it does not matter any more.
class Parser {
public:
    explicit Parser(QString file)
        : m_file(std::move(file))
        , m_paths(identityPaths)
    {
        m_paths += u"status.display"_s;
        for (const QString& name : profiles::meterNames())
            m_paths += u"meters."_s + name;
    }

    Result<QList<Page>> pages(const QJsonValue& section)
    {
        if (!section.isUndefined() && !section.isArray())
            refuse(u"pages"_s, u"a list must stand here"_s);
        QList<Page> pages;
        const QJsonArray items = section.toArray();
        for (qsizetype i = 0; i < items.size(); ++i)
            pages += page(items[i], u"pages[%1]"_s.arg(i));
        if (!m_error.isEmpty())
            return fail(ErrorCode::InvalidInput, m_error);
        return pages;
    }

private:
    void refuse(const QString& key, const QString& reason)
    {
        if (m_error.isEmpty())
            m_error = u"The profile %1 is wrong at '%2': %3."_s.arg(m_file, key, reason);
    }

    QJsonObject object(const QJsonValue& value, const QString& where, const QStringList& keys)
    {
        if (!value.isObject())
            refuse(where, u"an object must stand here"_s);
        const QJsonObject object = value.toObject();
        for (const QString& key : object.keys()) {
            if (!keys.contains(key))
                refuse(where + u'.' + key, u"there is no such key, use one of %1"_s.arg(keys.join(u", "_s)));
        }
        return object;
    }

    Page page(const QJsonValue& value, const QString& where)
    {
        const QJsonObject item = object(value, where, {u"url"_s, u"known"_s, u"unit"_s, u"values"_s, u"supplies"_s});
        Page page;
        page.url = item.value(u"url"_s).toString();
        static const QRegularExpression path(u"^/(?!/)[!-~]{0,255}$"_s);
        if (!path.match(page.url).hasMatch())
            refuse(where + u".url"_s, u"a path on the device must stand here, such as \"/status.xml\""_s);
        if (item.contains(u"known"_s) && item.value(u"known"_s).toString().isEmpty())
            refuse(where + u".known"_s, u"a text that says where the page is known from must stand here"_s);
        page.meterUnit = item.value(u"unit"_s).toString(u"impressions"_s);
        if (page.meterUnit != "impressions"_L1 && page.meterUnit != "sheets"_L1)
            refuse(where + u".unit"_s, u"use one of impressions, sheets"_s);
        if (item.contains(u"values"_s))
            page.values = fields(item.value(u"values"_s), where + u".values"_s, m_paths);
        if (item.contains(u"supplies"_s))
            page.supplies = rows(item.value(u"supplies"_s), where + u".supplies"_s);
        if (page.values.isEmpty() && !page.supplies)
            refuse(where, u"a page without values or supplies reads nothing"_s);
        return page;
    }

    Rows rows(const QJsonValue& value, const QString& where)
    {
        const QJsonObject item = object(value, where, {u"each"_s, u"fields"_s});
        Rows rows{extractor(item.value(u"each"_s), where + u".each"_s, true),
            fields(item.value(u"fields"_s), where + u".fields"_s, supplyFields)};
        for (const Field& field : rows.fields) {
            if (field.extractor.kind != rows.each.kind)
                refuse(u"%1.fields.%2"_s.arg(where, field.path),
                    u"look into a row by the same means as the rows are found by"_s);
        }
        return rows;
    }

    QList<Field> fields(const QJsonValue& value, const QString& where, const QStringList& known)
    {
        const QJsonObject item = object(value, where, known);
        QList<Field> fields;
        for (auto it = item.begin(); it != item.end(); ++it)
            fields += {it.key(), extractor(it.value(), where + u'.' + it.key(), false)};
        return fields;
    }

    Extractor extractor(const QJsonValue& value, const QString& where, bool isRows)
    {
        const QJsonObject item = object(value, where,
            isRows ? QStringList{u"xpath"_s, u"pointer"_s, u"pattern"_s}
                   : QStringList{u"xpath"_s, u"pointer"_s, u"pattern"_s, u"words"_s});
        Extractor extractor;
        const QString xpath = item.value(u"xpath"_s).toString(), pointer = item.value(u"pointer"_s).toString();
        const QString pattern = item.value(u"pattern"_s).toString();
        const int means = int(item.contains(u"xpath"_s)) + int(item.contains(u"pointer"_s));
        if (means > 1 || (means == 0 && pattern.isEmpty()) || (isRows && means == 1 && !pattern.isEmpty()))
            refuse(where, u"one of xpath, pointer, pattern must say where the value stands"_s);
        if (item.contains(u"xpath"_s)) {
            extractor.kind = Extractor::Kind::XPath;
            extractor.expression = xpath;
            if (!isXPath(xpath))
                refuse(where + u".xpath"_s, u"'%1' is no XPath 1.0 expression"_s.arg(xpath));
        } else if (item.contains(u"pointer"_s)) {
            extractor.kind = Extractor::Kind::Pointer;
            extractor.expression = pointer;
            if (!pointer.startsWith(u'/'))
                refuse(where + u".pointer"_s,
                    u"'%1' is no JSON pointer (RFC 6901), such as \"/status/serial\""_s.arg(pointer));
        }
        if (item.contains(u"pattern"_s)) {
            extractor.pattern = boundedPattern(pattern);
            if (pattern.isEmpty() || !extractor.pattern.isValid())
                refuse(where + u".pattern"_s,
                    u"'%1' is no regular expression (%2)"_s.arg(pattern, extractor.pattern.errorString()));
        }
        readWords(item, where, extractor);
        return extractor;
    }

    void readWords(const QJsonObject& item, const QString& where, Extractor& extractor)
    {
        if (!item.contains(u"words"_s))
            return;
        const QJsonObject words = item.value(u"words"_s).toObject();
        if (words.isEmpty())
            refuse(where + u".words"_s, u"an object of what the device says and what it means must stand here"_s);
        for (auto it = words.begin(); it != words.end(); ++it) {
            if (it.value().toString().isEmpty())
                refuse(u"%1.words.%2"_s.arg(where, it.key()), u"a text that is not empty must stand here"_s);
            extractor.words.insert(it.key(), it.value().toString());
        }
    }

    QString m_file;
    QStringList m_paths;
    QString m_error;
};

} // namespace

bool Rows::gives(const QString& field) const { return std::ranges::contains(fields, field, &Field::path); }

bool Page::gives(const QString& path) const
{
    if (path.startsWith("supplies"_L1))
        return supplies && (path == "supplies"_L1 ? supplies->gives(u"kind"_s) : supplies->gives(path.sliced(9)));
    return std::ranges::contains(values, path, &Field::path);
}

Result<QList<Page>> parsePages(const QString& file, const QJsonValue& section) { return Parser(file).pages(section); }

Result<PageBook> pagesOf(const profiles::Catalogue& catalogue)
{
    PageBook book;
    for (const profiles::Profile& profile : catalogue.profiles()) {
        const Result<QList<Page>> pages = parsePages(profile.id + u".json"_s, profile.pages);
        if (!pages)
            return fail(pages.error());
        book.insert(profile.id, *pages);
    }
    return book;
}

} // namespace platen::pages
