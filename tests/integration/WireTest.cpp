// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <testkit/Wait.h>

#include <QtEndian>
#include <QTest>

using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// What each side of the captured conversations sent, in order: a pcap file of Ethernet, IPv4 and TCP, as tcpdump writes it on lo.
QMap<quint16, QByteArray> sentBySource(const QByteArray& pcap)
{
    QMap<quint16, QByteArray> streams;
    const auto number16 = [&](qsizetype at) { return qFromBigEndian<quint16>(pcap.constData() + at); };
    for (qsizetype at = 24; at + 16 <= pcap.size();) {
        const qsizetype length = qFromLittleEndian<quint32>(pcap.constData() + at + 8);
        const qsizetype ip = at + 16 + 14;
        const qsizetype tcp = ip + (pcap[ip] & 0x0f) * 4;
        const qsizetype body = tcp + (quint8(pcap[tcp + 12]) >> 4) * 4;
        streams[number16(tcp)] += pcap.mid(body, ip + number16(ip + 2) - body);
        at += 16 + length;
    }
    return streams;
}

/// The payloads of the WebSocket frames behind the upgrade request, without RFC 6455's mask, which hides nothing.
QByteArray unmasked(const QByteArray& stream)
{
    QByteArray payloads;
    const qsizetype upgrade = stream.indexOf("GET /a/v2/socket");
    if (upgrade < 0)
        return payloads;
    qsizetype at = stream.indexOf("\r\n\r\n", upgrade) + 4;
    while (at + 6 <= stream.size()) {
        qsizetype length = stream[at + 1] & 0x7f;
        qsizetype head = 2;
        if (length == 126) {
            length = qFromBigEndian<quint16>(stream.constData() + at + 2);
            head = 4;
        } else if (length == 127) {
            length = qFromBigEndian<qint64>(stream.constData() + at + 2);
            head = 10;
        }
        const QByteArray mask = stream.mid(at + head, 4);
        QByteArray payload = stream.mid(at + head + 4, length);
        for (qsizetype i = 0; i < payload.size(); ++i)
            payload[i] = char(payload[i] ^ mask[i % 4]);
        payloads += payload;
        at += head + 4 + length;
    }
    return payloads;
}

} // namespace

/// What someone on the network sees of a submission over plain HTTP: that there is one, and nothing of what is in it.
class WireTest : public QObject {
    Q_OBJECT

private slots:
    void showsNoDeviceValueOverPlainHttp()
    {
        Site site(u"http"_s);
        QVERIFY2(site.startServer(), site.logs().constData());
        QVERIFY2(site.startFleet(), site.logs().constData());
        site.writeAgentSettings({{u"statusInterval"_s, u"1s"_s}});

        const QString capture = site.path(u"capture"_s);
        QProcess tcpdump;
        tcpdump.start(u"tcpdump"_s, {u"-i"_s, u"lo"_s, u"-U"_s, u"--immediate-mode"_s, u"-Z"_s, u"root"_s, u"-w"_s, capture, u"tcp"_s, u"port"_s, QString::number(site.plainPort())});
        if (!tcpdump.waitForStarted() || !eventually([&] { return QFileInfo(capture).size() > 0 || tcpdump.state() == QProcess::NotRunning; }) || tcpdump.state() == QProcess::NotRunning)
            QSKIP("capturing needs tcpdump and root");

        const QString pin = site.createPin();
        const Outcome activated = site.activate(pin);
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
        site.startAgent();
        QVERIFY2(eventually([&] { return site.serverRows(u"SELECT id FROM device"_s).size() == site.fleetSize(); }, 60s), site.logs().constData());
        site.stopAgent();
        // The site's journal has every envelope that left: HELLO (2), READY (10), then readings (1).
        const auto journal = site.agentRows(u"SELECT DISTINCT type FROM journal WHERE size > 0 ORDER BY type"_s);
        QCOMPARE(journal, (QList<QVariantList>{{1}, {2}, {10}}));
        tcpdump.terminate();
        tcpdump.waitForFinished();

        QFile file(capture);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray seen = file.readAll();
        QVERIFY(seen.contains("/a/v2/socket")); // it is our traffic
        QByteArray messages;
        for (const QByteArray& stream : sentBySource(seen))
            messages += unmasked(stream);
        QVERIFY(messages.size() > 4000 && messages.contains("PLE2")); // and the readings' envelopes are in it
        seen += messages;
        QVERIFY(!seen.contains(pin.toUtf8()) && !seen.contains(QString(pin).remove(u'-').toUtf8()));
        int compared = 0;
        for (const QVariantList& row : site.serverRows(u"SELECT serial, model, location, manufacturer FROM device"_s))
            for (const QVariant& value : row) {
                const QByteArray text = value.toString().toUtf8();
                if (text.size() < 4)
                    continue;
                QVERIFY2(!seen.contains(text), text.constData());
                ++compared;
            }
        QVERIFY(compared > 2 * site.fleetSize());
    }
};

QTEST_GUILESS_MAIN(WireTest)
#include "WireTest.moc"
