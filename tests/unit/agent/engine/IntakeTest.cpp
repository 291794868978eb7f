// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Intake.h>
#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using agent::Batch;
using agent::Intake;
using agent::KnownDevice;
using agent::KnownDevices;
using agent::Place;
using agent::StateChange;

namespace {

Place place(int last) { return {QHostAddress(u"10.0.%1.%2"_s.arg(last / 250).arg(last % 250 + 1)), 161, {}, false}; }

model::Reading reading(int number, qint64 pages = 100)
{
    model::Reading reading;
    reading.address = place(number).address.toString();
    reading.identity.manufacturer = u"HP"_s;
    reading.identity.model = u"LaserJet 4250"_s;
    reading.identity.serialNumber = u"CNBX%1"_s.arg(number, 6, 10, QLatin1Char('0'));
    reading.status.state = u"idle"_s;
    reading.status.errors = QStringList{};
    reading.status.display = {u"Ready"_s};
    reading.meters = {{u"total"_s, u"impressions"_s, pages, {}}};
    reading.alerts = {{u"1.1"_s, u"warning"_s, u"cover"_s, 1, -1, 3, u"Cover open"_s}};
    return reading;
}

} // namespace

class IntakeTest : public QObject {
    Q_OBJECT

    test::FakeClock m_clock;
    KnownDevices m_devices;
    QList<protocol::Data> m_sent;
    QList<StateChange> m_remembered;
    bool m_isFull = false;
    agent::Mask m_mask;
    std::unique_ptr<Intake> m_intake;

    /// What Outbox::submit does to the devices.
    Status submit(const protocol::Data& data)
    {
        if (m_isFull)
            return fail(ErrorCode::LimitExceeded, u"full"_s);
        for (const protocol::ReadingPart& part : data.readings) {
            KnownDevice* device = m_devices.find(quint32(part.localDeviceId));
            if (!part.isFull() && part.base != protocol::baseOf(device->spooled))
                return fail(ErrorCode::Internal, u"a delta against what the server does not have"_s);
            device->spooled = part.isFull() ? part.reading : *protocol::patched(device->spooled, part.reading);
            if (part.isFull()) {
                device->fullAt = m_clock.now();
                device->wantsFull = false;
            }
        }
        m_sent.append(data);
        return {};
    }

    void round(const QList<model::Reading>& readings)
    {
        m_sent.clear();
        m_intake->begin();
        for (model::Reading one : readings) {
            one.takenAt = m_clock.now();
            m_intake->take({QHostAddress(one.address), 161, {}, false}, {one});
        }
        m_intake->end();
    }

    void roundWithout(const QList<int>& silent)
    {
        m_sent.clear();
        m_intake->begin();
        for (const int number : silent)
            m_intake->miss(place(number).address);
        m_intake->end();
    }

    QList<protocol::ReadingPart> parts() const
    {
        QList<protocol::ReadingPart> all;
        for (const protocol::Data& data : m_sent)
            all.append(data.readings);
        return all;
    }

    QList<quint64> seen() const
    {
        QList<quint64> all;
        for (const protocol::Data& data : m_sent)
            all.append(data.seen);
        return all;
    }

private slots:
    void init()
    {
        m_clock = {};
        m_devices = {};
        m_sent.clear();
        m_remembered.clear();
        m_isFull = false;
        m_intake = std::make_unique<Intake>(m_devices,
            Intake::Ways{[this](const protocol::Data& data) { return submit(data); },
                [this](StateChange change) { m_remembered.append(std::move(change)); }},
            Intake::Rules{7 * 24h, m_mask}, m_clock);
    }

    void sendsAllOfANewDevice()
    {
        round({reading(1)});
        QCOMPARE(parts().size(), 1);
        QVERIFY(parts().first().isFull());
        QCOMPARE(parts().first().reading[u"identity"_s].toMap()[u"serialNumber"_s].toString(), u"CNBX000001"_s);
        QCOMPARE(m_intake->counts().added, 1);
    }

