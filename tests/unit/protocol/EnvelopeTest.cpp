// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <protocol/Envelope.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QTest>

using namespace platen;
using protocol::EnvelopeHeader;

namespace {

EnvelopeHeader sampleHeader()
{
    EnvelopeHeader header;
    header.agentId = test::fill(16, 0xc0);
    header.seq = 7;
    header.created = 1'764'000'000'123;
    header.length = 21;
    return header;
}

} // namespace

class EnvelopeTest : public QObject {
    Q_OBJECT

private slots:
    void writesTheProtocolsHeader() { QCOMPARE(sampleHeader().encode(), protocolVector48()); }

    void readsTheProtocolsHeader() { QCOMPARE(EnvelopeHeader::decode(protocolVector48()), sampleHeader()); }

    void readsWhatItWrites()
    {
        EnvelopeHeader header = sampleHeader();
        header.type = protocol::EnvelopeType::MibWalk;
        header.deflated = true;
        header.direction = protocol::Direction::ServerToAgent;
        header.epoch = 0xffffffff;
        header.seq = (quint64(1) << 63) - 1;
        QCOMPARE(EnvelopeHeader::decode(header.encode()), header);
    }

    void refusesWhatDoesNotExist_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("byte");
        QTest::addColumn<int>("code");
        QTest::newRow("magic") << 3 << int('1') << int(ErrorCode::Malformed);
        QTest::newRow("version 1") << 4 << 1 << int(ErrorCode::Unsupported);
        QTest::newRow("version 3") << 4 << 3 << int(ErrorCode::Unsupported);
        QTest::newRow("type 0") << 5 << 0 << int(ErrorCode::Unsupported);
        QTest::newRow("type 13") << 5 << 13 << int(ErrorCode::Unsupported);
        QTest::newRow("flag 2") << 6 << 2 << int(ErrorCode::Malformed);
        QTest::newRow("direction 2") << 7 << 2 << int(ErrorCode::Malformed);
        QTest::newRow("seq of 2^63") << 28 << 0x80 << int(ErrorCode::Malformed);
        QTest::newRow("created before 1970") << 36 << 0x80 << int(ErrorCode::Malformed);
        QTest::newRow("no room for a tag") << 47 << 15 << int(ErrorCode::Malformed);
        QTest::newRow("too long for DATA") << 45 << 4 << int(ErrorCode::LimitExceeded);
        QTest::newRow("too long for anything") << 44 << 1 << int(ErrorCode::LimitExceeded);
    }
    void refusesWhatDoesNotExist()
    {
        QFETCH(int, at);
        QFETCH(int, byte);
        QFETCH(int, code);
        QByteArray bytes = protocolVector48();
        bytes[at] = static_cast<char>(byte);
        const auto refused = EnvelopeHeader::decode(bytes);
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), code);
    }

    void refusesACutHeader()
    {
        const QByteArray bytes = protocolVector48();
        for (qsizetype i = 0; i < bytes.size(); ++i)
            QCOMPARE(EnvelopeHeader::decode(bytes.first(i)).error().code, ErrorCode::Malformed);
    }

private:
    static QByteArray protocolVector48() { return test::protocolVector("envelope").first(48); }
};

PLATEN_TEST(EnvelopeTest)
#include "EnvelopeTest.moc"
