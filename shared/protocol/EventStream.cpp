// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EventStream.h"

using namespace Qt::StringLiterals;

namespace platen::protocol {

namespace {

constexpr quint16 noCloseCode = 1005; // RFC 6455 §7.4.1
constexpr QByteArrayView closeName = "close";
constexpr QByteArrayView messageName = "message"; // what an event without a name is called (WHATWG HTML §9.2.6)

std::unexpected<Error> malformed(const QString& what)
{
    return fail(ErrorCode::Malformed, u"An event of the stream is malformed: %1."_s.arg(what));
}

} // namespace

StreamEvent StreamEvent::close(quint64 id, quint16 code, const QByteArray& reason)
{
    return {id, Kind::Close, QByteArray::number(code) + ' ' + reason};
}

quint16 StreamEvent::closeCode() const
{
    bool isNumber = false;
    const quint16 code = data.left(data.indexOf(' ')).toUShort(&isNumber);
    return isNumber ? code : noCloseCode;
}

QByteArray StreamEvent::closeReason() const
{
    const qsizetype space = data.indexOf(' ');
    return space < 0 ? QByteArray() : data.sliced(space + 1);
}

QByteArray StreamEvent::encode() const
{
    const QByteArray name = kind == Kind::Close ? "event: " + closeName.toByteArray() + '\n' : QByteArray();
    return "id: " + QByteArray::number(id) + '\n' + name + "data: " + data.toBase64() + "\n\n";
}

Result<QList<StreamEvent>> EventReader::take(QByteArrayView bytes)
{
    const qsizetype longestLine = (m_most + 2) / 3 * 4 + 64;
    QList<StreamEvent> events;
    while (!bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        m_line += end < 0 ? bytes : bytes.first(end);
        if (m_line.size() > longestLine)
            return fail(ErrorCode::LimitExceeded, u"An event of the stream is larger than %1 bytes."_s.arg(m_most));
        if (end < 0)
            break;
        bytes = bytes.sliced(end + 1);
        if (m_line.endsWith('\r'))
            m_line.chop(1);
        const QByteArray line = std::exchange(m_line, {});
        if (!line.isEmpty()) {
            if (const Status taken = takeLine(line); !taken)
                return fail(taken.error());
        } else if (m_hasData) {
            Result<StreamEvent> event = finish();
            if (!event)
                return fail(event.error());
            events.append(*std::move(event));
        }
    }
    return events;
}

Status EventReader::takeLine(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon == 0) // a comment
        return {};
    const QByteArrayView name = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    if (name == "data") {
        if (std::exchange(m_hasData, true))
            return malformed(u"it has two lines of data"_s);
        m_data = value.toByteArray();
    } else if (name == "id") {
        m_id = value.toByteArray();
    } else if (name == "event") {
        m_kind = value.toByteArray();
    }
    return {}; // of a newer server: passed over
}

Result<StreamEvent> EventReader::finish()
{
    const QByteArray id = std::exchange(m_id, {});
    const QByteArray kind = std::exchange(m_kind, {});
    const QByteArray data = std::exchange(m_data, {});
    m_hasData = false;
    StreamEvent event;
    bool isNumber = false;
    event.id = id.toULongLong(&isNumber);
    if (!isNumber || event.id == 0)
        return malformed(u"its number is missing"_s);
    if (kind == closeName)
        event.kind = StreamEvent::Kind::Close;
    else if (!kind.isEmpty() && kind != messageName)
        return malformed(u"we do not know its kind"_s);
    const auto decoded = QByteArray::fromBase64Encoding(data, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return malformed(u"its data is not base64"_s);
    event.data = *decoded;
    if (event.data.size() > m_most)
        return fail(ErrorCode::LimitExceeded, u"An event of the stream is larger than %1 bytes."_s.arg(m_most));
    return event;
}

MessageBatch MessageBatch::of(const QList<QByteArray>& messages)
{
    MessageBatch batch;
    QByteArrayList sizes;
    for (const QByteArray& message : messages) {
        batch.body += message;
        sizes.append(QByteArray::number(message.size()));
    }
    sizes.removeLast();
    batch.sizes = sizes.join(',');
    return batch;
}

Result<QList<QByteArray>> MessageBatch::messages() const
{
    if (body.isEmpty() && sizes.isEmpty())
        return QList<QByteArray>();
    QList<QByteArray> messages;
    qsizetype begin = 0;
    for (const QByteArray& text : sizes.isEmpty() ? QByteArrayList() : sizes.split(',')) {
        bool isNumber = false;
        const qsizetype size = text.toLongLong(&isNumber);
        if (!isNumber || size < 0 || size > body.size() - begin)
            return fail(ErrorCode::Malformed, u"The messages of a POST are not where it says."_s);
        if (messages.size() + 1 == mostMessages)
            return fail(ErrorCode::LimitExceeded, u"A POST carries more than %1 messages."_s.arg(mostMessages));
        messages.append(body.sliced(begin, size));
        begin += size;
    }
    messages.append(body.sliced(begin));
    return messages;
}

} // namespace platen::protocol