    void sendsOnlyWhatChanged()
    {
        round({reading(1)});
        m_clock.advance(15min);
        round({reading(1, 105)});
        QCOMPARE(parts().size(), 1);
        QVERIFY(!parts().first().isFull());
        QCOMPARE(parts().first().reading.keys(), (QList<QCborValue>{u"takenAt"_s, u"meters"_s}));
        QVERIFY(seen().isEmpty());
        m_clock.advance(15min);
        round({reading(1, 110)});
        QCOMPARE(parts().size(), 1); // and its base was right, or submit() had refused it
    }

    void onlyNamesADeviceWithNothingNew()
    {
        round({reading(1), reading(2)});
        m_clock.advance(15min);
        round({reading(1), reading(2, 101)});
        QCOMPARE(parts().size(), 1);
        QCOMPARE(seen(), QList<quint64>{1});
        QCOMPARE(m_sent.size(), 1); // both in one envelope
    }

    void sendsEverythingAgainAfterAWeek()
    {
        round({reading(1)});
        m_clock.advance(7 * 24h - 1ms);
        round({reading(1)});
        QVERIFY(parts().isEmpty());
        m_clock.advance(1ms);
        round({reading(1)});
        QCOMPARE(parts().size(), 1);
        QVERIFY(parts().first().isFull());
    }

    void saysOfflineAfterTheSecondSilentRoundAndOnce()
    {
        round({reading(1), reading(2)});
        roundWithout({0, 1}); // 0: an address nobody knows
        QVERIFY(m_sent.isEmpty());
        QCOMPARE(m_remembered.last().devices.first().misses, 1); // survives a restart
        m_clock.advance(15min);
        roundWithout({1});
        QCOMPARE(parts().size(), 1);
        const QCborMap patch = parts().first().reading;
        QCOMPARE(patch[u"takenAt"_s].toInteger(), toMs(m_clock.now()));
        QCOMPARE(patch[u"status"_s].toMap()[u"state"_s].toString(), u"offline"_s);
        QVERIFY(patch[u"status"_s].toMap()[u"display"_s].isNull());
        QVERIFY(patch[u"alerts"_s].isNull());
        QVERIFY(!patch.contains(u"meters"_s));
        QVERIFY(m_devices.find(1)->isOffline());
        QCOMPARE(m_devices.offlineCount(), 1);
        roundWithout({1});
        QVERIFY(m_sent.isEmpty());
    }

    void saysOfflineLaterWhenTheSpoolDidNotTakeIt()
    {
        round({reading(1)});
        roundWithout({1});
        m_isFull = true;
        roundWithout({1});
        QVERIFY(m_sent.isEmpty());
        m_isFull = false;
        roundWithout({1});
        QCOMPARE(parts().size(), 1);
        QVERIFY(m_devices.find(1)->isOffline());
    }

    void comesBackWithWhatChanged()
    {
        round({reading(1)});
        roundWithout({1});
        roundWithout({1});
        round({reading(1)});
        QCOMPARE(parts().size(), 1);
        QVERIFY(!parts().first().isFull());
        QVERIFY(parts().first().reading.contains(u"alerts"_s));
        QVERIFY(!m_devices.find(1)->isOffline());
        roundWithout({1});
        QVERIFY(m_sent.isEmpty()); // counts from the beginning
    }

    void leavesADeviceWithTwoAddressesWhereItIs()
    {
        round({reading(1)});
        model::Reading second = reading(1);
        second.address = place(99).address.toString();
        round({reading(1), second});
        QVERIFY(parts().isEmpty());
        QCOMPARE(m_devices.count(), 1);
        QCOMPARE(m_devices.find(1)->place.address, place(1).address);
    }

    void followsADeviceThatMoved()
    {
        round({reading(1)});
        m_sent.clear();
        m_intake->begin();
        m_intake->miss(place(1).address);
        model::Reading moved = reading(1);
        moved.address = place(99).address.toString();
        m_intake->take(place(99), {moved});
        m_intake->end();
        QCOMPARE(parts().size(), 1);
        QCOMPARE(parts().first().localDeviceId, 1u);
        QCOMPARE(parts().first().reading.keys(), (QList<QCborValue>{u"takenAt"_s, u"address"_s}));
        QCOMPARE(m_devices.find(1)->misses, 0);
    }

