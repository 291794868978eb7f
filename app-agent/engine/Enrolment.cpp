// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Enrolment.h"

#include <crypto/Crypto.h>
#include <protocol/Cbor.h>

#include <QCborArray>
#include <QCborMap>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

QCborMap toMap(const OtherKey& key)
{
    return {{u"epoch"_s, qint64(key.epoch)}, {u"root"_s, key.root.reveal()}, {u"after"_s, qint64(key.after)},
        {u"upTo"_s, qint64(key.upTo)}, {u"greets"_s, key.greets}};
}

OtherKey keyFrom(const QCborMap& map)
{
    return {quint32(map[u"epoch"_s].toInteger()), Secret(map[u"root"_s].toByteArray()),
        quint64(map[u"after"_s].toInteger()), quint64(map[u"upTo"_s].toInteger()), map[u"greets"_s].toBool()};
}

} // namespace

Secret Enrolment::encode() const
{
    QCborMap map{{u"agentId"_s, agentId}, {u"epoch"_s, qint64(epoch)}, {u"root"_s, root.reveal()},
        {u"serverId"_s, serverId}, {u"spk"_s, spk}, {u"tlsPin"_s, tlsPin},
        {u"server"_s, server.toString(QUrl::FullyEncoded)}, {u"name"_s, name}};
    if (expiresAt)
        map.insert(u"expiresAt"_s, toMs(*expiresAt));
    if (after > 0)
        map.insert(u"after"_s, qint64(after));
    if (next)
        map.insert(u"next"_s, toMap(*next));
    QCborArray formers;
    for (const OtherKey& key : former)
        formers.append(toMap(key));
    if (!formers.isEmpty())
        map.insert(u"former"_s, formers);
    if (!logins.isEmpty())
        map.insert(u"logins"_s, logins.reveal());
    return Secret(protocol::encodeMap(map));
}

Result<Enrolment> Enrolment::decode(const Secret& bytes)
{
    const Result<QCborMap> map = protocol::decodeMap(bytes.reveal());
    if (!map)
        return fail(ErrorCode::Malformed, u"the key file holds no activation: activate this agent again"_s);
    Enrolment enrolment{map->value(u"agentId"_s).toByteArray(), quint32(map->value(u"epoch"_s).toInteger()),
        Secret(map->value(u"root"_s).toByteArray()), map->value(u"serverId"_s).toByteArray(),
        map->value(u"spk"_s).toByteArray(), map->value(u"tlsPin"_s).toByteArray(),
        QUrl(map->value(u"server"_s).toString()), std::nullopt, map->value(u"name"_s).toString()};
    if (map->contains(u"expiresAt"_s))
        enrolment.expiresAt = fromMs(map->value(u"expiresAt"_s).toInteger());
    enrolment.after = quint64(map->value(u"after"_s).toInteger());
    if (map->contains(u"next"_s))
        enrolment.next = keyFrom(map->value(u"next"_s).toMap());
    for (const QCborValue& key : map->value(u"former"_s).toArray())
        enrolment.former.append(keyFrom(key.toMap()));
    enrolment.logins = Secret(map->value(u"logins"_s).toByteArray());
    const bool isWhole = enrolment.agentId.size() == 16 && enrolment.root.size() == 32 && enrolment.server.isValid();
    if (!isWhole)
        return fail(ErrorCode::Malformed, u"the key file lacks something: activate this agent again"_s);
    return enrolment;
}

channel::AgentIdentity Enrolment::identity() const
{
    return {agentId, epoch, crypto::AgentKeys::derive(root, agentId)};
}

Secret Enrolment::loginSalt() const
{
    return logins.isEmpty() ? crypto::hkdf(root, agentId, "PLT2 logins", 32) : logins;
}

channel::TlsTrust Enrolment::trust(bool allowPlainHttp) const
{
    const auto judged = tlsPin.isEmpty() ? channel::TlsTrust::publicAuthorities() : channel::TlsTrust::pinned(tlsPin);
    return judged.withPlain(allowPlainHttp).sparing(); // envelopes are sealed by keys that TLS never sees
}

QUrl endpoint(const QUrl& server, const QString& path, bool socket)
{
    QUrl url = server;
    QString before = server.path();
    while (before.endsWith(u'/'))
        before.chop(1);
    url.setPath(before + path);
    if (socket)
        url.setScheme(server.scheme() == "http"_L1 ? u"ws"_s : u"wss"_s);
    return url;
}

} // namespace platen::agent
