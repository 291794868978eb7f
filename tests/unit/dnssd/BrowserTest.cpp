// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DnsBytes.h"

#include <dnssd/Browser.h>
#include <dnssd/Findings.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QNetworkDatagram>
#include <QUdpSocket>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen::dnssd;
using platen::test::DnsBytes;

class BrowserTest : public QObject {
    Q_OBJECT

    static Link link() { return {QHostAddress(u"10.0.0.2"_s), 24, QHostAddress(u"224.0.0.251"_s)}; }
    static QHostAddress printer() { return QHostAddress(u"10.0.0.5"_s); }

    static DnsBytes acme(const QString& address = u"10.0.0.5"_s)
    {
        return DnsBytes()
            .ptr("_ipp._tcp.local", "Acme Laser (Büro)._ipp._tcp.local")
            .srv("Acme Laser (Büro)._ipp._tcp.local", 631, "acme.local")
            .txt("Acme Laser (Büro)._ipp._tcp.local",
                {"ty=Acme Laser 9", "product=(Laser 9)", "rp=ipp/print", "adminurl=http://acme.local/", "UUID=1-2-3"})
            .a("acme.local", address);
    }

private slots:
    void findsAPrinter()
    {
        Findings findings(link());
        findings.hear(printer(), acme().done());
        const QList<Service> services = findings.services();
        QCOMPARE(services.size(), 1);
        QCOMPARE(services[0].kind, Service::Kind::Ipp);
        QCOMPARE(services[0].name, u"Acme Laser (Büro)"_s);
        QCOMPARE(services[0].address, printer());
        QCOMPARE(services[0].port, 631);
        QCOMPARE(services[0].makeAndModel, u"Acme Laser 9"_s);
        QCOMPARE(services[0].resourcePath, u"ipp/print"_s);
        QVERIFY(!services[0].isShared());
        QVERIFY(findings.openQuestions().isEmpty());
    }

    void asksForWhatAnAnswerLeftOut()
    {
        Findings findings(link());
        findings.hear(printer(), DnsBytes().ptr("_ipps._tcp.local", "A._ipps._tcp.local").done());
        QVERIFY(findings.services().isEmpty());
        QCOMPARE(findings.openQuestions(),
            QList<Question>(
                {{u"a._ipps._tcp.local."_s, Question::Type::Txt}, {u"a._ipps._tcp.local."_s, Question::Type::Srv}}));
        findings.hear(
            printer(), DnsBytes().srv("a._ipps._tcp.local", 443, "H.local").txt("a._ipps._tcp.local", {"ty=A"}).done());
        QCOMPARE(findings.openQuestions(), QList<Question>({{u"h.local."_s, Question::Type::A}}));
        findings.hear(printer(), DnsBytes().a("h.local", u"10.0.0.5"_s).done());
        QCOMPARE(findings.services().size(), 1);
        QCOMPARE(findings.services()[0].kind, Service::Kind::Ipps);
    }

    void believesOnlyItsOwnSubnet()
    {
        Findings outside(link());
        outside.hear(QHostAddress(u"10.9.9.9"_s), acme().done());
        QVERIFY(outside.services().isEmpty());
        Findings lured(link());
        lured.hear(printer(), acme(u"169.254.169.254"_s).done());
        QVERIFY(lured.services().isEmpty());
    }

    void believesOnlyPlausiblePlaces_data()
    {
        QTest::addColumn<int>("port");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isBelieved");
        QTest::newRow("IPP") << 631 << QByteArray("ipp/print") << true;
        QTest::newRow("web") << 80 << QByteArray("a_b-c.d/1") << true;
        QTest::newRow("TLS") << 443 << QByteArray() << true;
        QTest::newRow("high") << 8631 << QByteArray("ipp") << true;
        QTest::newRow("no port") << 0 << QByteArray("ipp") << false;
        QTest::newRow("SSH") << 22 << QByteArray("ipp") << false;
        QTest::newRow("just below") << 1023 << QByteArray("ipp") << false;
        QTest::newRow("query") << 631 << QByteArray("ipp?reset=1") << false;
        QTest::newRow("another host") << 631 << QByteArray("@10.9.9.9:80") << false;
        QTest::newRow("escape") << 631 << QByteArray("ipp%0d") << false;
        QTest::newRow("long") << 631 << QByteArray(65, 'a') << false;
    }

    void believesOnlyPlausiblePlaces()
    {
        QFETCH(int, port);
        QFETCH(QByteArray, path);
        QFETCH(bool, isBelieved);
        const QByteArray instance = "A._ipp._tcp.local";
        Findings findings(link());
        findings.hear(printer(),
            DnsBytes()
                .ptr("_ipp._tcp.local", instance)
                .srv(instance, quint16(port), "a.local")
                .txt(instance, {"rp=" + path})
                .a("a.local", u"10.0.0.5"_s)
                .done());
        QCOMPARE(!findings.services().isEmpty(), isBelieved);
    }

