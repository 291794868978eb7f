// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <protocol/Cbor.h>
#include <protocol/Messages.h>
#include <testkit/Program.h>
#include <testkit/ProtocolVectors.h>

#include <QCborArray>
#include <QRandomGenerator>
#include <QTest>

using namespace platen;
using namespace platen::protocol;
using namespace Qt::StringLiterals;
using test::fill;

namespace {

/// One of each message, and what must hold for all of them, without its type.
struct Sample {
    QString name;
    QByteArray bytes;
    std::function<Status(QByteArrayView)> decode; ///< and compares with the original
    QStringList optional; ///< fields that may be missing
};

template <typename Message>
Sample sampleOf(const char* name, const Message& message, QStringList optional = {})
{
    return {QString::fromLatin1(name), message.encode(),
        [message](QByteArrayView bytes) -> Status {
            const Result<Message> decoded = Message::decode(bytes);
            if (!decoded)
                return fail(decoded.error());
            return *decoded == message ? Status() : fail(ErrorCode::Internal, u"another message came out"_s);
        },
        std::move(optional)};
}

QList<Sample> samples()
{
    const Instant now = fromMs(1'764'000'000'000);
    const QCborMap reading{{u"schema"_s, 1}, {u"takenAt"_s, toMs(now)}};
    return {
        sampleOf("HELLO", Hello{fill(16, 1), 7, fill(16, 2), 3, 6}),
        sampleOf("HELLO_ACK", HelloAck{fill(32, 1), fill(16, 2), 6, now, 3, fill(32, 4)}, {u"auditHead"_s}),
        sampleOf("READY", Ready{fill(16, 1), 4}),
        sampleOf("ACK", Ack{12, AckCode::Ok, {1, 4000}}, {u"full"_s}),
        sampleOf("NAK", Ack{12, AckCode::Nak, {}}),
        sampleOf("BUSY", Ack{12, AckCode::Busy, {}}),
        sampleOf("ACK that asks for a new key", Ack{12, AckCode::Rekey, {}}),
        sampleOf("REKEY", Rekey{fill(422, 1), fill(16, 2), 12}),
        sampleOf("REKEY's answer", RekeyReply{fill(384, 1)}),
        sampleOf("GAP", Gap{3, 5, u"overflow"_s}),
        sampleOf("CONFIG", Config{9, {{u"scan"_s, QCborMap{{u"every"_s, 3600}}}}}),
        sampleOf("DATA", Data{{{1, {}, reading}, {2, fill(8, 1), reading}}, {3, 4}},
            {u"readings"_s, u"seen"_s}), // one of the two will do
        sampleOf("DATA of nothing new", Data{{}, {3, 4}}, {u"readings"_s, u"seen"_s}),
        sampleOf("INFO", AgentInfo{u"0.1.0"_s, u"linux"_s, u"Berlin"_s}, {u"version"_s, u"os"_s, u"name"_s}),
        sampleOf("M1", ActivateStart{2, u"K7QM"_s, fill(16, 1), fill(32, 2), fill(422, 3), AgentInfo{}.encode()}),
        sampleOf("M2", ActivateStartReply{fill(32, 1), fill(16, 2), fill(32, 3), now}),
        sampleOf("M3", ActivateConfirm{fill(16, 1), fill(32, 2)}),
        sampleOf("M4", ActivateConfirmReply{fill(384, 1), fill(32, 2), fill(200, 3)}),
        sampleOf("BOX", ActivationBox{fill(16, 1), 1, now, fill(32, 2), {{u"later"_s, true}}},
            {u"expiresAt"_s, u"config"_s}),
        sampleOf("BOX without end", ActivationBox{fill(16, 1), 1, std::nullopt, {}, {}}, {u"expiresAt"_s, u"config"_s}),
    };
}

QCborMap map(const QByteArray& bytes) { return *decodeMap(bytes); }

} // namespace

