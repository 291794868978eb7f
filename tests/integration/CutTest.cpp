// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "InProcess.h"

#include <channel/HttpTransport.h>
#include <channel/WebSocketTransport.h>
#include <chaosproxy/Proxy.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using channel::AgentLink;
using channel::HttpTransport;
using chaosproxy::Ending;
using chaosproxy::Faults;
using chaosproxy::Way;
using test::eventually;

namespace {

/// Every so many bytes; PLATEN_CUT_EVERY=1 is the full count. PLATEN_CUT_FROM, the first of them, lets several runs share it.
int stride()
{
    const int wished = qEnvironmentVariableIntValue("PLATEN_CUT_EVERY");
    return wished > 0 ? wished : 90;
}

/// `patience`: until an answer counts as lost.
AgentLink::TransportMaker makerOf(const QString& transport, std::chrono::milliseconds patience)
{
    const auto trust = channel::TlsTrust::publicAuthorities().withPlain(true);
    if (transport == "WebSocket"_L1)
        return [trust, patience] {
            channel::WebSocketTransport::Settings settings;
            settings.openTime = patience;
            return std::make_unique<channel::WebSocketTransport>(trust, settings);
        };
    HttpTransport::Settings settings;
    settings.downlink = transport == "Events"_L1 ? HttpTransport::Downlink::Events : HttpTransport::Downlink::Poll;
    settings.openTime = patience * 2;
    settings.firstEvent = patience;
    settings.requestTime = patience;
    settings.firstRetry = 2ms;
    settings.lastRetry = 20ms;
    return [trust, settings] { return std::make_unique<HttpTransport>(trust, settings); };
}

} // namespace

/// A submission of 4 KiB whose connection dies at each of its bytes, from the first of the request to the last of the acknowledgement:
/// stored exactly once, whatever carries it. Agent's outbox and link, server's edge, sessions and ingest are the real ones.
class CutTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QLoggingCategory::setFilterRules(u"platen.*=false"_s);
        QVERIFY(crypto::start());
    }

    void storesASubmissionExactlyOnce_data()
    {
        QTest::addColumn<QString>("transport");
        QTest::addColumn<Way>("way");
        QTest::addColumn<Ending>("ending");
        QTest::addColumn<int>("every"); ///< of the bytes that the run looks at
        for (const char* transport : {"WebSocket", "Events", "Poll"}) {
            const auto row = [&](const char* what, Way way, Ending ending, int every) {
                QTest::addRow("%s, %s", transport, what) << QString::fromLatin1(transport) << way << ending << every;
            };
            row("cut in the request", Way::Up, Ending::Cut, 1);
            row("cut in the answer", Way::Down, Ending::Cut, 1);
            row("reset in the request", Way::Up, Ending::Reset, 7);
            row("reset in the answer", Way::Down, Ending::Reset, 7);
            row("dead in the request", Way::Up, Ending::HalfOpen, 70);
            row("dead in the answer", Way::Down, Ending::HalfOpen, 70);
        }
    }

    void storesASubmissionExactlyOnce()
    {
        QFETCH(QString, transport);
        QFETCH(Way, way);
        QFETCH(Ending, ending);
        QFETCH(int, every);
        test::Server server;
        QVERIFY(server.open() && server.edge->listen({}));
        chaosproxy::Proxy proxy(QHostAddress(QHostAddress::LocalHost), server.edge->port());
        QVERIFY(proxy.open());
        test::Agent agent(server.enrol());
        // Only a connection that dies in silence is found out by waiting.
        const std::chrono::milliseconds patience = ending == Ending::HalfOpen ? 400ms : 10s;
        QVERIFY(agent.open(QUrl(u"ws://127.0.0.1:%1/a/v2/socket"_s.arg(proxy.port())), makerOf(transport, patience), patience));

        qint64 total = 0, bytes = 0;
        const auto deliver = [&](const Faults& faults) {
            if (!agent.submit(++total, 10)) {
                qWarning("the spool takes nothing: %s", qPrintable(agent.outbox.problem()));
                return false;
            }
            proxy.setFaults(faults);
            agent.link->start();
            const bool isDelivered = agent.delivers(total);
            if (!isDelivered)
                qWarning() << "not delivered:" << agent.link->state() << agent.link->reason() << "refused sessions and connections:"
                           << server.edge->counters().refused(http::Refusal::TooManyFromAddress) << "open:" << server.edge->counters().open;
            bytes = way == Way::Up ? proxy.traffic().up : proxy.traffic().down;
            agent.link->stop();
            return isDelivered;
        };
        QVERIFY(deliver({})); // the first greeting also ends the activation
        QVERIFY(deliver({})); // unharmed, to see how many bytes there are
        QVERIFY(bytes > (way == Way::Up ? 4096 : 200));
        const qint64 last = bytes;

        int deaths = 0, tries = 0;
        connect(&proxy, &chaosproxy::Proxy::connectionEnded, this, [&](int, const QString& how) { deaths += how != "closed"_L1; });
        for (qint64 byte = qEnvironmentVariableIntValue("PLATEN_CUT_FROM"); byte < last; byte += every * stride()) {
            Faults faults;
            faults.only = transport == "WebSocket"_L1 ? 1 : 2; // the others need one connection each way
            faults.of(way).ending = ending;
            faults.of(way).endAfter = byte;
            ++tries;
            QVERIFY2(deliver(faults), qPrintable(u"not stored after the connection died at byte %1 of %2"_s.arg(byte).arg(last)));
        }

        QCOMPARE(server.storedTotals(), test::upTo(total));
        QCOMPARE(server.ingest->counts().envelopes, quint64(total));
        QCOMPARE(server.ingest->counts().forks, 0u);
        QCOMPARE(server.ingest->counts().lost, 0u);
        qInfo("%s: %d of %lld bytes, %d connections died, %llu envelopes came again, %lld submissions stored once each",
            QTest::currentDataTag(), tries, last, deaths, server.ingest->counts().again, total);
        QVERIFY(deaths > 0 || ending == Ending::HalfOpen);
        agent.link.reset();
        server.edge.reset();
    }
};

QTEST_GUILESS_MAIN(CutTest)
#include "CutTest.moc"
