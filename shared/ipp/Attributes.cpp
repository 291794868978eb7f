// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Attributes.h"

#include <cups/ipp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

using namespace Qt::StringLiterals;

namespace platen::ipp {

namespace {

constexpr qsizetype maxBytes = 256 * 1024;
constexpr int maxValues = 4'000;
constexpr int maxDepth = 4;
constexpr qsizetype maxText = 1'023; // octets, the longest text IPP allows

using Message = std::unique_ptr<ipp_t, decltype(&ippDelete)>;

Message message(ipp_t* message) { return Message(message, &ippDelete); }

// What COLLECTION.md names; nothing of jobs, documents or users.
constexpr std::array wanted{"printer-make-and-model", "printer-info", "printer-device-id", "printer-serial-number",
    "printer-firmware-name", "printer-firmware-string-version", "printer-location", "printer-geo-location",
    "printer-uuid", "printer-state", "printer-state-reasons", "printer-state-message", "printer-alert",
    "printer-alert-description", "printer-supply", "printer-supply-description", "marker-names", "marker-levels",
    "marker-types", "marker-colors", "color-supported", "printer-impressions-completed",
    "printer-impressions-completed-col", "printer-media-sheets-completed"};

/// Bytes on their way into or out of libcups.
struct Bytes {
    QByteArray all;
    qsizetype at = 0;

    static ssize_t read(void* context, ipp_uchar_t* buffer, size_t length)
    {
        auto* bytes = static_cast<Bytes*>(context);
        const qsizetype count = std::min(static_cast<qsizetype>(length), bytes->all.size() - bytes->at);
        std::memcpy(buffer, bytes->all.constData() + bytes->at, static_cast<size_t>(count));
        bytes->at += count;
        return count;
    }

