// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/KnownDevices.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::KnownDevice;
using agent::KnownDevices;
using agent::Place;

namespace {

model::Reading printer(const QString& serial, const QString& mac = {}, const QString& model = u"LaserJet 4250"_s)
{
    model::Reading reading;
    reading.identity.manufacturer = u"HP"_s;
    reading.identity.model = model;
    reading.identity.serialNumber = serial;
    reading.identity.mac = mac;
    return reading;
}

Place place(const QString& address) { return {QHostAddress(address), 161, {}, false}; }

const QString macA = u"00:11:22:33:44:55"_s;
const QString macB = u"00:11:22:33:44:66"_s;

} // namespace

class KnownDevicesTest : public QObject {
    Q_OBJECT

private slots:
    void numbersDevicesFromOne()
    {
        KnownDevices devices;
        QCOMPARE(devices.recognise(printer(u"CN1"_s), place(u"10.0.0.1"_s)).id, 1u);
        QCOMPARE(devices.recognise(printer(u"CN2"_s), place(u"10.0.0.2"_s)).id, 1u + 1u);
        QCOMPARE(devices.count(), 2);
    }

    void knowsADeviceAgain_data()
    {
        QTest::addColumn<model::Reading>("first");
        QTest::addColumn<model::Reading>("second");
        QTest::addColumn<QString>("address");
        QTest::addColumn<bool>("isSame");
        const QString here = u"10.0.0.1"_s, elsewhere = u"10.0.0.9"_s;
        QTest::newRow("serial, elsewhere") << printer(u"CNBX123"_s) << printer(u"CNBX123"_s) << elsewhere << true;
        QTest::newRow("serial in other letters")
            << printer(u"cnbx-123"_s) << printer(u"CNBX 123"_s) << elsewhere << true;
        QTest::newRow("serial, other network card")
            << printer(u"CNBX123"_s, macA) << printer(u"CNBX123"_s, macB) << elsewhere << true;
        QTest::newRow("another serial here") << printer(u"CNBX123"_s) << printer(u"CNBX999"_s) << here << false;
        QTest::newRow("another serial, same MAC")
            << printer(u"CNBX123"_s, macA) << printer(u"CNBX999"_s, macA) << here << false;
        QTest::newRow("no serial, same MAC, elsewhere") << printer({}, macA) << printer({}, macA) << elsewhere << true;
        QTest::newRow("serial got lost, same MAC")
            << printer(u"CNBX123"_s, macA) << printer({}, macA) << elsewhere << true;
        QTest::newRow("serial appears, same MAC")
            << printer({}, macA) << printer(u"CNBX123"_s, macA) << elsewhere << true;
        QTest::newRow("nothing but the address") << printer({}) << printer({}) << here << true;
        QTest::newRow("nothing, elsewhere") << printer({}) << printer({}) << elsewhere << false;
        QTest::newRow("another model here") << printer({}) << printer({}, {}, u"DeskJet"_s) << here << false;
        QTest::newRow("another MAC here") << printer({}, macA) << printer({}, macB) << here << false;
        QTest::newRow("model renamed by firmware")
            << printer(u"CNBX123"_s) << printer(u"CNBX123"_s, {}, u"LaserJet 4250n"_s) << here << true;
        QTest::newRow("placeholder serials")
            << printer(u"0000000000"_s) << printer(u"0000000000"_s) << elsewhere << false;
        QTest::newRow("made-up serial of another model")
            << printer(u"SERIAL1"_s) << printer(u"SERIAL1"_s, {}, u"DeskJet"_s) << elsewhere << false;
    }

    void knowsADeviceAgain()
    {
        QFETCH(model::Reading, first);
        QFETCH(model::Reading, second);
        QFETCH(QString, address);
        QFETCH(bool, isSame);
        KnownDevices devices;
        devices.recognise(first, place(u"10.0.0.1"_s));
        const KnownDevice* before = devices.whoseIs(second, QHostAddress(address));
        QCOMPARE(before != nullptr, isSame);
        QCOMPARE(devices.recognise(second, place(address)).id, isSame ? 1u : 2u);
        QCOMPARE(devices.count(), isSame ? 1 : 2);
        QCOMPARE(devices.at(QHostAddress(address))->id, isSame ? 1u : 2u);
    }

    void followsDevicesThatSwapTheirAddresses()
    {
        KnownDevices devices;
        devices.recognise(printer(u"CN1"_s), place(u"10.0.0.1"_s));
        devices.recognise(printer(u"CN2"_s), place(u"10.0.0.2"_s));
        devices.recognise(printer(u"CN2"_s), place(u"10.0.0.1"_s));
        QCOMPARE(devices.at(QHostAddress(u"10.0.0.1"_s))->id, 2u);
        QCOMPARE(devices.at(QHostAddress(u"10.0.0.2"_s)), nullptr);
        devices.recognise(printer(u"CN1"_s), place(u"10.0.0.2"_s));
        QCOMPARE(devices.at(QHostAddress(u"10.0.0.2"_s))->id, 1u);
        QCOMPARE(devices.at(QHostAddress(u"10.0.0.1"_s))->id, 2u);
    }

    void neverForgetsWhatItKnewForNothing()
    {
        KnownDevices devices;
        devices.recognise(printer(u"CNBX123"_s, macA), place(u"10.0.0.1"_s));
        const KnownDevice& device = devices.recognise(printer({}, macA, {}), place(u"10.0.0.1"_s));
        QCOMPARE(device.serial, u"hp/CNBX123"_s);
        QCOMPARE(device.model, u"LaserJet 4250"_s);
    }

    void isTheSameAfterARestart()
    {
        KnownDevices devices;
        devices.recognise(printer(u"CN1"_s), place(u"10.0.0.1"_s));
        KnownDevices again({*devices.find(1)});
        QCOMPARE(again.recognise(printer(u"CN1"_s), place(u"10.0.0.7"_s)).id, 1u);
        QCOMPARE(again.recognise(printer(u"CN2"_s), place(u"10.0.0.1"_s)).id, 2u);
    }

    void restoresADeviceBySpooledNumber()
    {
        KnownDevices devices;
        QCOMPARE(devices.restore(7).id, 7u);
        QCOMPARE(devices.recognise(printer(u"CN1"_s), place(u"10.0.0.1"_s)).id, 8u); // 7 is used
    }
};

PLATEN_TEST(KnownDevicesTest)
#include "KnownDevicesTest.moc"
