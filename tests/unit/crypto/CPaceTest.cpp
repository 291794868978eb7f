// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/CPace.h>
#include <crypto/Crypto.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

namespace {

QByteArray hex(const char* text) { return QByteArray::fromHex(text); }
Secret secret(const char* text) { return Secret(hex(text)); }

// draft-irtf-cfrg-cpace, appendix B.3: group ristretto255 and hash SHA-512.
const QByteArray sid = hex("7e4b4791d6a8ef019b936c79fb7f2c57");
constexpr auto g = "5e25411ca1ad7c9debfd0b33ad987a95cefef2d3f15dcc8bd26415a5dfe2e15a";
constexpr auto scalarA = "da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08";
constexpr auto shareA = "383a85dd236978f17f8c8545b50dabc52a39fcdab2cf8bc531ce040ff77ca82d";
constexpr auto scalarB = "d2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d";
constexpr auto shareB = "a6206309c0e8e5f579295e35997ac4300ab3fecec3c17f7b604f3e698fa1383c";
constexpr auto point = "fa1d0318864e2cacb26875f1b791c9ae83204fe8359addb53e95a2e98893853f";
constexpr auto isk =
    "e91ccb2c0f5e0d0993a33956e3be59754f3f2b07db57631f5394452ea2e7b4354674eb1f5686c078462bf83bec72e8743df44010"
    "8e638f3526d9b90e85be096f";

} // namespace

class CPaceTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void hashesThePasswordToTheDraftsGenerator()
    {
        const QByteArray ci = "\nAinitiator\nBresponder"_ba;
        QCOMPARE(crypto::cpace::generatorString(Secret("Password"_ba), ci, sid).reveal(),
            hex("11435061636552697374726574746f3235350850617373776f726464") + QByteArray(100, '\0')
                + hex("160a41696e69746961746f720a42726573706f6e646572107e4b4791d6a8ef019b936c79fb7f2c57"));
        QCOMPARE(crypto::cpace::generator(Secret("Password"_ba), ci, sid).reveal(), hex(g));
    }

    void sharesAsTheDraftDoes()
    {
        QCOMPARE(crypto::cpace::share(secret(scalarA), secret(g)), hex(shareA));
        QCOMPARE(crypto::cpace::share(secret(scalarB), secret(g)), hex(shareB));
    }

    void reachesTheDraftsKeyFromBothSides()
    {
        const auto ours = crypto::cpace::sharedPoint(secret(scalarA), hex(shareB));
        const auto theirs = crypto::cpace::sharedPoint(secret(scalarB), hex(shareA));
        QVERIFY(ours && theirs);
        QCOMPARE(ours->reveal(), hex(point));
        QCOMPARE(theirs->reveal(), hex(point));
        QCOMPARE(
            crypto::cpace::sessionKey({sid, hex(shareA), "ADa"_ba, hex(shareB), "ADb"_ba}, *ours).reveal(), hex(isk));
    }

    void multipliesTheDraftsPoint()
    {
        const auto product =
            crypto::cpace::sharedPoint(secret("7cd0e075fa7955ba52c02759a6c90dbbfc10e6d40aea8d283e407d88cf538a05"),
                hex("2c3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c"));
        QVERIFY(product);
        QCOMPARE(product->reveal(), hex("7c13645fe790a468f62c39beb7388e541d8405d1ade69d1778c5fe3e7f6b600e"));
    }

    void refusesWhatIsNoPoint_data()
    {
        QTest::addColumn<QByteArray>("share");
        QTest::newRow("Y_i1 of the draft") << hex("2b3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c");
        QTest::newRow("Y_i2, the neutral element") << QByteArray(32, '\0');
        QTest::newRow("not canonical") << QByteArray(32, '\xff');
        QTest::newRow("too short") << QByteArray(31, '\x01');
        QTest::newRow("too long") << hex(shareA) + 'x';
        QTest::newRow("empty") << QByteArray();
    }
    void refusesWhatIsNoPoint()
    {
        QFETCH(QByteArray, share);
        const auto refused = crypto::cpace::sharedPoint(
            secret("7cd0e075fa7955ba52c02759a6c90dbbfc10e6d40aea8d283e407d88cf538a05"), share);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::CryptoFailed);
    }
};

PLATEN_TEST(CPaceTest)
#include "CPaceTest.moc"
