// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Message.h>
#include <snmp/Probe.h>
#include <testkit/Program.h>

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <QTest>

#include <array>

using namespace Qt::StringLiterals;
using namespace platen;
using namespace platen::snmp;

namespace {

const QList<Oid> objects{{1, 3, 6, 1, 2, 1, 1, 1, 0}, {1, 3, 6, 1, 2, 1, 1, 2, 0}};

Credentials community(const QByteArray& name, Version version = Version::V2c)
{
    Credentials credentials;
    credentials.version = version;
    credentials.community = Secret(name);
    return credentials;
}

QByteArray written(const Probe& probe, quint32 id)
{
    std::array<char, 2048> room;
    const std::span<char> bytes = probe.write(room, id);
    return {bytes.data(), static_cast<qsizetype>(bytes.size())};
}

/// The whole library, user model included, without its files.
void startNetSnmp()
{
    static const bool isStarted = [] {
        qputenv("MIBS", "");
        for (const int setting :
            {NETSNMP_DS_LIB_DONT_READ_CONFIGS, NETSNMP_DS_LIB_DONT_PERSIST_STATE, NETSNMP_DS_LIB_DISABLE_CONFIG_LOAD})
            netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, setting, 1);
        init_snmp("platen-test");
        return true;
    }();
    Q_UNUSED(isStarted)
}

/// A message as Net-SNMP reads it.
class Parsed {
public:
    explicit Parsed(QByteArray bytes)
    {
        startNetSnmp();
        netsnmp_session session;
        snmp_sess_init(&session);
        m_pdu = static_cast<netsnmp_pdu*>(calloc(1, sizeof(netsnmp_pdu)));
        m_isGood = snmp_parse(nullptr, &session, m_pdu, reinterpret_cast<u_char*>(bytes.data()),
                       static_cast<size_t>(bytes.size()))
            == 0;
    }
    ~Parsed() { snmp_free_pdu(m_pdu); }
    Q_DISABLE_COPY_MOVE(Parsed)

    bool isGood() const { return m_isGood; }
    const netsnmp_pdu* operator->() const { return m_pdu; }
    QByteArray community() const
    {
        return {reinterpret_cast<const char*>(m_pdu->community), static_cast<qsizetype>(m_pdu->community_len)};
    }

private:
    netsnmp_pdu* m_pdu;
    bool m_isGood = false;
};

/// An answer of v1 or v2c.
QByteArray answer(quint32 id, char version = 1, char errorStatus = 0)
{
    QByteArray bytes = QByteArray::fromHex(
        "302c020101040670 75626c6963 a21f 020441424344 020100 020100 3011 300f 06082b06010201010500 0403 616263");
    bytes[4] = version;
    qToBigEndian(id, bytes.data() + 17);
    bytes[23] = errorStatus;
    return bytes;
}

/// What snmpd answers to a discovery of its engine.
const QByteArray report =
    QByteArray::fromHex("3074020103 3011020441424344020300ffe3040100020103"
                        "0423 3021041280001f8804706c6174656e2d746573742d31 020107 02022a30 0400 0400 0400"
                        "3037041280001f8804706c6174656e2d746573742d31 0400"
                        "a81f020441424344020100020100 3011300f060a2b060106030f01010400 410105");

} // namespace

class ProbeTest : public QObject {
    Q_OBJECT

private slots:
    void asksForWhatFollows()
    {
        const QList<Oid> beginning{{1, 3}};
        Question question;
        question.kind = Question::Kind::GetNext;
        question.target.credentials = community("public");
        question.oids = beginning;
        QCOMPARE(written(Probe(community("public"), beginning, true), 0x01020304), encoded(question, 0x01020304));
    }

    void isWhatNetSnmpReads_data();
    void isWhatNetSnmpReads();
    void isTheSameAsAMessageOfItsOwn_data();
    void isTheSameAsAMessageOfItsOwn();
    void isADiscoveryForV3();
    void takesAnswersApart();
    void tellsARefusalFromAnAnswer();
    void takesTheEngineOutOfAReport();
    void refusesEveryShortenedMessage();
    void survivesEveryFlippedBit();
};

void ProbeTest::isWhatNetSnmpReads_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isV1");
    QTest::addColumn<quint32>("id");

    QTest::newRow("public") << "public"_ba << false << 0x40000001U;
    QTest::newRow("v1") << "public"_ba << true << 0x7fffffffU;
    QTest::newRow("smallest id") << "public"_ba << false << Probe::smallestId;
    QTest::newRow("looks like the ids of the template")
        << "\x02\x04\x41\x42\x43\x44\x02\x04\x52\x53\x54\x55"_ba << false << 0x52535455U;
    QTest::newRow("empty") << ""_ba << false << 0x41424344U;
    QTest::newRow("as long as may be") << QByteArray(255, 'c') << false << 0x5a5a5a5aU;
}