    void missesADeviceWhoseAddressAnotherOneTook()
    {
        round({reading(1)});
        model::Reading other = reading(2);
        other.address = reading(1).address;
        round({other});
        QCOMPARE(m_devices.find(1)->misses, 1);
        QCOMPARE(m_devices.count(), 2);
        round({other}); // at that address only the other one is asked now
        QVERIFY(m_devices.find(1)->isOffline());
        QVERIFY(!m_devices.find(2)->isOffline());
    }

    void remembersNothingOfADeviceThatShowsLessThanBefore()
    {
        const auto take = [this](const model::Reading& reading) {
            m_intake->begin();
            m_intake->take(place(1), {reading, "memory"});
            m_intake->end();
            return m_devices.find(1)->memory;
        };
        QCOMPARE(take(reading(1)), "memory");
        model::Reading starting = reading(1);
        starting.meters.clear();
        QCOMPARE(take(starting), ""); // so that its meters are asked for in the next round
        QCOMPARE(take(starting), "memory"); // it has none any more
        starting.identity.serialNumber.clear();
        QCOMPARE(take(starting), "");
    }

    void sendsAFullReadingWhenAskedTo()
    {
        round({reading(1), reading(2)});
        m_sent.clear();
        m_intake->sendFull({2, 77});
        QCOMPARE(parts().size(), 1);
        QVERIFY(parts().first().isFull());
        QCOMPARE(parts().first().localDeviceId, 2u);
        QVERIFY(!m_devices.find(2)->wantsFull);
    }

    void sendsAgainWhatTheSpoolDidNotTake()
    {
        m_isFull = true;
        round({reading(1)});
        QVERIFY(m_sent.isEmpty());
        QCOMPARE(m_remembered.last().devices.size(), 1); // its number is not given away again
        m_isFull = false;
        round({reading(1)});
        QCOMPARE(parts().size(), 1);
        QVERIFY(parts().first().isFull());
        m_isFull = true;
        round({reading(1, 105)});
        m_isFull = false;
        round({reading(1, 107)});
        QVERIFY(!parts().first().isFull());
        m_isFull = true;
        m_intake->sendFull({1});
        QVERIFY(m_devices.find(1)->wantsFull);
        m_isFull = false;
        round({reading(1, 107)});
        QVERIFY(parts().first().isFull());
    }

    void packsAFleetIntoEnvelopesThatFit()
    {
        QList<model::Reading> fleet;
        for (int number = 0; number < 700; ++number)
            fleet.append(reading(number));
        round(fleet);
        QCOMPARE(parts().size(), 700);
        QVERIFY(m_sent.size() > 1 && m_sent.size() < 40);
        for (const protocol::Data& data : std::as_const(m_sent)) {
            const QByteArray bytes = data.encode();
            QVERIFY(bytes.size() <= Batch::mostBytes + 1024);
            QVERIFY2(protocol::Data::decode(bytes), "an envelope that the server would refuse");
        }
        round(fleet);
        QCOMPARE(seen().size(), 700);
        for (const protocol::Data& data : std::as_const(m_sent))
            QVERIFY(protocol::Data::decode(data.encode()));
    }

    void takesTheLargestReadingThereMayBe()
    {
        model::Reading huge = reading(1);
        for (int row = 0; row < 1000; ++row)
            huge.alerts.append({u"1.%1"_s.arg(row), u"warning"_s, u"other"_s, 1, 2, 3, QString(2000, u'ü')});
        round({reading(0), huge, reading(2)});
        QCOMPARE(parts().size(), 3);
        for (const protocol::Data& data : std::as_const(m_sent))
            QVERIFY(protocol::Data::decode(data.encode()));
    }
};

PLATEN_TEST(IntakeTest)
#include "IntakeTest.moc"