    void keepsTheLinkOfALinkLocalAddress()
    {
        Findings findings({QHostAddress(u"fe80::1%lo"_s), 64, QHostAddress(u"ff02::fb%lo"_s)});
        findings.hear(QHostAddress(u"fe80::5%lo"_s),
            DnsBytes()
                .ptr("_ipp._tcp.local", "A._ipp._tcp.local")
                .srv("A._ipp._tcp.local", 631, "h.local")
                .aaaa("h.local", u"fe80::5"_s)
                .aaaa("h.local", u"2001:db8::5"_s)
                .done());
        QCOMPARE(findings.services().size(), 1);
        QCOMPARE(findings.services()[0].address, QHostAddress(u"fe80::5%lo"_s));
    }

    void tellsQueuesOfComputers()
    {
        Findings findings(link());
        findings.hear(printer(), acme().txt("Acme Laser (Büro)._ipp._tcp.local", {"rp=printers/acme"}).done());
        QCOMPARE(findings.services().size(), 1);
        QVERIFY(findings.services()[0].isShared());
    }

    void hearsOneSenderOnlySoOften()
    {
        Findings findings(link());
        for (int i = 0; i < 5'000; ++i) {
            const QByteArray instance = QByteArray::number(i) + "._ipp._tcp.local";
            findings.hear(printer(),
                DnsBytes()
                    .ptr("_ipp._tcp.local", instance)
                    .srv(instance, 631, "acme.local")
                    .a("acme.local", u"10.0.0.5"_s)
                    .done());
        }
        QVERIFY2(findings.services().size() <= 64, qPrintable(QString::number(findings.services().size())));
        QVERIFY(findings.openQuestions().size() <= 30);
    }

    void hearsTheNetworkOnlySoMuch()
    {
        Findings findings(link());
        for (quint32 host = 3; host < 250; ++host) {
            const QHostAddress sender(0x0a000000U + host);
            for (int i = 0; i < 60; ++i) {
                const QByteArray instance =
                    QByteArray::number(host * 100 + static_cast<quint32>(i)) + "._ipp._tcp.local";
                findings.hear(sender, DnsBytes().ptr("_ipp._tcp.local", instance).done());
            }
        }
        QVERIFY(findings.openQuestions().size() <= 30);
    }

    void browsesOverTheNetwork()
    {
        QUdpSocket responder;
        QVERIFY(responder.bind(QHostAddress(u"127.0.0.3"_s), 0));
        int queries = 0;
        connect(&responder, &QUdpSocket::readyRead, &responder, [&] {
            while (responder.hasPendingDatagrams()) {
                const QNetworkDatagram datagram = responder.receiveDatagram();
                ++queries;
                const bool isFirst = datagram.data().contains("_pdl-datastream");
                const QByteArray instance = "A._ipp._tcp.local";
                responder.writeDatagram(
                    datagram.makeReply(isFirst && queries == 1 ? DnsBytes().ptr("_ipp._tcp.local", instance).done()
                                                               : DnsBytes()
                                                                     .srv(instance, 631, "h.local")
                                                                     .a("h.local", u"127.0.0.3"_s)
                                                                     .txt(instance, {"ty=A 1"})
                                                                     .done()));
                responder.writeDatagram(datagram.makeReply("nonsense"));
            }
        });
        Browser browser(
            {{QHostAddress(u"127.0.0.1"_s), 8, QHostAddress(u"127.0.0.3"_s), responder.localPort()}}, 300ms);
        const QList<Service> services = platen::test::wait(browser.browse());
        QCOMPARE(services.size(), 1);
        QCOMPARE(services[0].address, QHostAddress(u"127.0.0.3"_s));
        QCOMPARE(services[0].makeAndModel, u"A 1"_s);
    }

    // Set by tests/integration/dnssd_test.py, where Avahi and ippeveprinter run.
    void findsWhatAvahiAnnounces()
    {
        const QString printer = qEnvironmentVariable("PLATEN_DNSSD_PRINTER");
        if (printer.isEmpty())
            QSKIP("the integration test brings the printer");
        Browser browser;
        QList<Service> services;
        QVERIFY(platen::test::eventually(
            [&] { // the printer may still be probing for its name
                services = platen::test::wait(browser.browse());
                return services.size() >= 2;
            },
            20s));
        for (const Service& service : services) {
            QCOMPARE(service.name, u"Flur (Süd)"_s);
            QCOMPARE(service.address, QHostAddress(printer));
            QCOMPARE(service.port, 8631);
            QCOMPARE(service.makeAndModel, u"HP LaserJet Test"_s);
            QCOMPARE(service.resourcePath, u"ipp/print"_s);
            QVERIFY(!service.isShared());
        }
        QVERIFY(services[0].kind != services[1].kind);
    }

    void findsNothingWhereNobodyAnswers()
    {
        Browser none({}, 30ms);
        QVERIFY(platen::test::wait(none.browse()).isEmpty());
    }
};

PLATEN_TEST(BrowserTest)
#include "BrowserTest.moc"
