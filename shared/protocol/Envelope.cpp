// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Envelope.h"

#include "Version.h"

#include <QtEndian>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

constexpr QByteArrayView magic("PLE2", 4);
constexpr quint8 deflateFlag = 1;

template <typename T>
void put(QByteArray& out, T number)
{
    const T big = qToBigEndian(number);
    out.append(reinterpret_cast<const char*>(&big), sizeof big);
}

template <typename T>
T take(QByteArrayView bytes, qsizetype at)
{
    return qFromBigEndian<T>(bytes.data() + at);
}

bool isType(quint8 type)
{
    return type >= static_cast<quint8>(EnvelopeType::Data) && type <= static_cast<quint8>(EnvelopeType::Leave);
}

} // namespace

QByteArray EnvelopeHeader::encode() const
{
    Q_ASSERT(agentId.size() == agentIdSize);
    QByteArray out;
    out.reserve(size);
    out.append(magic);
    put(out, static_cast<quint8>(version));
    put(out, static_cast<quint8>(type));
    put(out, deflated ? deflateFlag : quint8(0));
    put(out, static_cast<quint8>(direction));
    out.append(agentId);
    put(out, epoch);
    put(out, seq);
    put(out, static_cast<quint64>(created));
    put(out, length);
    return out;
}

Result<EnvelopeHeader> EnvelopeHeader::decode(QByteArrayView bytes)
{
    if (bytes.size() < size || bytes.first(magic.size()) != magic)
        return fail(ErrorCode::Malformed, u"Envelope: it does not start as one."_s);
    const auto versionByte = take<quint8>(bytes, 4), typeByte = take<quint8>(bytes, 5);
    const auto flags = take<quint8>(bytes, 6), directionByte = take<quint8>(bytes, 7);
    if (versionByte < oldestVersion || versionByte > version)
        return fail(ErrorCode::Unsupported, u"Envelope: version %1 is not spoken here."_s.arg(versionByte));
    if (!isType(typeByte))
        return fail(ErrorCode::Unsupported, u"Envelope: type %1 is unknown."_s.arg(typeByte));
    if ((flags & ~deflateFlag) != 0 || directionByte > static_cast<quint8>(Direction::ServerToAgent))
        return fail(ErrorCode::Malformed, u"Envelope: flags or direction do not exist."_s);

    EnvelopeHeader header;
    header.type = static_cast<EnvelopeType>(typeByte);
    header.deflated = (flags & deflateFlag) != 0;
    header.direction = static_cast<Direction>(directionByte);
    header.agentId = bytes.sliced(8, agentIdSize).toByteArray();
    header.epoch = take<quint32>(bytes, 24);
    header.seq = take<quint64>(bytes, 28);
    header.created = static_cast<qint64>(take<quint64>(bytes, 36));
    header.length = take<quint32>(bytes, 44);
    if (header.seq > static_cast<quint64>(std::numeric_limits<qint64>::max()) || header.created < 0
        || header.length < tagSize)
        return fail(ErrorCode::Malformed, u"Envelope: a number in its header is out of range."_s);
    if (header.length > largestEnvelope(header.type) - size - nonceSize)
        return fail(ErrorCode::LimitExceeded, u"Envelope: %1 bytes are too many for its type."_s.arg(header.length));
    return header;
}

} // namespace platen::protocol
