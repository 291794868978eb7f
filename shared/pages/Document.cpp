// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Document.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUtf8StringView>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

using namespace Qt::StringLiterals;

namespace platen::pages {

namespace {

constexpr qsizetype maxText = 255;
constexpr qsizetype maxRows = 200;
constexpr unsigned long maxSteps = 2'000'000; // of XPath, for all values and rows of one document

template <auto Free>
struct Freeing {
    template <typename T>
    void operator()(T* thing) const
    {
        Free(thing);
    }
};
using Xml = std::unique_ptr<xmlDoc, Freeing<xmlFreeDoc>>;
using Context = std::unique_ptr<xmlXPathContext, Freeing<xmlXPathFreeContext>>;
using Found = std::unique_ptr<xmlXPathObject, Freeing<xmlXPathFreeObject>>;

// Errors in strangers' documents are no news: nothing goes to stderr.
void ignoreError(void*, const xmlError*) { }

QString tidy(const QString& text) { return text.simplified().left(maxText); }

// What text can be searched with a pattern, whatever the page's charset is said to be.
QString plain(QByteArrayView bytes)
{
    return QUtf8StringView(bytes.data(), bytes.size()).isValidUtf8() ? QString::fromUtf8(bytes)
                                                                     : QString::fromLatin1(bytes);
}

QString narrowed(const QRegularExpression& pattern, const QString& text)
{
    if (pattern.pattern().isEmpty())
        return text;
    const QRegularExpressionMatch match = pattern.match(text);
    return match.hasMatch() ? match.captured(match.lastCapturedIndex() > 0 ? 1 : 0) : QString();
}

// What the extractor's words make of a text.
QString meant(const Extractor& extractor, const QString& text)
{
    const QString tidied = tidy(text);
    return extractor.words.isEmpty() ? tidied : extractor.words.value(tidied);
}

// Namespaces' prefixes differ by firmware: a profile names elements without them.
void dropNamespaces(xmlDoc* document)
{
    xmlNode* node = xmlDocGetRootElement(document);
    while (node) {
        if (node->type == XML_ELEMENT_NODE) {
            node->ns = nullptr;
            for (xmlAttr* attribute = node->properties; attribute; attribute = attribute->next)
                attribute->ns = nullptr;
        }
        xmlNode* next = node->type == XML_ELEMENT_NODE ? node->children : nullptr;
        while (node && !next) {
            next = node->next;
            if (!next)
                node = node->parent;
        }
        node = next;
    }
}

Xml parsedXml(QByteArrayView bytes)
{
    const auto size = static_cast<int>(std::min<qsizetype>(bytes.size(), 1 << 24));
    const bool isXml = plain(bytes.first(std::min<qsizetype>(bytes.size(), 64)))
                           .trimmed()
                           .remove(QChar(0xfeff))
                           .startsWith("<?xml"_L1);
    if (!isXml)
        return Xml(htmlReadMemory(bytes.data(), size, nullptr, nullptr,
            HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_COMPACT));
    if (bytes.contains(QByteArrayView("<!ENTITY"))) // no printer has any; whoever has them wants them to grow
        return {};
    Xml document(xmlReadMemory(bytes.data(), size, nullptr, nullptr,
        XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_COMPACT));
    if (document && document->intSubset && document->intSubset->entities)
        return {}; // in a charset that hides the word
    if (document)
        dropNamespaces(document.get());
    return document;
}

QString textOf(const xmlXPathObject* found)
{
    if (!found || (found->type == XPATH_NODESET && xmlXPathNodeSetIsEmpty(found->nodesetval)))
        return {};
    const std::unique_ptr<xmlChar, decltype(xmlFree)> text(found->type == XPATH_NODESET
            ? xmlXPathCastNodeToString(found->nodesetval->nodeTab[0])
            : xmlXPathCastToString(const_cast<xmlXPathObject*>(found)),
        xmlFree);
    return text ? QString::fromUtf8(reinterpret_cast<const char*>(text.get())) : QString();
}

// RFC 6901; undefined when there is nothing at that place.
QJsonValue at(QJsonValue value, const QString& pointer)
{
    const QStringList tokens = pointer.split(u'/').sliced(1);
    for (QString token : tokens) {
        token.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
        if (value.isObject()) {
            value = value.toObject().value(token);
        } else {
            bool isNumber = false;
            const uint index = token.toUInt(&isNumber);
            value = value.isArray() && isNumber ? value.toArray().at(index) : QJsonValue(QJsonValue::Undefined);
        }
    }
    return value;
}

QString textOf(const QJsonValue& value)
{
    return value.isString() || value.isDouble() || value.isBool() ? value.toVariant().toString() : QString();
}

} // namespace

/// Parses as what the first extractor needs, once.
class Document::Private {
public:
    explicit Private(QByteArrayView b)
        : bytes(b)
    {
    }

