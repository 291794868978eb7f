// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Page.h"

#include <QByteArrayView>

#include <memory>

namespace platen::pages {

/// A page as it came, looked into by extractors: XML, HTML (whatever is not XML), JSON or plain text. Nothing is fetched, no
/// entity of the document's own is expanded, no script run; evaluation stops at a fixed number of steps.
class Document {
public:
    explicit Document(QByteArrayView bytes);
    ~Document();

    /// The first value, white space tidied, at most 255 characters; empty when there is none.
    QString text(const Extractor& extractor) const;
    /// The fields of each row, by path; at most 200 rows.
    QList<QMap<QString, QString>> rows(const Rows& rows) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

/// Is it an XPath 1.0 expression?
bool isXPath(const QString& expression);

/// A regular expression that gives up on a text that would take it forever.
QRegularExpression boundedPattern(const QString& pattern);

} // namespace platen::pages
