// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef PLATEN_LEGACY_3DES
#include "Legacy.h"

#include "Feed.h"

#include <crypto/Crypto.h>
#include <legacy3des/Submission.h>

namespace platen::fuzz {

namespace {

const legacy3des::Keys& legacyKeys()
{
    static const legacy3des::Keys known{Secret(QByteArray(16, 'c')), Secret(QByteArray(32, 'm'))};
    return known;
}

QByteArray goodFile(const QByteArray& body)
{
    return *legacy3des::seal({{QByteArray(16, 'a'), 1, 7}, protocol::EnvelopeType::Gap, body}, legacyKeys(), "seed");
}

QByteArray tagged(const QByteArray& bytes) { return bytes + crypto::hmacSha256(legacyKeys().mac, bytes); }

} // namespace

void legacyFile(QByteArrayView input)
{
    Feed feed(input);
    const quint8 how = feed.byte();
    QByteArray file = feed.rest().toByteArray();
    if (how % 4 == 1)
        file = tagged(file); // what follows the HMAC is reached: padding, type, message
    if (how % 4 == 2) {
        (void)legacy3des::openAnswer(file, "file", legacyKeys());
        (void)legacy3des::openAnswer(tagged("PLA1" + crypto::sha256("file") + file), "file", legacyKeys());
        return;
    }
    if (how % 4 == 3) {
        const QByteArray whole = goodFile("body");
        QByteArray changed = whole;
        for (Feed places(file); !places.isEmpty();)
            changed[places.byte() % changed.size()] ^= char(places.byte());
        if (changed != whole && legacy3des::open(changed, legacyKeys()))
            qFatal("a changed file was opened");
        return;
    }
    const auto opened = legacy3des::open(file, legacyKeys());
    if (!opened)
        return;
    if (how % 4 == 0 && !file.endsWith(crypto::hmacSha256(legacyKeys().mac, QByteArrayView(file).chopped(32))))
        qFatal("a file without its HMAC was opened");
    if (opened->body.size() > file.size())
        qFatal("a file holds more than it has");
    (void)protocol::decodeFromAgent(opened->type, opened->body);
}

QList<QByteArray> legacySeeds()
{
    const QByteArray file = goodFile(protocol::Gap{3, 7, QStringLiteral("overflow")}.encode());
    return {'\0' + file, '\1' + file.chopped(32), '\2' + protocol::Ack{7, protocol::AckCode::Ok, {3}}.encode(), QByteArray("\3\x28\1", 3)};
}

} // namespace platen::fuzz
#endif
