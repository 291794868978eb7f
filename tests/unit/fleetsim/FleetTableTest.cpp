// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Requests.h"

#include <fleetsim/Table.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::fleetsim;
using namespace platen::test;
using snmp::Oid;
using snmp::Value;

namespace {

const Oid sysDescr{1, 3, 6, 1, 2, 1, 1, 1, 0};
const Oid sysName{1, 3, 6, 1, 2, 1, 1, 5, 0};
const Oid big{1, 3, 6, 1, 2, 1, 1, 6, 0};

Table table()
{
    return Table({{sysDescr, Value::text("A printer")}, {sysName, Value::text("p1")}, {big, {Value::Type::Counter64, 5'000'000'000, {}, {}}}});
}

QByteArray answer(const QByteArray& datagram)
{
    const std::optional<Request> parsed = parseRequest(datagram);
    return parsed ? table().answer(*parsed) : QByteArray("refused");
}

} // namespace

class FleetTableTest : public QObject {
    Q_OBJECT

private slots:
    void answersAGetWithTheRecordedValue()
    {
        const QByteArray got = answer(request(1, Pdu::Get, {sysDescr}));
        QVERIFY(got.contains(encodeVarBind(sysDescr, Value::text("A printer"))));
        QCOMPARE(got.mid(got.indexOf('\xa2') + 2, 3), QByteArray("\x02\x01\x2a")); // the request id comes back
    }

    void tellsAMissingInstanceFromAMissingObject()
    {
        const Oid otherInstance{1, 3, 6, 1, 2, 1, 1, 1, 7};
        const Oid otherObject{1, 3, 6, 1, 2, 1, 1, 99, 0};
        QVERIFY(answer(request(1, Pdu::Get, {otherInstance})).contains(encodeVarBind(otherInstance, {Value::Type::NoSuchInstance, 0, {}, {}})));
        QVERIFY(answer(request(1, Pdu::Get, {otherObject})).contains(encodeVarBind(otherObject, {Value::Type::NoSuchObject, 0, {}, {}})));
    }

    void answersV1WithNoSuchNameAndTheIndex()
    {
        const QByteArray got = answer(request(0, Pdu::Get, {sysDescr, {1, 3, 9}}));
        QVERIFY(got.contains(QByteArray("\x02\x01\x02\x02\x01\x02", 6))); // error-status 2, error-index 2
        QVERIFY(got.contains(encodeVarBind({1, 3, 9}, {})));                // the bindings come back as they were
    }

    void hidesCounter64FromV1()
    {
        QVERIFY(answer(request(1, Pdu::GetNext, {sysName})).contains(encodeVarBind(big, {Value::Type::Counter64, 5'000'000'000, {}, {}})));
        QVERIFY(answer(request(0, Pdu::GetNext, {sysName})).contains(QByteArray("\x02\x01\x02\x02\x01\x01", 6)));
    }

    void endsTheMibViewOnce()
    {
        const QByteArray got = answer(request(1, Pdu::GetBulk, {sysName}, 0, 10));
        QCOMPARE(got.count(encodeVarBind(big, {Value::Type::EndOfMibView, 0, {}, {}})), 1);
    }

    void keepsABulkAnswerWithinAFrame()
    {
        snmp::Answers many;
        for (quint32 i = 1; i < 200; ++i)
            many.insert({1, 3, 6, 1, i}, Value::text(QByteArray(100, 'x')));
        const QByteArray datagram = request(1, Pdu::GetBulk, {{1, 3, 6, 1}}, 0, 100); // a Request only points into it
        const auto parsed = parseRequest(datagram);
        QVERIFY(parsed);
        const qsizetype size = Table(many).answer(*parsed).size();
        QVERIFY2(size > 1000 && size <= 1472, qPrintable(QString::number(size)));
    }

    void writesLargeArcsAndNegativeNumbersAsBerWants()
    {
        QCOMPARE(encodeVarBind({1, 3, 4294967295}, Value::integer(-129)).toHex(), QByteArray("300c06062b8fffffff7f0202ff7f"));
        QCOMPARE(encodeVarBind({1, 3}, Value::integer(128)).toHex(), QByteArray("300706012b02020080"));
    }

    void refusesEveryCutOfARequest()
    {
        const QByteArray whole = request(1, Pdu::Get, {sysDescr});
        for (qsizetype size = 0; size < whole.size(); ++size)
            QVERIFY2(!parseRequest(whole.first(size)), qPrintable(QString::number(size)));
        QVERIFY(parseRequest(whole));
    }
};

PLATEN_TEST(FleetTableTest)
#include "FleetTableTest.moc"
