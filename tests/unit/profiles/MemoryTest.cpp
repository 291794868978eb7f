// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Memory.h>
#include <testkit/Program.h>

#include <QTest>

#include <limits>

using namespace platen;
using namespace platen::profiles;
using snmp::Oid;
using snmp::Value;

class MemoryTest : public QObject {
    Q_OBJECT

private slots:
    void keepsEveryKindOfValue()
    {
        const snmp::Answers answers{
            {Oid{1, 3, 6, 1, 1}, Value::text("Toner")},
            {Oid{1, 3, 6, 1, 1, 4'294'967'295U}, Value::integer(-3)},
            {Oid{1, 3, 6, 1, 2}, {Value::Type::Counter64, std::numeric_limits<qint64>::max(), {}, {}}},
            {Oid{1, 3, 6, 1, 2, 0}, {Value::Type::ObjectId, 0, {}, Oid{1, 3, 6, 1, 4, 1, 11}}},
            {Oid{1, 3, 6, 1, 3}, Value::text(QByteArray(3000, '\xff'))},
            {Oid{2}, Value::text({})},
        };
        const Memory memory = Memory::fromBytes(Memory::of(answers, 77).toBytes());
        QCOMPARE(memory.content().answers, answers);
        QCOMPARE(memory.content().profile, 77U);
    }

    void isNullWhenItWouldBeTooLarge()
    {
        QByteArray noise;
        for (quint32 i = 0, last = 1; i < 30'000; ++i)
            noise += static_cast<char>((last = last * 1664525 + 1013904223) >> 24);
        QVERIFY(Memory::of({{Oid{1}, Value::text(noise)}}, 1).isNull());
        QVERIFY(Memory::fromBytes(noise).isNull());
        QVERIFY(Memory::of({{Oid{1}, Value::text(QByteArray(1 << 20, 'x'))}}, 1).isNull());
    }

    void understandsNothingOfDamage()
    {
        const QByteArray good = Memory::of({{Oid{1, 3, 6}, Value::text("Toner")}, {Oid{1, 3, 7}, Value::integer(4)}}, 1).toBytes();
        for (qsizetype length = 0; length < good.size(); ++length)
            QVERIFY(Memory::fromBytes(good.first(length)).content().answers.isEmpty());
        // What is deflated well can still be nonsense: any byte may be any other.
        const QByteArray plain = qUncompress(good.sliced(1));
        for (qsizetype at = 0; at < plain.size(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                QByteArray damaged = plain;
                damaged[at] = static_cast<char>(byte);
                for (const Oid& oid : Memory::fromBytes(good.first(1) + qCompress(damaged)).content().answers.keys())
                    QVERIFY(!oid.isEmpty() && oid.size() <= Oid::maxArcs);
            }
        }
    }
};

PLATEN_TEST(MemoryTest)
#include "MemoryTest.moc"