class MessagesTest : public QObject {
    Q_OBJECT

private slots:
    void comesOutAsItWentIn_data() { rows(); }
    void comesOutAsItWentIn()
    {
        const Sample sample = fetch();
        const Status same = sample.decode(sample.bytes);
        QVERIFY2(same, same ? "" : qPrintable(same.error().detail));
    }

    void ignoresFieldsItDoesNotKnow_data() { rows(); }
    void ignoresFieldsItDoesNotKnow()
    {
        const Sample sample = fetch();
        QCborMap more = map(sample.bytes);
        more.insert(u"ofTheFuture"_s, QCborArray{1, 2});
        QVERIFY(sample.decode(encodeMap(more)));
    }

    void missesEveryFieldItNeeds_data() { rows(); }
    void missesEveryFieldItNeeds()
    {
        const Sample sample = fetch();
        const QCborMap whole = map(sample.bytes);
        for (const QCborValue& key : whole.keys()) {
            if (sample.optional.contains(key.toString()))
                continue;
            QCborMap less = whole;
            less.remove(key);
            const Status refused = sample.decode(encodeMap(less));
            QVERIFY2(!refused, qPrintable(key.toString()));
            QCOMPARE(refused.error().code, ErrorCode::Malformed);
            QVERIFY2(refused.error().detail.contains(key.toString()), qPrintable(refused.error().detail));
        }
    }

    void refusesFieldsOfAnotherType_data() { rows(); }
    void refusesFieldsOfAnotherType()
    {
        const Sample sample = fetch();
        const QCborMap whole = map(sample.bytes);
        for (const QCborValue& key : whole.keys()) {
            if (whole.value(key).isNull())
                continue;
            QCborMap wrong = whole;
            wrong.insert(key, QCborValue(true));
            const Status refused = sample.decode(encodeMap(wrong));
            QVERIFY2(!refused && refused.error().code == ErrorCode::Malformed, qPrintable(key.toString()));
        }
    }

    void refusesKeysAndNoncesOfAnotherSize_data() { rows(); }
    void refusesKeysAndNoncesOfAnotherSize()
    {
        const Sample sample = fetch();
        const QCborMap whole = map(sample.bytes);
        for (const QCborValue& key : whole.keys()) {
            if (!whole.value(key).isByteArray() || key.toString() == u"info"_s || key.toString() == u"box"_s)
                continue;
            for (const QByteArray& bytes :
                {whole.value(key).toByteArray().chopped(1), whole.value(key).toByteArray() + 'x', QByteArray()}) {
                QCborMap wrong = whole;
                wrong.insert(key, bytes);
                QVERIFY2(!sample.decode(encodeMap(wrong)), qPrintable(key.toString()));
            }
        }
    }

    void survivesCutsAndChanges_data() { rows(); }
    void survivesCutsAndChanges()
    {
        const Sample sample = fetch();
        for (qsizetype length = 0; length < sample.bytes.size(); ++length)
            QVERIFY(!sample.decode(sample.bytes.first(length)));
        QRandomGenerator random(2);
        for (int round = 0; round < 2000; ++round) {
            QByteArray bytes = sample.bytes;
            bytes[random.bounded(bytes.size())] = static_cast<char>(random.bounded(256));
            (void)sample.decode(bytes); // an error or a message, never a crash
        }
    }

