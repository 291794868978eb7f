// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Sweep.h>
#include <testkit/Program.h>

#include <testkit/Wait.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <csignal>

#include <sys/prctl.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using namespace platen::snmp;
using test::wait;

namespace {

const Oid systemGroup{1, 3, 6, 1, 2, 1, 1};
const Oid sysLocation{1, 3, 6, 1, 2, 1, 1, 6, 0};

struct Combination {
    QString auth, priv, extension;

    QString name() const
    {
        return auth.isEmpty() ? u"neither"_s : QStringList{auth, priv, extension}.join(' '_L1).trimmed();
    }
    QString user() const { return u"u"_s + (auth + priv + extension).remove('-'_L1); }
    Credentials credentials() const
    {
        Credentials credentials;
        credentials.version = Version::V3;
        credentials.user = user();
        credentials.authProtocol = auth;
        credentials.authPassphrase = auth.isEmpty() ? Secret() : Secret("authentic words");
        credentials.privProtocol = priv;
        credentials.privPassphrase = priv.isEmpty() ? Secret() : Secret("private words");
        credentials.privExtension = extension;
        return credentials;
    }
    /// As snmpd.conf(5) creates the user and lets it read.
    QString settings() const
    {
        QStringList create{u"createUser"_s, user()};
        if (!auth.isEmpty())
            create << auth << u"\"authentic words\""_s;
        if (!priv.isEmpty())
            create << (extension == "Reeder"_L1 ? priv + u"-C"_s : priv) << u"\"private words\""_s;
        return u"%1\nrouser %2 %3\n"_s.arg(create.join(' '_L1), user(),
            auth.isEmpty()       ? u"noauth"_s
                : priv.isEmpty() ? u"auth"_s
                                 : u"priv"_s);
    }
};

QList<Combination> everyCombination()
{
    QList<Combination> all{{}};
    for (const QString& auth : authProtocolNames()) {
        all.append({auth, {}, {}});
        for (const QString& priv : privProtocolNames()) {
            all.append({auth, priv, {}});
            if (priv == "AES-192"_L1 || priv == "AES-256"_L1)
                all.append({auth, priv, u"Reeder"_s});
        }
    }
    return all;
}

} // namespace

