// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <testkit/Program.h>

#include <QTest>

#include <atomic>
#include <thread>

using namespace platen;
using namespace Qt::StringLiterals;

class CryptoTest : public QObject {
    Q_OBJECT

private slots:
    void startsAsOftenAsOneLikes()
    {
        QVERIFY(crypto::start());
        QVERIFY(crypto::start());
    }

    void hashes()
    {
        QCOMPARE(crypto::sha256("abc").toHex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QCOMPARE(crypto::sha256({}).toHex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        QCOMPARE(crypto::sha512("abc").toHex().first(32), "ddaf35a193617abacc417349ae204131");
    }

    void computesTheHmacOfRfc4231() // test case 2
    {
        QCOMPARE(crypto::hmacSha256(Secret("Jefe"_ba), "what do ya want for nothing?").toHex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    void derivesTheKeysOfRfc5869_data()
    {
        QTest::addColumn<QByteArray>("ikm");
        QTest::addColumn<QByteArray>("salt");
        QTest::addColumn<QByteArray>("info");
        QTest::addColumn<QByteArray>("okm");
        const auto run = [](int from, int to) {
            QByteArray bytes;
            for (int i = from; i <= to; ++i)
                bytes.append(static_cast<char>(i));
            return bytes;
        };
        QTest::newRow("1") << QByteArray(22, '\x0b') << run(0x00, 0x0c) << run(0xf0, 0xf9)
                           << "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"_ba;
        QTest::newRow("2, longer")
            << run(0x00, 0x4f) << run(0x60, 0xaf) << run(0xb0, 0xff)
            << "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
               "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"_ba;
        QTest::newRow("3, no salt, no info")
            << QByteArray(22, '\x0b') << QByteArray() << QByteArray()
            << "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"_ba;
    }
    void derivesTheKeysOfRfc5869()
    {
        QFETCH(QByteArray, ikm);
        QFETCH(QByteArray, salt);
        QFETCH(QByteArray, info);
        QFETCH(QByteArray, okm);
        QCOMPARE(crypto::hkdf(Secret(ikm), salt, info, static_cast<int>(okm.size() / 2)).reveal().toHex(), okm);
    }

    void comparesBytesOfAnyLength()
    {
        QVERIFY(crypto::equal("same", "same"));
        QVERIFY(crypto::equal({}, {}));
        QVERIFY(!crypto::equal("same", "samf"));
        QVERIFY(!crypto::equal("same", "sam"));
        QVERIFY(!crypto::equal("same", {}));
    }

    void prefixesLengthsAsLeb128()
    {
        QCOMPARE(crypto::leb128(0).toHex(), "00");
        QCOMPARE(crypto::leb128(127).toHex(), "7f");
        QCOMPARE(crypto::leb128(128).toHex(), "8001");
        QCOMPARE(crypto::leb128(422).toHex(), "a603");
        QCOMPARE(crypto::leb128(~quint64(0)).toHex(), "ffffffffffffffffff01");
        QCOMPARE(crypto::lv("1234"),
            "\x04"
            "1234"_ba);
        QCOMPARE(crypto::lv({}), QByteArray(1, '\0'));
        QCOMPARE(crypto::lv(QByteArray(200, 'x')).size(), 202);
    }

    void writesNumbersBigEndFirst()
    {
        QCOMPARE(crypto::bigEndian32(1).toHex(), "00000001");
        QCOMPARE(crypto::bigEndian64(0x0102030405060708).toHex(), "0102030405060708");
    }

    void worksOnSeveralThreadsAtOnce()
    {
        const QByteArray expected = crypto::hkdf(Secret("ikm"_ba), "salt"_ba, "info"_ba, 32).reveal();
        std::atomic<int> wrong = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    for (int round = 0; round < 500; ++round) {
                        wrong += crypto::hkdf(Secret("ikm"_ba), "salt"_ba, "info"_ba, 32).reveal() != expected;
                        wrong +=
                            crypto::sha256("abc").size() != 32 || crypto::hmacSha256(Secret("k"_ba), "m").size() != 32;
                    }
                });
        }
        QCOMPARE(wrong.load(), 0);
    }

    void givesOtherRandomBytesEachTime()
    {
        QCOMPARE(crypto::randomBytes(32).size(), 32);
        QVERIFY(crypto::randomBytes(32) != crypto::randomBytes(32));
        QVERIFY(crypto::randomBytes(0).isEmpty());
    }
};

PLATEN_TEST(CryptoTest)
#include "CryptoTest.moc"