    void refusesNumbersOutOfTheirRange()
    {
        const auto refusedField = [](QByteArray bytes, const QString& field, const QCborValue& value, auto decode) {
            QCborMap changed = map(bytes);
            changed.insert(field, value);
            return !decode(encodeMap(changed));
        };
        QVERIFY(refusedField(Ack{}.encode(), u"hwm"_s, -1, Ack::decode));
        QVERIFY(refusedField(Ack{}.encode(), u"hwm"_s, 1.0, Ack::decode));
        QVERIFY(refusedField(Ack{}.encode(), u"code"_s, u"fine"_s, Ack::decode));
        QVERIFY(refusedField(Ack{}.encode(), u"full"_s, QCborArray{-1}, Ack::decode));
        QVERIFY(refusedField(Gap{3, 5, {}}.encode(), u"to"_s, 2, Gap::decode));
        QVERIFY(refusedField(Gap{3, 5, {}}.encode(), u"reason"_s, QString(257, u'x'), Gap::decode));
        QVERIFY(refusedField(HelloAck{fill(32, 1), fill(16, 2), 0, {}, 0, {}}.encode(), u"serverTime"_s,
            std::numeric_limits<qint64>::max(), HelloAck::decode));
    }

    void namesAVersionThatIsNotSpoken()
    {
        ActivateStart start{3, u"K7QM"_s, fill(16, 1), fill(32, 2), fill(422, 3), {}};
        QCOMPARE(ActivateStart::decode(start.encode()).error().code, ErrorCode::Unsupported);
    }

    void refusesDevicesThatAreNone()
    {
        const QCborArray good{QCborMap{{u"d"_s, 1}, {u"r"_s, QCborMap()}}};
        for (const QCborValue& seen : {QCborValue(QCborArray{-1}), QCborValue(QCborArray{u"1"_s}), QCborValue(1)})
            QCOMPARE(
                Data::decode(encodeMap({{u"readings"_s, good}, {u"seen"_s, seen}})).error().code, ErrorCode::Malformed);
    }

    void refusesDataThatIsNone_data()
    {
        QTest::addColumn<QCborValue>("readings");
        const QCborMap good{{u"d"_s, 1}, {u"r"_s, QCborMap()}};
        QTest::newRow("nothing") << QCborValue(QCborArray());
        QTest::newRow("a number") << QCborValue(QCborArray{good, 1});
        QTest::newRow("no device") << QCborValue(QCborArray{QCborMap{{u"r"_s, QCborMap()}}});
        QTest::newRow("no reading") << QCborValue(QCborArray{QCborMap{{u"d"_s, 1}}});
        QTest::newRow("a short base") << QCborValue(
            QCborArray{QCborMap{{u"d"_s, 1}, {u"b"_s, fill(7, 1)}, {u"r"_s, QCborMap()}}});
        QCborArray many;
        for (int i = 0; i < 1001; ++i)
            many.append(QCborMap());
        QTest::newRow("too many") << QCborValue(many);
    }
    void refusesDataThatIsNone()
    {
        QFETCH(QCborValue, readings);
        QCOMPARE(Data::decode(encodeMap({{u"readings"_s, readings}})).error().code, ErrorCode::Malformed);
    }

    void findsTheMessageOfAType()
    {
        const auto hello = decodeFromAgent(EnvelopeType::Hello, Hello{fill(16, 1), 7, fill(16, 2), 3, 6}.encode());
        QVERIFY(hello && std::holds_alternative<Hello>(*hello));
        const auto ack = decodeFromServer(EnvelopeType::Ack, Ack{}.encode());
        QVERIFY(ack && std::holds_alternative<Ack>(*ack));
        QCOMPARE(decodeFromAgent(EnvelopeType::Ack, Ack{}.encode()).error().code, ErrorCode::Unsupported);
        QCOMPARE(decodeFromServer(EnvelopeType::Data, Data{}.encode()).error().code, ErrorCode::Unsupported);
        QCOMPARE(decodeFromAgent(EnvelopeType::Gap, "x").error().code, ErrorCode::Malformed);
    }

private:
    static void rows()
    {
        QTest::addColumn<int>("sample");
        const QList<Sample> all = samples();
        for (int i = 0; i < all.size(); ++i)
            QTest::newRow(qPrintable(all[i].name)) << i;
    }
    static Sample fetch()
    {
        QFETCH(int, sample);
        return samples().at(sample);
    }
};

PLATEN_TEST(MessagesTest)
#include "MessagesTest.moc"
