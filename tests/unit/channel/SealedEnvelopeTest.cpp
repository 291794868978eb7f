// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <channel/SealedEnvelope.h>
#include <crypto/Aead.h>
#include <crypto/Crypto.h>
#include <protocol/Cbor.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QRandomGenerator>
#include <QTest>

#include <zlib.h>

using namespace platen;
using namespace Qt::StringLiterals;
using channel::openEnvelope, channel::sealEnvelope;
using protocol::EnvelopeHeader, protocol::EnvelopeType;
using test::fill, test::protocolVector;

namespace {

EnvelopeHeader headerOf(EnvelopeType type)
{
    EnvelopeHeader header;
    header.type = type;
    header.agentId = fill(16, 0xc0);
    header.seq = 7;
    header.created = 1'764'000'000'123;
    return header;
}

/// An envelope with any inside under a good seal: what only an agent with its key can make.
QByteArray sealedRaw(QByteArrayView inside, bool isDeflated, const Secret& key)
{
    EnvelopeHeader header = headerOf(EnvelopeType::Data);
    header.deflated = isDeflated;
    header.length = static_cast<quint32>(inside.size() + EnvelopeHeader::tagSize);
    const QByteArray head = header.encode();
    return head + crypto::seal(key, inside, head);
}

QByteArray rawDeflated(const QByteArray& plain)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(plain.size()))), Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

QByteArray noise(int size)
{
    QRandomGenerator random(4);
    QByteArray bytes(size, '\0');
    for (char& byte : bytes)
        byte = static_cast<char>(random.bounded(256));
    return bytes;
}

} // namespace

class SealedEnvelopeTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void opensTheProtocolsEnvelope()
    {
        const QByteArray bytes = protocolVector("envelope");
        QCOMPARE(bytes.size(), 93);
        const auto opened = openEnvelope(bytes, Secret(protocolVector("k_a2s")));
        QVERIFY(opened);
        QCOMPARE(opened->body, "hello"_ba);
        QCOMPARE(opened->header.seq, 7u);
        QCOMPARE(opened->sha256, crypto::sha256(bytes));
    }

    void writesTheProtocolsEnvelope()
    {
        EnvelopeHeader header = headerOf(EnvelopeType::Data);
        header.length = 21;
        const QByteArray head = header.encode();
        QCOMPARE(head + crypto::sealWithNonce(Secret(protocolVector("k_a2s")), fill(24, 0x50), "hello", head),
            protocolVector("envelope"));
        const QByteArray ours = sealEnvelope(headerOf(EnvelopeType::Data), "hello", m_key);
        QCOMPARE(ours.first(48), head);
        QCOMPARE(ours.size(), 93);
    }

    void opensWhatItSealed_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("deflates");
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("one byte") << "x"_ba << false;
        QTest::newRow("short") << "hello"_ba << false;
        QTest::newRow("repetitive") << QByteArray("abcdefgh").repeated(100) << true;
        QTest::newRow("noise") << noise(10'000) << false;
        QTest::newRow("a message") << protocol::encodeMap({{u"text"_s, QString(20'000, u'x')}})
                                   << false; // more than 100 times smaller: sent as it is
        QTest::newRow("a large message") << noise(2000).toHex().repeated(10) << true;
    }
    void opensWhatItSealed()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, deflates);
        const QByteArray bytes = sealEnvelope(headerOf(EnvelopeType::Data), body, m_key);
        const auto opened = openEnvelope(bytes, m_key);
        QVERIFY(opened);
        QCOMPARE(opened->body, body);
        QCOMPARE(opened->header.deflated, deflates);
        QCOMPARE(opened->header.agentId, fill(16, 0xc0));
        QVERIFY(bytes.size() <= 48 + 24 + body.size() + 16);
    }

    void refusesEveryByteFlipped()
    {
        for (const QByteArray& body : {"hello"_ba, QByteArray("abcdefgh").repeated(20)}) {
            const QByteArray good = sealEnvelope(headerOf(EnvelopeType::Data), body, m_key);
            for (qsizetype i = 0; i < good.size(); ++i) {
                for (const int mask : {1, 0x80, 0xff}) {
                    QByteArray altered = good;
                    altered[i] = static_cast<char>(altered[i] ^ mask);
                    QVERIFY2(!openEnvelope(altered, m_key), qPrintable(u"byte %1"_s.arg(i)));
                }
            }
        }
    }

    void refusesEveryCutAndEveryAddition()
    {
        const QByteArray good = sealEnvelope(headerOf(EnvelopeType::Data), "hello", m_key);
        for (qsizetype length = 0; length < good.size(); ++length)
            QCOMPARE(openEnvelope(good.first(length), m_key).error().code, ErrorCode::Malformed);
        QCOMPARE(openEnvelope(good + 'x', m_key).error().code, ErrorCode::Malformed);
    }

    void refusesAnotherKey()
    {
        const QByteArray good = sealEnvelope(headerOf(EnvelopeType::Data), "hello", m_key);
        QCOMPARE(openEnvelope(good, crypto::randomSecret(32)).error().code, ErrorCode::CryptoFailed);
        QCOMPARE(openEnvelope(good, Secret()).error().code, ErrorCode::CryptoFailed);
    }

    void sealsNothingTooLarge()
    {
        QCOMPARE(sealEnvelope(headerOf(EnvelopeType::Data), noise(256 * 1024 - 88), m_key).size(), 256 * 1024);
        QVERIFY(sealEnvelope(headerOf(EnvelopeType::Data), noise(256 * 1024 - 87), m_key).isEmpty());
        QVERIFY(!sealEnvelope(headerOf(EnvelopeType::Config), noise(256 * 1024), m_key).isEmpty());
        QVERIFY(sealEnvelope(headerOf(EnvelopeType::Config), noise(1024 * 1024), m_key).isEmpty());
        QVERIFY(sealEnvelope(headerOf(EnvelopeType::Config), QByteArray(9 * 1024 * 1024, 'x'), m_key).isEmpty());
    }

    void refusesWhatInflatesTooFar_data()
    {
        QTest::addColumn<QByteArray>("inside");
        QTest::addColumn<int>("code");
        QTest::newRow("a bomb") << rawDeflated(QByteArray(1'000'000, 'x')) << int(ErrorCode::LimitExceeded);
        QTest::newRow("beyond 8 MiB") << rawDeflated(noise(100).repeated(90'000)) << int(ErrorCode::LimitExceeded);
        QTest::newRow("no stream") << noise(500) << int(ErrorCode::Malformed);
        QTest::newRow("nothing") << QByteArray() << int(ErrorCode::Malformed);
        QTest::newRow("a stream that is cut")
            << rawDeflated(noise(500).toHex()).chopped(10) << int(ErrorCode::Malformed);
        QTest::newRow("bytes after the stream")
            << rawDeflated(noise(500).toHex()) + "more" << int(ErrorCode::Malformed);
        QTest::newRow("zlib's wrapper") << qCompress(noise(500).toHex()).sliced(4) << int(ErrorCode::Malformed);
    }
    void refusesWhatInflatesTooFar()
    {
        QFETCH(QByteArray, inside);
        QFETCH(int, code);
        const auto refused = openEnvelope(sealedRaw(inside, true, m_key), m_key);
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), code);
    }

    void inflatesUpToItsLimits()
    {
        const QByteArray most = noise(1500).repeated(100).first(100'000); // about 60 times smaller
        const auto opened = openEnvelope(sealedRaw(rawDeflated(most), true, m_key), m_key);
        QVERIFY(opened);
        QCOMPARE(opened->body, most);
    }

    void survivesAnyStream()
    {
        QRandomGenerator random(5);
        const QByteArray good = rawDeflated(noise(300).toHex());
        for (int round = 0; round < 3000; ++round) {
            QByteArray inside = good;
            inside[random.bounded(inside.size())] = static_cast<char>(random.bounded(256));
            inside.truncate(random.bounded(inside.size() + 1));
            (void)openEnvelope(sealedRaw(inside, true, m_key), m_key); // an error or a body, never a crash
        }
    }

    void carriesTheBoxOfAnActivation()
    {
        const protocol::ActivationBox box{fill(16, 1), 1, fromMs(1'764'100'000'000), fill(32, 2), {{u"scan"_s, true}}};
        const QByteArray bytes = channel::sealActivationBox(box, m_key, fromMs(1'764'000'000'000));
        QCOMPARE(channel::openActivationBox(bytes, m_key), box);
        QCOMPARE(channel::openActivationBox(bytes, crypto::randomSecret(32)).error().code, ErrorCode::CryptoFailed);
        QVERIFY(!channel::openActivationBox(bytes.first(60), m_key));
        QVERIFY(!channel::openActivationBox({}, m_key));
    }

    void refusesABoxForAnotherAgent()
    {
        const auto ack = crypto::AgentKeys::derive(m_key, fill(16, 9)).ack;
        const protocol::ActivationBox inside{fill(16, 1), 1, {}, {}, {}};
        EnvelopeHeader header = headerOf(EnvelopeType::Config);
        header.direction = protocol::Direction::ServerToAgent;
        header.agentId = fill(16, 9);
        QCOMPARE(channel::openActivationBox(sealEnvelope(header, inside.encode(), ack), m_key).error().code,
            ErrorCode::Malformed);
    }

private:
    const Secret m_key{fill(32, 0x60)};
};

PLATEN_TEST(SealedEnvelopeTest)
#include "SealedEnvelopeTest.moc"
