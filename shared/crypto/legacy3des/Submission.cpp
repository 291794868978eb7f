// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Submission.h"

#include "TripleDes.h"

#include <crypto/Crypto.h>

#include <QtEndian>

using namespace Qt::StringLiterals;

namespace platen::legacy3des {

namespace {

constexpr QByteArrayView fileMagic("PLE1", 4), answerMagic("PLA1", 4), ivLabel("PLV1", 4);
constexpr qsizetype macSize = 32, hashSize = 32, agentIdSize = 16;
constexpr qsizetype textAt = Head::size + blockSize;
constexpr qsizetype smallest = textAt + blockSize + macSize;

std::unexpected<Error> forged()
{
    return fail(ErrorCode::CryptoFailed, u"A legacy-3des file or answer was altered, or is of another key."_s);
}

bool isSubmitted(protocol::EnvelopeType type)
{
    return type == protocol::EnvelopeType::Data || type == protocol::EnvelopeType::Gap;
}

QByteArrayView textOf(QByteArrayView file) { return file.sliced(textAt).chopped(macSize); }

} // namespace

Result<Head> Head::decode(QByteArrayView file)
{
    if (file.size() < smallest || !file.startsWith(fileMagic) || (file.size() - textAt - macSize) % blockSize != 0)
        return fail(ErrorCode::Malformed, u"This is no legacy-3des file."_s);
    if (file.size() > protocol::largestEnvelope(protocol::EnvelopeType::Data))
        return fail(ErrorCode::LimitExceeded, u"A legacy-3des file of %1 bytes is larger than may be."_s.arg(file.size()));
    Head head{file.sliced(fileMagic.size(), agentIdSize).toByteArray(), qFromBigEndian<quint32>(file.data() + 20), qFromBigEndian<quint64>(file.data() + 24)};
    if (head.seq == 0 || head.seq > quint64(std::numeric_limits<qint64>::max()))
        return fail(ErrorCode::Malformed, u"The number of a legacy-3des file is out of range."_s);
    return head;
}

Result<QByteArray> seal(const Submission& submission, const Keys& keys, QByteArrayView unique)
{
    const Head& head = submission.head;
    Q_ASSERT(head.agentId.size() == agentIdSize && isSubmitted(submission.type));
    const QByteArray iv = crypto::hmacSha256(keys.mac, ivLabel.toByteArray() + unique.toByteArray()).first(blockSize);
    const Result<QByteArray> text = encrypt(keys.cipher, iv, char(submission.type) + submission.body);
    if (!text)
        return text;
    const QByteArray file = fileMagic.toByteArray() + head.agentId + crypto::bigEndian32(head.epoch) + crypto::bigEndian64(head.seq) + iv + *text;
    return file + crypto::hmacSha256(keys.mac, file);
}

Result<Submission> open(QByteArrayView file, const Keys& keys)
{
    Result<Head> head = Head::decode(file);
    if (!head)
        return fail(head.error());
    if (!crypto::equal(crypto::hmacSha256(keys.mac, file.chopped(macSize)), file.last(macSize)))
        return forged();
    const Result<QByteArray> plain = decrypt(keys.cipher, file.sliced(Head::size, blockSize), textOf(file));
    if (!plain)
        return fail(plain.error());
    if (plain->isEmpty() || !isSubmitted(protocol::EnvelopeType(plain->front())))
        return fail(ErrorCode::Unsupported, u"A legacy-3des file carries something that is not submitted."_s);
    return Submission{*std::move(head), protocol::EnvelopeType(plain->front()), plain->sliced(1)};
}

qint64 blocksOf(QByteArrayView file) { return file.size() < smallest ? 0 : textOf(file).size() / blockSize; }

QByteArray sealAnswer(const protocol::Ack& ack, QByteArrayView file, const Keys& keys)
{
    const QByteArray answer = answerMagic.toByteArray() + crypto::sha256(file) + ack.encode();
    return answer + crypto::hmacSha256(keys.mac, answer);
}

Result<protocol::Ack> openAnswer(QByteArrayView answer, QByteArrayView file, const Keys& keys)
{
    if (answer.size() < answerMagic.size() + hashSize + macSize || !answer.startsWith(answerMagic))
        return fail(ErrorCode::Malformed, u"This is no answer to a legacy-3des file."_s);
    const bool isHonest = crypto::equal(crypto::hmacSha256(keys.mac, answer.chopped(macSize)), answer.last(macSize));
    if (!isHonest || answer.sliced(answerMagic.size(), hashSize) != crypto::sha256(file))
        return forged();
    return protocol::Ack::decode(answer.sliced(answerMagic.size() + hashSize).chopped(macSize));
}

} // namespace platen::legacy3des
