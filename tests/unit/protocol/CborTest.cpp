// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <protocol/Cbor.h>
#include <testkit/Program.h>

#include <QCborArray>
#include <QRandomGenerator>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using protocol::decodeMap, protocol::encodeMap;

namespace {

QByteArray hex(const char* text) { return QByteArray::fromHex(text); }

/// {"a": value} with the value's bytes as given.
QByteArray around(const char* value) { return hex("a16161") + hex(value); }

QCborMap sampleMap()
{
    return {{u"text"_s, u"Drucker ✓"_s}, {u"bytes"_s, "\x00\xff"_ba},
        {u"list"_s, QCborArray{1, -1, 1.5, true, QCborValue(nullptr)}},
        {u"map"_s, QCborMap{{u"deep"_s, QCborMap{{u"er"_s, 23}}}}}, {u"least"_s, std::numeric_limits<qint64>::min()},
        {u"most"_s, std::numeric_limits<qint64>::max()}, {u"third"_s, 1.0 / 3}};
}

/// The same entries; QCborMap's own comparison looks at their order as well.
bool isSame(const QCborMap& a, const QCborMap& b)
{
    return a.size() == b.size() && std::ranges::all_of(a.keys(), [&](const QCborValue& key) {
        const QCborValue left = a.value(key), right = b.value(key);
        return left.isMap() && right.isMap() ? isSame(left.toMap(), right.toMap()) : left == right;
    });
}

} // namespace

class CborTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatItWrites()
    {
        const auto read = decodeMap(encodeMap(sampleMap()));
        QVERIFY(read);
        QVERIFY(isSame(*read, sampleMap()));
    }

    void readsWhatQtWrites()
    {
        const auto read = decodeMap(sampleMap().toCborValue().toCbor());
        QVERIFY(read);
        QVERIFY(isSame(*read, sampleMap()));
    }

    void writesOneEncoding_data() // numbers of RFC 8949, appendix A
    {
        QTest::addColumn<QCborValue>("value");
        QTest::addColumn<QByteArray>("encoding");
        QTest::newRow("0") << QCborValue(0) << "00"_ba;
        QTest::newRow("23") << QCborValue(23) << "17"_ba;
        QTest::newRow("24") << QCborValue(24) << "1818"_ba;
        QTest::newRow("255") << QCborValue(255) << "18ff"_ba;
        QTest::newRow("1000") << QCborValue(1000) << "1903e8"_ba;
        QTest::newRow("1000000") << QCborValue(1'000'000) << "1a000f4240"_ba;
        QTest::newRow("10^12") << QCborValue(qint64(1'000'000'000'000)) << "1b000000e8d4a51000"_ba;
        QTest::newRow("-1") << QCborValue(-1) << "20"_ba;
        QTest::newRow("-100") << QCborValue(-100) << "3863"_ba;
        QTest::newRow("1.5, half") << QCborValue(1.5) << "f93e00"_ba;
        QTest::newRow("54.0, half") << QCborValue(54.0) << "f952c0"_ba;
        QTest::newRow("100000.0, single") << QCborValue(100000.0) << "fa47c35000"_ba;
        QTest::newRow("1.1, double") << QCborValue(1.1) << "fb3ff199999999999a"_ba;
        QTest::newRow("ü") << QCborValue(u"ü"_s) << "62c3bc"_ba;
        QTest::newRow("null") << QCborValue(nullptr) << "f6"_ba;
    }
    void writesOneEncoding()
    {
        QFETCH(QCborValue, value);
        QFETCH(QByteArray, encoding);
        QCOMPARE(encodeMap({{u"a"_s, value}}).toHex(), "a16161" + encoding);
    }

    void writesKeysInOneOrder()
    {
        const QCborMap one{{u"b"_s, 1}, {u"aa"_s, 2}, {u"a"_s, 3}}, other{{u"a"_s, 3}, {u"aa"_s, 2}, {u"b"_s, 1}};
        QCOMPARE(encodeMap(one), encodeMap(other));
        QCOMPARE(encodeMap(one).toHex(),
            "a3616103616201626161"
            "02"_ba); // a, b, aa: bytewise, so shorter keys first
    }

    void refusesWhatNoMessageHolds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no map") << hex("83010203");
        QTest::newRow("bytes after the end") << hex("a000");
        QTest::newRow("cut head") << hex("b9");
        QTest::newRow("cut key") << hex("a162");
        QTest::newRow("cut value") << hex("a16161");
        QTest::newRow("key of bytes") << hex("a1416101");
        QTest::newRow("key of a number") << hex("a10101");
        QTest::newRow("key twice") << hex("a2616101616102");
        QTest::newRow("key twice, written in two ways") << hex("a261610178016102");
        QTest::newRow("indefinite map") << hex("bf616101ff");
        QTest::newRow("indefinite text") << around("7f6161ff");
        QTest::newRow("indefinite array") << around("9f01ff");
        QTest::newRow("lone break") << around("ff");
        QTest::newRow("reserved length") << around("1c");
        QTest::newRow("tag: date") << around("c11a514b67b0");
        QTest::newRow("tag: bignum") << around("c249010000000000000000");
        QTest::newRow("undefined") << around("f7");
        QTest::newRow("simple 16") << around("f0");
        QTest::newRow("simple 255") << around("f8ff");
        QTest::newRow("half infinity") << around("f97c00");
        QTest::newRow("half no number") << around("f97e00");
        QTest::newRow("single infinity") << around("faff800000");
        QTest::newRow("double no number") << around("fb7ff8000000000000");
        QTest::newRow("2^63") << around("1b8000000000000000");
        QTest::newRow("-2^63-1") << around("3b8000000000000000");
        QTest::newRow("bad UTF-8") << around("62c328");
        QTest::newRow("a surrogate in UTF-8") << around("63eda080");
        QTest::newRow("overlong UTF-8") << around("62c080");
        QTest::newRow("text of 2^63") << around("7bffffffffffffffff61");
        QTest::newRow("bytes of 4 GiB") << around("5affffffff61");
    }
    void refusesWhatNoMessageHolds()
    {
        QFETCH(QByteArray, bytes);
        const auto refused = decodeMap(bytes);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Malformed);
    }

    void countsBeforeItAllocates_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("array of 2^64-1") << around("9bffffffffffffffff");
        QTest::newRow("array of 2^31") << around("9a80000000");
        QTest::newRow("map of 2^63") << hex("bb8000000000000000"); // twice that is 0 in 64 bits
        QTest::newRow("map of 2^63+1") << hex("bb8000000000000001616101");
        QTest::newRow("4,097 items") << hex("b9080061") + QByteArray(5000, 'a');
        QTest::newRow("an array of 4,096") << around("991000") + QByteArray(4096, '\x01');
    }
    void countsBeforeItAllocates()
    {
        QFETCH(QByteArray, bytes);
        const auto refused = decodeMap(bytes);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == ErrorCode::LimitExceeded || bytes.size() > 5000);
    }

    void acceptsUpToItsLimits()
    {
        QVERIFY(
            decodeMap(around("990ffd") + QByteArray(4093, '\x01'))); // the map, the key, the array and what is in it
        QCOMPARE(decodeMap(around("990ffe") + QByteArray(4094, '\x01')).error().code, ErrorCode::LimitExceeded);
        QVERIFY(decodeMap(around("81818181818180"))); // arrays of depth 2 to 8
        QCOMPARE(decodeMap(around("8181818181818180")).error().code, ErrorCode::LimitExceeded);
        QCOMPARE(decodeMap(around("") + QByteArray(1'000'000, '\x81')).error().code, ErrorCode::LimitExceeded);
        QCOMPARE(decodeMap(QByteArray(9 * 1024 * 1024, '\xa0')).error().code, ErrorCode::LimitExceeded);
    }

    void countsAsItDecodes() { QCOMPARE(protocol::itemCount(QCborMap{{u"a"_s, QCborArray{1, 2}}}), 5); }

    void survivesAnyBytes()
    {
        QRandomGenerator random(1);
        const QByteArray good = encodeMap(sampleMap());
        for (int round = 0; round < 20'000; ++round) {
            QByteArray bytes = good;
            for (quint32 changes = random.bounded(1u, 4u); changes > 0; --changes)
                bytes[random.bounded(bytes.size())] = static_cast<char>(random.bounded(256));
            bytes.truncate(random.bounded(bytes.size() + 1));
            const auto read = decodeMap(bytes);
            if (!read)
                continue;
            const auto again = decodeMap(encodeMap(*read)); // whatever is accepted can be written and read again
            QVERIFY(again);
            QCOMPARE(encodeMap(*again), encodeMap(*read));
        }
    }
};

PLATEN_TEST(CborTest)
#include "CborTest.moc"
