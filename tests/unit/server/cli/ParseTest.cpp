// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/cli/Commands.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;

class ParseTest : public QObject {
    Q_OBJECT

    static Result<cli::Command> parse(const QString& line)
    {
        return cli::parse((u"platen-server "_s + line).split(u' ', Qt::SkipEmptyParts));
    }

private slots:
    void readsWhenAnAgentExpires()
    {
        const auto at = parse(u"agent expire Site-A --data d --at 2026-12-31T17:00:00Z"_s);
        QVERIFY(at);
        const auto command = std::get<cli::AgentExpireCommand>(*at);
        QCOMPARE(command.agent, u"Site-A"_s);
        QCOMPARE(toMs(*command.at), qint64(1798736400000));
        QVERIFY(!std::get<cli::AgentExpireCommand>(*parse(u"agent expire a --data d --never"_s)).at);
        QVERIFY(std::get<cli::AgentExpireCommand>(*parse(u"agent expire a --data d --now"_s)).at);
        for (const QString& line : {u"agent expire --data d --now"_s, u"agent expire a --data d"_s,
                 u"agent expire a --data d --now --never"_s, u"agent expire a --data d --at soon"_s,
                 u"agent deactivate --data d"_s, u"pin revoke --data d"_s, u"pin create --data d --uses 0"_s})
            QCOMPARE(parse(line).error().code, ErrorCode::InvalidInput);
        QCOMPARE(std::get<cli::PinRevokeCommand>(*parse(u"pin revoke K7QM --data d"_s)).pin, u"K7QM"_s);
        QVERIFY(std::get<cli::PinListCommand>(*parse(u"pin list --data d --json"_s)).json);
        QCOMPARE(std::get<cli::KekRotateCommand>(*parse(u"kek rotate --data d"_s)).data, u"d"_s);
        QCOMPARE(parse(u"kek rotate now --data d"_s).error().code, ErrorCode::InvalidInput);
    }

