// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Messages.h"

#include "Cbor.h"
#include "Decoded.h"
#include "Version.h"

#include <limits>

using namespace Qt::StringLiterals;

namespace platen::protocol {
namespace {

constexpr qsizetype sidSize = 16, digestSize = 32, pointSize = 32, tagSize = 32, keySize = 32;
constexpr qsizetype rsaDerSize = 422, rsaCipherSize = 384;

} // namespace

QByteArray AgentInfo::encode() const
{
    QCborMap map{{u"version"_s, version}, {u"os"_s, osFamily}};
    if (!name.isEmpty())
        map.insert(u"name"_s, name);
    return encodeMap(map);
}

Result<AgentInfo> AgentInfo::decode(QByteArrayView bytes)
{
    return decoded<AgentInfo>(u"Activation info"_s, bytes, [](Fields& fields, AgentInfo& info) {
        info.version = fields.optionalText("version"_L1, 64);
        info.osFamily = fields.optionalText("os"_L1, 64);
        info.name = fields.optionalText("name"_L1, 256);
    });
}

QByteArray ActivateStart::encode() const
{
    return encodeMap({{u"ver"_s, ver}, {u"locator"_s, locator}, {u"sid"_s, sid}, {u"Ya"_s, ya},
        {u"rsaPublic"_s, rsaPublic}, {u"info"_s, info}});
}

Result<ActivateStart> ActivateStart::decode(QByteArrayView bytes)
{
    return decoded<ActivateStart>(u"Activation"_s, bytes, [](Fields& fields, ActivateStart& start) {
        start.ver = static_cast<int>(fields.number("ver"_L1, 1'000'000));
        if (!fields.failure() && (start.ver < oldestVersion || start.ver > version))
            fields.refuse(
                "ver"_L1, u"%1 is not spoken here: update the older side"_s.arg(start.ver), ErrorCode::Unsupported);
        start.locator = fields.text("locator"_L1, 4);
        if (start.locator.size() != 4)
            fields.refuse("locator"_L1, u"must have 4 characters"_s);
        start.sid = fields.bytes("sid"_L1, sidSize);
        start.ya = fields.bytes("Ya"_L1, pointSize);
        start.rsaPublic = fields.bytes("rsaPublic"_L1, rsaDerSize);
        start.info = fields.bytesUpTo("info"_L1, 1024);
    });
}

QByteArray ActivateStartReply::encode() const
{
    return encodeMap({{u"Yb"_s, yb}, {u"serverId"_s, serverId}, {u"spk"_s, spk}, {u"serverTime"_s, toMs(serverTime)}});
}

Result<ActivateStartReply> ActivateStartReply::decode(QByteArrayView bytes)
{
    return decoded<ActivateStartReply>(u"Activation answer"_s, bytes, [](Fields& fields, ActivateStartReply& reply) {
        reply.yb = fields.bytes("Yb"_L1, pointSize);
        reply.serverId = fields.bytes("serverId"_L1, sidSize);
        reply.spk = fields.bytes("spk"_L1, keySize);
        reply.serverTime = fields.instant("serverTime"_L1);
    });
}

QByteArray ActivateConfirm::encode() const { return encodeMap({{u"sid"_s, sid}, {u"Ta"_s, ta}}); }

Result<ActivateConfirm> ActivateConfirm::decode(QByteArrayView bytes)
{
    return decoded<ActivateConfirm>(u"Activation proof"_s, bytes, [](Fields& fields, ActivateConfirm& confirm) {
        confirm.sid = fields.bytes("sid"_L1, sidSize);
        confirm.ta = fields.bytes("Ta"_L1, tagSize);
    });
}

QByteArray ActivateConfirmReply::encode() const { return encodeMap({{u"ct"_s, ct}, {u"Tb"_s, tb}, {u"box"_s, box}}); }

Result<ActivateConfirmReply> ActivateConfirmReply::decode(QByteArrayView bytes)
{
    return decoded<ActivateConfirmReply>(u"Activation grant"_s, bytes, [](Fields& fields, ActivateConfirmReply& reply) {
        reply.ct = fields.bytes("ct"_L1, rsaCipherSize);
        reply.tb = fields.bytes("Tb"_L1, tagSize);
        reply.box = fields.bytesUpTo("box"_L1, 64 * 1024);
    });
}

QByteArray ActivationBox::encode() const
{
    QCborMap all = config;
    if (!tlsSpki.isEmpty())
        all.insert(u"tlsSpki"_s, tlsSpki);
    return encodeMap({{u"agentId"_s, agentId}, {u"epoch"_s, qint64(epoch)}, {u"config"_s, all},
        {u"expiresAt"_s, expiresAt ? QCborValue(toMs(*expiresAt)) : QCborValue(nullptr)}});
}

Result<ActivationBox> ActivationBox::decode(QByteArrayView bytes)
{
    return decoded<ActivationBox>(u"Activation box"_s, bytes, [](Fields& fields, ActivationBox& box) {
        box.agentId = fields.bytes("agentId"_L1, sidSize);
        box.epoch = static_cast<quint32>(fields.number("epoch"_L1, std::numeric_limits<quint32>::max()));
        box.expiresAt = fields.optionalInstant("expiresAt"_L1);
        box.config = fields.optionalMap("config"_L1);
        Fields config(u"Activation box"_s, box.config);
        box.tlsSpki = config.optionalBytes("tlsSpki"_L1, digestSize);
        if (config.failure())
            fields.refuse("config"_L1, u"has a tlsSpki that is not 32 bytes"_s);
        box.config.remove(u"tlsSpki"_s);
    });
}

} // namespace platen::protocol