    static ssize_t write(void* context, ipp_uchar_t* buffer, size_t length)
    {
        static_cast<Bytes*>(context)->all.append(reinterpret_cast<const char*>(buffer), static_cast<qsizetype>(length));
        return static_cast<ssize_t>(length);
    }
};

quint16 big16(QByteArrayView bytes)
{
    return static_cast<quint16>(static_cast<uchar>(bytes[0]) << 8 | static_cast<uchar>(bytes[1]));
}

// libcups reads collections by recursion and takes any number of values: so the frame of an answer is walked first.
Status checkFrame(QByteArrayView bytes)
{
    constexpr qsizetype header = 8;
    constexpr uchar endOfAttributes = 0x03, firstValueTag = 0x10, beginCollection = 0x34, endCollection = 0x37;
    const auto broken = [] { return fail(ErrorCode::Malformed, u"The answer is no IPP message."_s); };
    if (bytes.size() > maxBytes)
        return fail(ErrorCode::LimitExceeded, u"The IPP answer is larger than 256 KiB."_s);
    if (bytes.size() < header || bytes[0] < 1 || bytes[0] > 2)
        return broken();
    int values = 0, depth = 0;
    for (qsizetype at = header; at < bytes.size();) {
        const auto tag = static_cast<uchar>(bytes[at++]);
        if (tag == endOfAttributes)
            return {};
        if (tag < firstValueTag)
            continue;
        for (int part = 0; part < 2; ++part) { // name, value
            if (at + 2 > bytes.size())
                return broken();
            at += 2 + big16(bytes.sliced(at, 2));
        }
        depth += tag == beginCollection ? 1 : tag == endCollection ? -1 : 0;
        if (++values > maxValues || depth > maxDepth)
            return fail(ErrorCode::LimitExceeded, u"The IPP answer has too many or too deeply nested values."_s);
        if (depth < 0)
            return broken();
    }
    return broken();
}

QByteArray cutText(const char* text)
{
    return QByteArray(text, static_cast<qsizetype>(text ? qstrnlen(text, maxText) : 0));
}

std::optional<Value> valueOf(ipp_attribute_t* attribute, int index)
{
    switch (ippGetValueTag(attribute)) {
    case IPP_TAG_INTEGER:
    case IPP_TAG_ENUM:
        return Value{Value::Type::Number, ippGetInteger(attribute, index), {}};
    case IPP_TAG_BOOLEAN:
        return Value{Value::Type::Boolean, ippGetBoolean(attribute, index), {}};
    case IPP_TAG_STRING: {
        int length = 0;
        const auto* octets = static_cast<const char*>(ippGetOctetString(attribute, index, &length));
        return Value{Value::Type::Text, 0, QByteArray(octets, octets ? std::min<qsizetype>(length, maxText) : 0)};
    }
    case IPP_TAG_TEXT:
    case IPP_TAG_TEXTLANG:
    case IPP_TAG_NAME:
    case IPP_TAG_NAMELANG:
    case IPP_TAG_KEYWORD:
    case IPP_TAG_URI:
        return Value{Value::Type::Text, 0, cutText(ippGetString(attribute, index, nullptr))};
    default:
        return std::nullopt; // unknown, no-value and what we do not ask for
    }
}

void take(ipp_attribute_t* attribute, const QString& prefix, Attributes& attributes)
{
    const char* given = ippGetName(attribute);
    if (!given)
        return;
    const QString name = prefix + QString::fromUtf8(given);
    const int count = ippGetCount(attribute);
    if (ippGetValueTag(attribute) == IPP_TAG_BEGIN_COLLECTION) {
        ipp_t* members = prefix.isEmpty() && count > 0 ? ippGetCollection(attribute, 0) : nullptr;
        for (ipp_attribute_t* member = members ? ippFirstAttribute(members) : nullptr; member;
            member = ippNextAttribute(members))
            take(member, name + u'/', attributes);
        return;
    }
    QList<Value> values;
    for (int i = 0; i < count; ++i) {
        if (const std::optional<Value> value = valueOf(attribute, i))
            values += *value;
    }
    if (!values.isEmpty() && !attributes.values.contains(name))
        attributes.values.insert(name, values);
}

} // namespace

QString Attributes::text(const QString& name) const { return texts(name).value(0); }

QStringList Attributes::texts(const QString& name) const
{
    QStringList list;
    for (const Value& value : values.value(name))
        list += value.type == Value::Type::Text ? QString::fromUtf8(value.octets) : QString();
    return list;
}

std::optional<qint64> Attributes::number(const QString& name) const
{
    const QList<Value> list = values.value(name);
    return !list.isEmpty() && list[0].type == Value::Type::Number ? std::optional(list[0].number) : std::nullopt;
}

std::optional<bool> Attributes::boolean(const QString& name) const
{
    const QList<Value> list = values.value(name);
    return !list.isEmpty() && list[0].type == Value::Type::Boolean ? std::optional(list[0].number != 0) : std::nullopt;
}

QByteArray getPrinterAttributes(const QUrl& printer, quint32 requestId)
{
    const Message request = message(ippNewRequest(IPP_OP_GET_PRINTER_ATTRIBUTES));
    ippSetVersion(request.get(), 1, 1);
    ippSetRequestId(request.get(), static_cast<int>(requestId));
    const QByteArray uri = printer.toEncoded();
    ippAddString(request.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri.constData());
    ippAddStrings(request.get(), IPP_TAG_OPERATION, IPP_CONST_TAG(IPP_TAG_KEYWORD), "requested-attributes",
        static_cast<int>(wanted.size()), nullptr, wanted.data());
    Bytes bytes;
    ippWriteIO(&bytes, &Bytes::write, 1, nullptr, request.get());
    return bytes.all;
}

Result<Attributes> parse(QByteArrayView answer)
{
    if (const Status frame = checkFrame(answer); !frame)
        return fail(frame.error());
    const Message read = message(ippNew());
    Bytes bytes{answer.toByteArray()};
    if (ippReadIO(&bytes, &Bytes::read, 1, nullptr, read.get()) != IPP_STATE_DATA)
        return fail(ErrorCode::Malformed, u"The answer is no IPP message."_s);
    Attributes attributes;
    attributes.status = big16(answer.sliced(2, 2));
    attributes.requestId = static_cast<quint32>(big16(answer.sliced(4, 2)) << 16 | big16(answer.sliced(6, 2)));
    for (ipp_attribute_t* attribute = ippFirstAttribute(read.get()); attribute;
        attribute = ippNextAttribute(read.get())) {
        if (ippGetGroupTag(attribute) == IPP_TAG_PRINTER)
            take(attribute, {}, attributes);
    }
    return attributes;
}

} // namespace platen::ipp