/// Against Debian's snmpd, which every test program starts for itself on loopback with a data folder of its own.
class SnmpdTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(QFile::exists(program), "snmpd is missing: ./platen setup installs it");
        QString settings = u"sysLocation first floor\nrocommunity public 127.0.0.0/8\n"_s;
        for (const Combination& combination : everyCombination())
            settings += combination.settings();
        QFile file(m_folder.filePath(u"snmpd.conf"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(settings.toUtf8()) > 0);
        file.close();
        QUdpSocket free;
        QVERIFY(free.bind(QHostAddress::LocalHost, 0));
        m_port = free.localPort();
        free.close();
        start(u"data"_s);
    }
    void cleanupTestCase() { stop(); }

    void readsWithEveryCombination_data()
    {
        QTest::addColumn<Credentials>("credentials");
        for (const Combination& each : everyCombination())
            QTest::newRow(qPrintable(each.name())) << each.credentials();
    }
    void readsWithEveryCombination()
    {
        QFETCH(Credentials, credentials);
        Engine engine;
        for (int i = 0; i < 2; ++i) {
            const auto answer = wait(engine.get(targetOf(credentials), {sysLocation}));
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().detail));
            QCOMPARE(*answer, (VarBinds{{sysLocation, Value::text("first floor")}}));
        }
        QCOMPARE(engine.counters().sent, 3U); // one of them the discovery
        QCOMPARE(engine.counters().unauthentic + engine.counters().malformed, 0U);
    }

    void needsOnePacketForV2c()
    {
        Engine engine;
        QVERIFY(wait(engine.get(targetOf({}), {sysLocation})));
        QCOMPARE(engine.counters().sent, 1U);
    }

    void walksWithPrivacy()
    {
        Engine engine;
        const Credentials credentials = Combination{u"SHA-512"_s, u"AES-256"_s, u"Reeder"_s}.credentials();
        const auto walked = wait(engine.walk(targetOf(credentials), systemGroup));
        QVERIFY2(walked, walked ? "" : qPrintable(walked.error().detail));
        QVERIFY2(walked->truncated.isEmpty(), qPrintable(walked->truncated));
        QVERIFY(walked->varBinds.size() > 10);
    }

    void saysWhatToCheck_data()
    {
        QTest::addColumn<Credentials>("credentials");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const QString& says, const Combination& combination, auto change) {
            Credentials credentials = combination.credentials();
            change(credentials);
            QTest::newRow(name) << credentials << says;
        };
        const Combination aes{u"SHA-256"_s, u"AES-128"_s, {}}, longAes{u"SHA-1"_s, u"AES-256"_s, {}},
            des{u"MD5"_s, u"DES"_s, {}}, plain{u"SHA-1"_s, {}, {}};
        row("an unknown user", u"knows no SNMPv3 user \"nobody\""_s, aes, [](Credentials& c) { c.user = u"nobody"_s; });
        row("a wrong authentication passphrase", u"authentication protocol (SHA-256) and passphrase"_s, aes,
            [](Credentials& c) { c.authPassphrase = Secret("wrong words"); });
        row("a wrong authentication protocol", u"authentication protocol (SHA-384)"_s, aes,
            [](Credentials& c) { c.authProtocol = u"SHA-384"_s; });
        row("a wrong privacy passphrase, AES", u"check the privacy protocol (AES-128) and passphrase"_s, aes,
            [](Credentials& c) { c.privPassphrase = Secret("wrong words"); });
        row("a wrong privacy passphrase, DES", u"check the privacy protocol (DES) and passphrase"_s, des,
            [](Credentials& c) { c.privPassphrase = Secret("wrong words"); });
        row("a wrong key extension", u"check the privacy protocol (AES-256, key extension Reeder) and passphrase"_s,
            longAes, [](Credentials& c) { c.privExtension = u"Reeder"_s; });
        row("privacy the user has not", u"with authentication and privacy"_s, plain,
            [](Credentials& c) { c.privProtocol = u"DES"_s, c.privPassphrase = Secret("private words"); });
        row("less than the user must", u"let SNMPv3 user"_s, aes,
            [](Credentials& c) { c.privProtocol.clear(), c.privPassphrase = {}; });
    }
    void saysWhatToCheck()
    {
        QFETCH(Credentials, credentials);
        QFETCH(QString, says);
        Engine engine;
        const auto answer = wait(engine.get(targetOf(credentials, 300ms), {sysLocation}));
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, ErrorCode::PermissionDenied);
        QVERIFY2(answer.error().detail.contains(says), qPrintable(answer.error().detail));
        QVERIFY(!answer.error().detail.contains(u"words"_s));
    }

    void followsARestart_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::newRow("one boot later") << u"data"_s;
        QTest::newRow("as another engine") << u"other data"_s;
    }
    void followsARestart()
    {
        QFETCH(QString, folder);
        Engine engine;
        const Target target = targetOf(Combination{u"SHA-224"_s, u"AES-192"_s, {}}.credentials());
        QVERIFY(wait(engine.get(target, {sysLocation})));
        const quint64 before = engine.counters().sent;
        stop();
        start(folder);
        QVERIFY(wait(engine.get(target, {sysLocation})));
        QCOMPARE(engine.counters().sent, before + 2); // a report, and once more
    }

    void tellsHowLongAReadingTakes()
    {
        const QList<std::pair<QString, Credentials>> ways{{u"SNMPv2c"_s, Credentials()},
            {u"SNMPv3, SHA-256, AES-256"_s, Combination{u"SHA-256"_s, u"AES-256"_s, {}}.credentials()},
            {u"SNMPv3, SHA-1, AES-256 Reeder"_s, Combination{u"SHA-1"_s, u"AES-256"_s, u"Reeder"_s}.credentials()}};
        for (const auto& [way, credentials] : ways) {
            Engine engine;
            QElapsedTimer time;
            const auto microseconds = [&](const Target& target, int readings) {
                time.start();
                for (int i = 0; i < readings; ++i) {
                    if (!wait(engine.get(target, {sysLocation})))
                        return -1LL;
                }
                return time.nsecsElapsed() / 1000 / readings;
            };
            Target target = targetOf(credentials), neighbour = target;
            neighbour.address = QHostAddress(u"127.0.0.2"_s);
            const qint64 first = microseconds(target, 1), next = microseconds(neighbour, 1),
                         repeated = microseconds(target, 200);
            QVERIFY(first > 0 && next > 0 && repeated > 0);
            qInfo("%s: the first device %lld us, the next one %lld us, repeats %lld us", qPrintable(way), first, next,
                repeated);
        }
    }

    void isFoundBySweepsOfEveryVersion()
    {
        for (const Version version : {Version::V1, Version::V2c, Version::V3}) {
            SweepOrder order{{sysLocation}, {Credentials()}, {}, {.timeout = 1s}, {}};
            order.credentials[0].version = version;
            order.spans = *planned({{*AddressRange::parse(u"127.0.0.1"), m_port}}, {}, 1);
            const Result<SweepOutcome> outcome = wait(sweep(order));
            QVERIFY(outcome);
            QCOMPARE(outcome->hits.size(), 1);
            const SweepHit& hit = outcome->hits.first();
            QCOMPARE(hit.engine.has_value(), version == Version::V3);
            if (hit.engine)
                QVERIFY(hit.engine->boots > 0);
            else
                QCOMPARE(hit.varBinds, (VarBinds{{sysLocation, Value::text("first floor")}}));
        }
    }

private:
    Target targetOf(const Credentials& credentials, std::chrono::milliseconds timeout = 3s) const
    {
        return {QHostAddress(QHostAddress::LocalHost), m_port, credentials, timeout, 3};
    }

    void start(const QString& folder)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"SNMP_PERSISTENT_DIR"_s, m_folder.filePath(folder));
        m_snmpd.setProcessEnvironment(environment);
        m_snmpd.setProcessChannelMode(QProcess::MergedChannels);
        m_snmpd.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); }); // it never outlives this program
        m_snmpd.start(program,
            {u"-f"_s, u"-r"_s, u"-C"_s, u"-c"_s, m_folder.filePath(u"snmpd.conf"_s), u"-Lf"_s,
                m_folder.filePath(u"log"_s), u"udp:127.0.0.1:%1,udp:127.0.0.2:%1"_s.arg(m_port)});
        QVERIFY(m_snmpd.waitForStarted());
        Engine engine;
        bool isUp = false;
        for (int tries = 0; tries < 100 && !isUp; ++tries)
            isUp = wait(engine.get(targetOf({}, 100ms), {sysLocation})).has_value();
        QVERIFY2(isUp, m_snmpd.readAll().constData());
    }
    void stop()
    {
        m_snmpd.terminate();
        QVERIFY(m_snmpd.waitForFinished());
    }

    static constexpr auto program = "/usr/sbin/snmpd"_L1;
    QTemporaryDir m_folder;
    quint16 m_port = 0;
    QProcess m_snmpd;
};

PLATEN_TEST(SnmpdTest)
#include "SnmpdTest.moc"