    void readsAddressesToListenOn_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("url");
        QTest::newRow("IPv4") << u"192.0.2.1:8443"_s << u"192.0.2.1"_s << 8443 << u"https://192.0.2.1:8443"_s;
        QTest::newRow("IPv6") << u"[::1]:443"_s << u"::1"_s << 443 << u"https://[::1]:443"_s;
        QTest::newRow("localhost") << u"localhost:0"_s << u"127.0.0.1"_s << 0 << u"https://127.0.0.1:0"_s;
        QTest::newRow("no port") << u"192.0.2.1"_s << QString() << 0 << QString();
        QTest::newRow("port too high") << u"192.0.2.1:65536"_s << QString() << 0 << QString();
        QTest::newRow("no address") << u":8443"_s << QString() << 0 << QString();
        QTest::newRow("a name") << u"printers.example:8443"_s << QString() << 0 << QString();
        QTest::newRow("IPv6 without brackets") << u"::1:8443"_s << QString() << 0 << QString();
        QTest::newRow("nothing") << QString() << QString() << 0 << QString();
    }
    void readsAddressesToListenOn()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        const auto endpoint = cli::Endpoint::parse(text);
        QCOMPARE(endpoint.has_value(), !address.isEmpty());
        if (!endpoint) {
            QVERIFY(endpoint.error().detail.contains(u'\'' + text + u'\''));
            return;
        }
        QCOMPARE(endpoint->address.toString(), address);
        QTEST(int(endpoint->port), "port");
        QTEST(endpoint->url(true), "url");
    }

    void runsOnAllAddressesUnlessToldOtherwise()
    {
        const auto command = parse(u"run --data /srv/p"_s);
        const auto& settings = std::get<cli::RunCommand>(*command).settings;
        QCOMPARE(settings.data, u"/srv/p"_s);
        QCOMPARE(settings.encrypted, QList<cli::Endpoint>{*cli::Endpoint::parse(u"0.0.0.0:8443"_s)});
        QVERIFY(settings.plain.isEmpty());
        QVERIFY(!settings.forceHttps);
        QVERIFY(settings.certificate.certificate.isEmpty());
    }

    void readsHowStrangersAreMet()
    {
        const auto command = parse(u"run --data d --listen-plain *:80 --force-https --tls-certificate c.pem --tls-key k.pem"
                                   " --most-connections 50 --most-per-address 7"_s);
        QVERIFY2(command, command ? "" : qPrintable(command.error().detail));
        const auto& settings = std::get<cli::RunCommand>(*command).settings;
        QVERIFY(settings.forceHttps);
        QCOMPARE(settings.certificate.certificate, u"c.pem"_s);
        QCOMPARE(settings.certificate.key, u"k.pem"_s);
        QCOMPARE(settings.connections, 50);
        QCOMPARE(settings.connectionsPerAddress, 7);
    }

    void takesSeveralEndpoints()
    {
        const auto command =
            parse(u"run --data d --listen 127.0.0.1:1 --listen [::1]:2 --listen-plain 127.0.0.1:3 --ready-file r"_s);
        const auto& settings = std::get<cli::RunCommand>(*command).settings;
        QCOMPARE(settings.encrypted.size(), 2);
        QCOMPARE(settings.plain.size(), 1);
        QCOMPARE(settings.readyFile, u"r"_s);
    }

    void readsTheOtherCommands()
    {
        const auto admin = parse(u"admin create anna --data d --password-stdin"_s);
        QCOMPARE(std::get<cli::AdminCreateCommand>(*admin).name, u"anna"_s);
        QVERIFY(std::get<cli::AdminCreateCommand>(*admin).passwordFromStdin);
        const auto pin = parse(u"pin create --data d --group North --hours 24 --json"_s);
        QCOMPARE(std::get<cli::PinCreateCommand>(*pin).group, u"North"_s);
        QCOMPARE(std::get<cli::PinCreateCommand>(*pin).hours, 24);
        QVERIFY(std::get<cli::PinCreateCommand>(*pin).json);
        QVERIFY(std::get<cli::SayCommand>(*parse(u"--version"_s)).text.contains(QStringLiteral(PLATEN_VERSION)));
    }

    void refusesWhatItDoesNotUnderstand_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("names");
        QTest::newRow("nothing") << QString() << u"run"_s;
        QTest::newRow("no such command") << u"fly away"_s << u"fly away"_s;
        QTest::newRow("no data") << u"run"_s << u"--data"_s;
        QTest::newRow("no such option") << u"run --data d --fast"_s << u"fast"_s;
        QTest::newRow("too many words") << u"run --data d now"_s << u"now"_s;
        QTest::newRow("no name") << u"admin create --data d"_s << u"NAME"_s;
        QTest::newRow("hours") << u"pin create --data d --hours soon"_s << u"soon"_s;
        QTest::newRow("a certificate without its key") << u"run --data d --tls-certificate c"_s << u"--tls-key"_s;
        QTest::newRow("nothing to send on") << u"run --data d --force-https"_s << u"--listen-plain"_s;
        QTest::newRow("no connections") << u"run --data d --most-connections 0"_s << u"most-connections"_s;
        QTest::newRow("connections in words") << u"run --data d --most-per-address few"_s << u"few"_s;
        QTest::newRow("too many hours") << u"pin create --data d --hours 721"_s << u"721"_s;
    }
    void refusesWhatItDoesNotUnderstand()
    {
        qunsetenv("PLATEN_DATA");
        QFETCH(QString, line);
        QFETCH(QString, names);
        const auto command = parse(line);
        QVERIFY(!command);
        QCOMPARE(command.error().code, ErrorCode::InvalidInput);
        QVERIFY2(command.error().detail.contains(names), qPrintable(command.error().detail));
    }
};

PLATEN_TEST(ParseTest)
#include "ParseTest.moc"
