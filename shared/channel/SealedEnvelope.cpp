// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SealedEnvelope.h"

#include <crypto/Aead.h>
#include <crypto/Crypto.h>

#include <zlib.h>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace platen::channel {
namespace {

using protocol::EnvelopeHeader;

constexpr int rawDeflate = -15; // zlib: negative window bits mean no wrapper
constexpr qsizetype overhead = EnvelopeHeader::size + EnvelopeHeader::nonceSize + EnvelopeHeader::tagSize;

Bytef* bytesOf(QByteArrayView bytes)
{
    return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
} // z_stream is not const

/// The raw deflate form, when it is smaller than `body`; else nothing.
QByteArray deflated(QByteArrayView body)
{
    z_stream stream{};
    if (body.isEmpty()
        || deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, rawDeflate, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
    QByteArray out(body.size() - 1, Qt::Uninitialized); // no room for what would not be smaller
    stream.next_in = bytesOf(body);
    stream.avail_in = static_cast<uInt>(body.size());
    stream.next_out = bytesOf(out);
    stream.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        return {};
    out.truncate(static_cast<qsizetype>(stream.total_out));
    const bool opensAgain = body.size() <= inflateLimit::bytes && body.size() <= inflateLimit::factor * out.size();
    return opensAgain ? out : QByteArray();
}

Result<QByteArray> inflated(QByteArrayView body)
{
    z_stream stream{};
    if (inflateInit2(&stream, rawDeflate) != Z_OK)
        return fail(ErrorCode::Internal, u"Envelope: zlib does not start."_s);
    const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
    stream.next_in = bytesOf(body);
    stream.avail_in = static_cast<uInt>(body.size());

    // Grows with what comes out, never beyond the limit and one byte that shows that it was passed.
    const qsizetype limit = std::min(inflateLimit::bytes, body.size() * inflateLimit::factor);
    QByteArray out;
    int state = Z_OK;
    while (state == Z_OK) {
        const auto written = static_cast<qsizetype>(stream.total_out);
        if (written > limit)
            return fail(ErrorCode::LimitExceeded, u"Envelope: it inflates to more than is allowed."_s);
        out.resize(std::min(limit + 1, std::max(out.size() * 2, body.size() * 4 + 64)));
        stream.next_out = bytesOf(out) + written;
        stream.avail_out = static_cast<uInt>(out.size() - written);
        state = inflate(&stream, Z_NO_FLUSH);
    }
    if (state != Z_STREAM_END || stream.avail_in != 0)
        return fail(ErrorCode::Malformed, u"Envelope: its inside is no deflated stream."_s);
    if (static_cast<qsizetype>(stream.total_out) > limit)
        return fail(ErrorCode::LimitExceeded, u"Envelope: it inflates to more than is allowed."_s);
    out.truncate(static_cast<qsizetype>(stream.total_out));
    return out;
}

} // namespace

QByteArray sealEnvelope(EnvelopeHeader header, QByteArrayView body, const Secret& key)
{
    if (body.size() > inflateLimit::bytes)
        return {};
    const QByteArray smaller = deflated(body);
    header.deflated = !smaller.isEmpty();
    const QByteArrayView inside = header.deflated ? QByteArrayView(smaller) : body;
    if (inside.size() + overhead > protocol::largestEnvelope(header.type))
        return {};
    header.length = static_cast<quint32>(inside.size() + EnvelopeHeader::tagSize);
    const QByteArray head = header.encode();
    return head + crypto::seal(key, inside, head);
}

Result<OpenedEnvelope> openEnvelope(QByteArrayView bytes, const Secret& key)
{
    Result<EnvelopeHeader> header = EnvelopeHeader::decode(bytes);
    if (!header)
        return fail(header.error());
    if (bytes.size() != EnvelopeHeader::size + EnvelopeHeader::nonceSize + static_cast<qsizetype>(header->length))
        return fail(ErrorCode::Malformed, u"Envelope: it has %1 bytes and says otherwise."_s.arg(bytes.size()));
    Result<QByteArray> body = crypto::open(key, bytes.sliced(EnvelopeHeader::size), bytes.first(EnvelopeHeader::size));
    if (body && header->deflated)
        body = inflated(*body);
    if (!body)
        return fail(body.error());
    return OpenedEnvelope{*std::move(header), *std::move(body), crypto::sha256(bytes)};
}

QByteArray sealActivationBox(const protocol::ActivationBox& box, const Secret& root, Instant now)
{
    EnvelopeHeader header;
    header.type = protocol::EnvelopeType::Config;
    header.direction = protocol::Direction::ServerToAgent;
    header.agentId = box.agentId;
    header.epoch = box.epoch;
    header.created = toMs(now);
    return sealEnvelope(header, box.encode(), crypto::AgentKeys::derive(root, box.agentId).ack);
}

Result<protocol::ActivationBox> openActivationBox(QByteArrayView bytes, const Secret& root)
{
    const Result<EnvelopeHeader> header = EnvelopeHeader::decode(bytes);
    if (!header)
        return fail(header.error());
    const Result<OpenedEnvelope> opened = openEnvelope(bytes, crypto::AgentKeys::derive(root, header->agentId).ack);
    if (!opened)
        return fail(opened.error());
    Result<protocol::ActivationBox> box = protocol::ActivationBox::decode(opened->body);
    if (!box)
        return box;
    const bool isConfig =
        header->type == protocol::EnvelopeType::Config && header->direction == protocol::Direction::ServerToAgent;
    if (!isConfig || box->agentId != header->agentId || box->epoch != header->epoch)
        return fail(ErrorCode::Malformed, u"Activation box: it is not what its envelope says."_s);
    return box;
}

} // namespace platen::channel