    /// One row, or all of the document.
    struct Part {
        xmlNode* node = nullptr;
        QJsonValue json;
        QString text;
    };

    xmlDoc* xml()
    {
        if (!m_isXmlParsed)
            m_xml = parsedXml(bytes);
        m_isXmlParsed = true;
        return m_xml.get();
    }

    const QJsonValue& json()
    {
        if (m_json.isUndefined()) {
            const QJsonDocument document = QJsonDocument::fromJson(bytes.toByteArray());
            m_json = document.isArray() ? QJsonValue(document.array())
                : document.isObject()   ? QJsonValue(document.object())
                                        : QJsonValue(QJsonValue::Null);
        }
        return m_json;
    }

    Part whole(Extractor::Kind kind)
    {
        switch (kind) {
        case Extractor::Kind::XPath:
            return {reinterpret_cast<xmlNode*>(xml()), {}, {}};
        case Extractor::Kind::Pointer:
            return {nullptr, json(), {}};
        case Extractor::Kind::Pattern:
            return {nullptr, {}, plain(bytes)};
        }
        return {};
    }

    Found evaluate(xmlNode* node, const QString& expression)
    {
        if (!node || m_stepsLeft == 0)
            return {};
        const Context context(xmlXPathNewContext(xml()));
        context->opLimit = m_stepsLeft;
        context->error = reinterpret_cast<xmlStructuredErrorFunc>(&ignoreError);
        Found found(
            xmlXPathNodeEval(node, reinterpret_cast<const xmlChar*>(expression.toUtf8().constData()), context.get()));
        m_stepsLeft -= std::min(m_stepsLeft, context->opCount);
        return found;
    }

    QString text(const Extractor& extractor, const Part& part)
    {
        switch (extractor.kind) {
        case Extractor::Kind::XPath:
            return meant(
                extractor, narrowed(extractor.pattern, textOf(evaluate(part.node, extractor.expression).get())));
        case Extractor::Kind::Pointer:
            return meant(extractor, narrowed(extractor.pattern, textOf(at(part.json, extractor.expression))));
        case Extractor::Kind::Pattern:
            return meant(extractor, narrowed(extractor.pattern, part.text));
        }
        return {};
    }

    QList<Part> parts(const Extractor& each)
    {
        QList<Part> parts;
        const Part all = whole(each.kind);
        if (each.kind == Extractor::Kind::XPath) {
            m_rows = evaluate(all.node, each.expression);
            const bool isSet = m_rows && m_rows->type == XPATH_NODESET && m_rows->nodesetval;
            for (int i = 0; isSet && i < m_rows->nodesetval->nodeNr && parts.size() < maxRows; ++i)
                parts += Part{m_rows->nodesetval->nodeTab[i], {}, {}};
        } else if (each.kind == Extractor::Kind::Pointer) {
            const QJsonArray rows = at(all.json, each.expression).toArray();
            for (qsizetype i = 0; i < std::min(rows.size(), maxRows); ++i)
                parts += Part{nullptr, rows[i], {}};
        } else {
            auto matches = each.pattern.globalMatch(all.text);
            while (matches.hasNext() && parts.size() < maxRows)
                parts += Part{nullptr, {}, matches.next().captured(0)};
        }
        return parts;
    }

    QByteArrayView bytes;

private:
    unsigned long m_stepsLeft = maxSteps;
    bool m_isXmlParsed = false;
    Xml m_xml;
    Found m_rows;
    QJsonValue m_json = QJsonValue::Undefined;
};

Document::Document(QByteArrayView bytes)
    : d(std::make_unique<Private>(bytes))
{
}

Document::~Document() = default;

QString Document::text(const Extractor& extractor) const { return d->text(extractor, d->whole(extractor.kind)); }

QList<QMap<QString, QString>> Document::rows(const Rows& rows) const
{
    QList<QMap<QString, QString>> list;
    for (const Private::Part& part : d->parts(rows.each)) {
        QMap<QString, QString> fields;
        for (const Field& field : rows.fields) {
            if (const QString text = d->text(field.extractor, part); !text.isEmpty())
                fields.insert(field.path, text);
        }
        list += fields;
    }
    return list;
}

bool isXPath(const QString& expression)
{
    const Context context(xmlXPathNewContext(nullptr));
    context->error = reinterpret_cast<xmlStructuredErrorFunc>(&ignoreError);
    const std::unique_ptr<xmlXPathCompExpr, Freeing<xmlXPathFreeCompExpr>> compiled(
        xmlXPathCtxtCompile(context.get(), reinterpret_cast<const xmlChar*>(expression.toUtf8().constData())));
    return compiled != nullptr;
}

QRegularExpression boundedPattern(const QString& pattern)
{
    return QRegularExpression(u"(*LIMIT_MATCH=200000)"_s + pattern,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
}

} // namespace platen::pages
