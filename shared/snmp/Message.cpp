// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Message.h"

#include "Ber.h"
#include "NetSnmp.h"
#include "UsmMessage.h"

namespace platen::snmp {

namespace {

constexpr quint8 commandTag(Question::Kind kind)
{
    switch (kind) {
    case Question::Kind::Get:
        return 0xa0;
    case Question::Kind::GetNext:
        return 0xa1;
    case Question::Kind::GetBulk:
        return 0xa5;
    }
    Q_UNREACHABLE();
}

std::optional<Incoming> parsedV3(ber::Reader message, QByteArrayView datagram)
{
    constexpr qint64 userSecurityModel = 3;
    const auto global = message.content(ber::sequenceTag);
    const auto security = message.content(ber::octetStringTag);
    if (!global || !security)
        return std::nullopt;

    ber::Reader globalFields(*global);
    const auto id = globalFields.integer(), maxSize = globalFields.integer();
    const auto flags = globalFields.content(ber::octetStringTag);
    const auto model = globalFields.integer();
    if (!id || *id < 0 || *id > 0x7fffffff || !maxSize || !flags || flags->size() != 1 || model != userSecurityModel)
        return std::nullopt;

    ber::Reader securityElement(*security);
    const auto parameters = securityElement.content(ber::sequenceTag);
    if (!parameters)
        return std::nullopt;
    ber::Reader fields(*parameters);
    const auto engineId = fields.content(ber::octetStringTag);
    const auto boots = fields.integer(), time = fields.integer();
    const auto user = fields.content(ber::octetStringTag), digest = fields.content(ber::octetStringTag),
               salt = fields.content(ber::octetStringTag);
    if (!engineId || !boots || *boots < 0 || *boots > 0x7fffffff || !time || *time < 0 || *time > 0x7fffffff || !user
        || !digest || !salt)
        return std::nullopt;

    Incoming incoming;
    incoming.version = Version::V3;
    incoming.header = {static_cast<quint32>(*id), (flags->front() & 1) != 0, (flags->front() & 2) != 0,
        (flags->front() & 4) != 0, engineId->toByteArray(), static_cast<quint32>(*boots), static_cast<quint32>(*time),
        user->toByteArray(), digest->toByteArray(), salt->toByteArray()};
    incoming.digestAt = digest->data() - datagram.data();
    const auto scoped =
        incoming.header.isEncrypted ? message.content(ber::octetStringTag) : message.whole(ber::sequenceTag);
    if (!scoped)
        return std::nullopt;
    incoming.scoped = *scoped;
    return incoming;
}

} // namespace

QByteArray encodedPdu(const Question& question, quint32 id)
{
    const bool isBulk = question.kind == Question::Kind::GetBulk;
    QByteArray objects;
    objects.reserve(32 * question.oids.size());
    for (const Oid& oid : question.oids)
        objects += ber::element(ber::sequenceTag, ber::objectId(oid) + ber::element(ber::nullTag, {}));
    return ber::element(commandTag(question.kind),
        ber::integer(id) + ber::integer(isBulk ? question.nonRepeaters : 0)
            + ber::integer(isBulk ? question.maxRepetitions : 0) + ber::element(ber::sequenceTag, objects));
}

QByteArray encoded(const Question& question, quint32 id)
{
    const Credentials& credentials = question.target.credentials;
    return ber::element(ber::sequenceTag,
        ber::integer(credentials.version == Version::V1 ? 0 : 1) + ber::octetString(credentials.community.reveal())
            + encodedPdu(question, id));
}

QByteArray encodedDiscovery(quint32 id)
{
    UsmHeader header;
    header.id = id;
    header.isReportable = true;
    return sealed(header, {}, scopedPdu({}, {}, encodedPdu({}, id)));
}

std::optional<Incoming> parsed(QByteArrayView datagram)
{
    ber::Reader outside(datagram);
    const auto content = outside.content(ber::sequenceTag);
    if (!content)
        return std::nullopt;
    ber::Reader message(*content);
    const auto version = message.integer();
    if (version == 3)
        return parsedV3(message, datagram);
    if ((version != 0 && version != 1) || !message.content(ber::octetStringTag))
        return std::nullopt;
    std::optional<Pdu> pdu = parsedPdu(message.rest());
    if (!pdu || pdu->kind != Pdu::Kind::Response)
        return std::nullopt;
    return Incoming{version == 0 ? Version::V1 : Version::V2c, *std::move(pdu), {}, 0, {}};
}

std::optional<Pdu> parsedScopedPdu(QByteArrayView scoped)
{
    ber::Reader outside(scoped);
    const auto content = outside.content(ber::sequenceTag);
    if (!content)
        return std::nullopt;
    ber::Reader fields(*content);
    if (!fields.content(ber::octetStringTag) || !fields.content(ber::octetStringTag)) // contextEngineID, contextName
        return std::nullopt;
    std::optional<Pdu> pdu = parsedPdu(fields.rest());
    return pdu && pdu->kind != Pdu::Kind::Other ? pdu : std::nullopt;
}

} // namespace platen::snmp