void ProbeTest::isWhatNetSnmpReads()
{
    QFETCH(QByteArray, name);
    QFETCH(bool, isV1);
    QFETCH(quint32, id);

    const Probe probe(community(name, isV1 ? Version::V1 : Version::V2c), objects);
    const Parsed parsed(written(probe, id));
    QVERIFY(parsed.isGood());
    QCOMPARE(parsed->version, isV1 ? SNMP_VERSION_1 : SNMP_VERSION_2c);
    QCOMPARE(parsed->command, SNMP_MSG_GET);
    QCOMPARE(parsed.community(), name);
    QCOMPARE(parsed->reqid, long(id));
    QCOMPARE(parsed->errstat, 0);
    QList<Oid> asked;
    for (const netsnmp_variable_list* object = parsed->variables; object; object = object->next_variable) {
        QCOMPARE(object->type, ASN_NULL);
        asked.append(Oid());
        for (size_t i = 0; i < object->name_length; ++i)
            asked.last() = asked.last() + static_cast<quint32>(object->name[i]);
    }
    QCOMPARE(asked, objects);
}

void ProbeTest::isTheSameAsAMessageOfItsOwn_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("v1") << int(Version::V1);
    QTest::newRow("v2c") << int(Version::V2c);
    QTest::newRow("v3") << int(Version::V3);
}

void ProbeTest::isTheSameAsAMessageOfItsOwn()
{
    QFETCH(int, version);
    const Credentials credentials = community("secret", static_cast<Version>(version));
    const Probe probe(credentials, objects);
    Question question;
    question.target.credentials = credentials;
    question.oids = objects;
    for (const quint32 id : {Probe::smallestId, 0x40000000U, 0x41424344U, 0x12345678U, Probe::largestId})
        QCOMPARE(written(probe, id), credentials.version == Version::V3 ? encodedDiscovery(id) : encoded(question, id));
}

void ProbeTest::isADiscoveryForV3()
{
    const Probe probe(community({}, Version::V3), objects);
    const QByteArray bytes = written(probe, 0x66778899);
    QCOMPARE(bytes.count(QByteArray::fromHex("66778899")), 2); // msgID and request-id
    QVERIFY(bytes.contains(QByteArray::fromHex("040104020103"))); // reportable, no authentication, no privacy; USM
    QVERIFY(probe.size() < 80);
}

void ProbeTest::takesAnswersApart()
{
    const auto said = parsedAnswer(answer(0x41424344));
    QVERIFY(said);
    QCOMPARE(said->id, 0x41424344U);
    QCOMPARE(said->version, Version::V2c);
    QVERIFY(!said->isRefusal);
    QCOMPARE(said->varBinds, (VarBinds{{{1, 3, 6, 1, 2, 1, 1, 5, 0}, Value::text("abc")}}));
    QCOMPARE(parsedAnswer(answer(0x7fffffff, 0))->version, Version::V1);
    QVERIFY(!parsedAnswer(answer(0xffffffff))); // a negative id
}

void ProbeTest::tellsARefusalFromAnAnswer()
{
    QVERIFY(parsedAnswer(answer(0x41424344, 1, 16))->isRefusal);
    const auto missing = parsedAnswer(answer(0x41424344, 0, 2)); // noSuchName: somebody is there
    QVERIFY(missing && !missing->isRefusal && missing->varBinds.isEmpty());
}

void ProbeTest::takesTheEngineOutOfAReport()
{
    const auto said = parsedAnswer(report);
    QVERIFY(said);
    QCOMPARE(said->id, 0x41424344U);
    QCOMPARE(said->version, Version::V3);
    QCOMPARE(said->engine, (EngineIdentity{QByteArray::fromHex("80001f8804706c6174656e2d746573742d31"), 7, 0x2a30}));

    QByteArray noReport = report;
    noReport.replace(QByteArray::fromHex("a81f0204"), QByteArray::fromHex("a21f0204"));
    QVERIFY(!parsedAnswer(noReport));
}

void ProbeTest::refusesEveryShortenedMessage()
{
    for (const QByteArray& whole : {answer(0x41424344), report}) {
        QVERIFY(parsedAnswer(whole));
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY2(!parsedAnswer(QByteArray(whole.first(length))), qPrintable(QString::number(length)));
    }
}

void ProbeTest::survivesEveryFlippedBit()
{
    int understood = 0;
    for (const QByteArray& whole : {answer(0x41424344), report}) {
        for (qsizetype bit = 0; bit < whole.size() * 8; ++bit) {
            QByteArray flipped = whole;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            understood += parsedAnswer(flipped).has_value();
        }
    }
    QVERIFY(understood > 0); // other ids and values are still answers
}

PLATEN_TEST(ProbeTest)
#include "ProbeTest.moc"
