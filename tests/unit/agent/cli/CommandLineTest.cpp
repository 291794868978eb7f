// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <crypto/Pin.h>
#include <testkit/FakeUsmAgent.h>
#include <testkit/Program.h>

#include <QDir>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

using namespace platen;
using namespace Qt::StringLiterals;

/// Runs the built program.
class CommandLineTest : public QObject {
    Q_OBJECT

    struct Outcome {
        int code = -1;
        QString out;
        QString err;
    };

    std::unique_ptr<QTemporaryDir> m_folder;
    QString data() const { return m_folder->filePath(u"data"_s); }

    Outcome run(const QStringList& arguments, const QByteArray& input = {}) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"XDG_CONFIG_HOME"_s, m_folder->filePath(u"config"_s));
        environment.insert(u"PLATEN_COMMUNITIES"_s, u"hidden-one,hidden-two"_s);
        process.setProcessEnvironment(environment);
        process.start(QStringLiteral(PLATEN_AGENT), arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30'000)) // devices in this program answer meanwhile
            return {-1, {}, u"did not end"_s};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
    }

    /// A PIN with a typing mistake in its last group.
    static QString mistyped()
    {
        QString text = crypto::Pin::generate().toString();
        text[text.size() - 2] = text[text.size() - 2] == u'7' ? u'8' : u'7';
        return text;
    }

    void write(const QString& name, const QByteArray& text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(name).path()));
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void saysItsVersionAndHelp()
    {
        QVERIFY(run({u"--version"_s}).out.startsWith(u"platen-agent "_s));
        const Outcome help = run({u"--help"_s});
        QCOMPARE(help.code, 0);
        for (const QString& command : {u"run"_s, u"activate"_s, u"status"_s, u"config"_s, u"collect"_s, u"walk"_s}) {
            QVERIFY(help.out.contains(u"  "_s + command));
            const Outcome more = run({command, u"--help"_s});
            QCOMPARE(more.code, 0);
            QVERIFY(more.out.contains(u"--help"_s));
            QVERIFY2(more.out.startsWith(u"Usage: platen-agent %1 "_s.arg(command)), qPrintable(more.out.section(u'\n', 0, 0)));
        }
    }

    void refusesInOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown command") << QStringList{u"colect"_s} << u"\"colect\""_s;
        QTest::newRow("unknown option") << QStringList{u"collect"_s, u"--rang"_s, u"10.0.0.1"_s} << u"rang"_s;
        QTest::newRow("no range") << QStringList{u"collect"_s} << u"--range"_s;
        QTest::newRow("huge range") << QStringList{u"collect"_s, u"--range"_s, u"10.0.0.0/2"_s} << u"10.0.0.0/2"_s;
        QTest::newRow("reversed range") << QStringList{u"collect"_s, u"--range"_s, u"10.0.0.9-10.0.0.1"_s}
                                        << u"10.0.0.9-10.0.0.1"_s;
        QTest::newRow("no such address") << QStringList{u"collect"_s, u"--range"_s, u"10.0.0.300"_s} << u"10.0.0.300"_s;
        QTest::newRow("bad exclusion") << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--exclude"_s,
            u"a/b"_s} << u"a/b"_s;
        QTest::newRow("bad port") << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--port"_s, u"70000"_s}
                                  << u"--port"_s;
        QTest::newRow("bad time-out") << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--timeout"_s,
            u"soon"_s} << u"--timeout"_s;
        QTest::newRow("no community file")
            << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--community-file"_s, u"/no/such"_s}
            << u"/no/such"_s;
        QTest::newRow("auth without a user")
            << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--auth"_s, u"MD5"_s} << u"--v3"_s;
        QTest::newRow("user with a short passphrase")
            << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--v3"_s, u"monitor"_s, u"--auth"_s, u"MD5:short"_s} << u"monitor"_s;
        QTest::newRow("unknown protocol")
            << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--v3"_s, u"monitor"_s, u"--auth"_s, u"MD4:long enough"_s} << u"MD4"_s;
        QTest::newRow("no passphrase file")
            << QStringList{u"walk"_s, u"127.0.0.1"_s, u"--out"_s, u"x"_s, u"--v3"_s, u"monitor"_s, u"--auth"_s, u"MD5"_s, u"--auth-file"_s, u"/no/such"_s}
            << u"/no/such"_s;
        QTest::newRow("no folder of profiles")
            << QStringList{u"collect"_s, u"--range"_s, u"127.0.0.1"_s, u"--dry-run"_s, u"--profiles"_s, u"/no/such"_s}
            << u"/no/such"_s;
        QTest::newRow("once with a range")
            << QStringList{u"collect"_s, u"--once"_s, u"--range"_s, u"127.0.0.1"_s} << u"agent.json"_s;
        QTest::newRow("once without folder")
            << QStringList{u"collect"_s, u"--once"_s, u"--data"_s, u"/no/such"_s} << u"/no/such"_s;
        QTest::newRow("config of nothing") << QStringList{u"config"_s} << u"config check"_s;
        QTest::newRow("config without file") << QStringList{u"config"_s, u"check"_s, u"/no/such"_s} << u"/no/such"_s;
        QTest::newRow("walk without file") << QStringList{u"walk"_s, u"127.0.0.1"_s} << u"--out"_s;
        QTest::newRow("walk of a range") << QStringList{u"walk"_s, u"10.0.0.0/24"_s, u"--out"_s, u"x"_s}
                                         << u"10.0.0.0/24"_s;
        QTest::newRow("walk of no OID") << QStringList{u"walk"_s, u"127.0.0.1"_s, u"1.3.x"_s, u"--out"_s, u"x"_s}
                                        << u"1.3.x"_s;
        QTest::newRow("walk into nowhere")
            << QStringList{u"walk"_s, u"127.0.0.1"_s, u"--out"_s, u"/no/such/file"_s} << u"/no/such/file"_s;
        QTest::newRow("activate without server") << QStringList{u"activate"_s, u"--pin"_s, u"X"_s} << u"--server"_s;
        QTest::newRow("activate without PIN")
            << QStringList{u"activate"_s, u"--server"_s, u"https://localhost"_s} << u"--pin"_s;
        QTest::newRow("run somewhere else") << QStringList{u"run"_s, u"now"_s} << u"\"now\""_s;
        QTest::newRow("run without folder") << QStringList{u"run"_s, u"--data"_s, u"/no/such"_s} << u"/no/such"_s;
        QTest::newRow("status without folder") << QStringList{u"status"_s, u"--data"_s, u"/no/such"_s} << u"/no/such"_s;
    }

    void refusesInOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, says);
        const Outcome outcome = run(arguments);
        QVERIFY(outcome.code != 0 && outcome.code != -1);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        QCOMPARE(outcome.err.count(u'\n'), 1);
        QVERIFY(outcome.err.trimmed().endsWith(u'.'));
        QVERIFY(outcome.out.isEmpty());
    }

    void saysThatNothingWasFound()
    {
        const Outcome outcome = run({u"collect"_s, u"--range"_s, u"127.0.0.1-127.0.0.3"_s, u"--port"_s, u"9"_s,
            u"--timeout"_s, u"50"_s, u"--json"_s, u"--community"_s, u"s3cr3t"_s});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.out.simplified(), u"[ ]"_s);
        QCOMPARE(outcome.err.count(u'\n'), 1);
        QVERIFY(outcome.err.contains(u"3 addresses"_s));
        QVERIFY(!outcome.err.contains(u"s3cr3t"_s) && !outcome.err.contains(u"hidden"_s));
    }

    void leavesNoFileOfAWalkThatFailed()
    {
        const Outcome outcome = run({u"walk"_s, u"127.0.0.1"_s, u"--port"_s, u"9"_s, u"--timeout"_s, u"50"_s,
            u"--out"_s, m_folder->filePath(u"a.snmprec"_s)});
        QVERIFY(outcome.code != 0);
        QVERIFY2(outcome.err.contains(u"127.0.0.1"_s), qPrintable(outcome.err));
        QVERIFY(QDir(m_folder->path()).entryList(QDir::Files).isEmpty());
    }

    void sendsNothingForAMistypedPin()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const QString url = u"https://127.0.0.1:%1"_s.arg(server.serverPort());
        const QString pin = mistyped();
        for (const auto& [given, input] : {std::pair{pin, QByteArray()}, {u"-"_s, pin.toUtf8()}}) {
            const Outcome outcome =
                run({u"activate"_s, u"--server"_s, url, u"--pin"_s, given, u"--data"_s, data()}, input);
            QVERIFY(outcome.code != 0);
            QCOMPARE(outcome.err.count(u'\n'), 1);
            QVERIFY(!outcome.err.contains(pin));
        }
        QVERIFY(!server.waitForNewConnection(0));
        QVERIFY(!QFileInfo::exists(data()));
    }

    void leavesNothingOfAFailedActivation_data()
    {
        QTest::addColumn<QString>("server");
        QTest::addColumn<QString>("says");
        QTest::newRow("unreachable") << u"https://127.0.0.1:1"_s << u"127.0.0.1:1"_s;
        QTest::newRow("plain HTTP not allowed") << u"http://127.0.0.1:1"_s << u"http"_s;
        QTest::newRow("unknown host") << u"https://no-such-host.invalid"_s << u"no-such-host.invalid"_s;
    }

    void leavesNothingOfAFailedActivation()
    {
        QFETCH(QString, server);
        QFETCH(QString, says);
        const Outcome outcome = run({u"activate"_s, u"--server"_s, server, u"--pin"_s,
            crypto::Pin::generate().toString(), u"--data"_s, data()});
        QVERIFY(outcome.code > 0);
        QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
        QCOMPARE(outcome.err.count(u'\n'), 1);
        QVERIFY(!QFileInfo::exists(data()));
        QVERIFY(!QDir(m_folder->filePath(u"config"_s)).exists()
            || QDir(m_folder->filePath(u"config/platen-agent"_s)).isEmpty());
    }

    void saysWhereTheSettingsAreWrong()
    {
        write(data() + u"/agent.json"_s, "{\n  \"port\": 161\n  \"ranges\": []\n}\n");
        const Outcome outcome = run({u"run"_s, u"--data"_s, data()});
        QVERIFY(outcome.code > 0);
        QVERIFY2(outcome.err.contains(data() + u"/agent.json"_s) && outcome.err.contains(u"line 3"_s),
            qPrintable(outcome.err));
    }

    void checksTheSettings()
    {
        const QString file = m_folder->filePath(u"new.json"_s);
        write(file, "{\"prot\": 1, \"port\": 0, \"ranges\": [\"x/y\"]}");
        const Outcome wrong = run({u"config"_s, u"check"_s, file});
        QVERIFY(wrong.code > 0);
        QCOMPARE(wrong.err.count(u'\n'), 3); // everything at once
        QVERIFY(wrong.out.isEmpty());

        write(file, "{\"ranges\": [\"10.0.0.0/24\"], \"communities\": [\"s3cr3t\"]}");
        QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner));
        const Outcome right = run({u"config"_s, u"check"_s, file});
        QCOMPARE(right.code, 0);
        QVERIFY(right.out.contains(u"\"ranges\": [\"10.0.0.0/24\"]"_s) && right.out.contains(u"\"statusInterval\": \"15min\""_s));
        QVERIFY(!right.out.contains(u"s3cr3t"_s));
    }

    void saysWhatItWouldAskAndSend()
    {
        write(data() + u"/agent.json"_s,
            "{\"ranges\": [\"10.0.0.0/24\", {\"range\": \"10.0.1.0/24\", \"port\": 1161, \"credentials\": [\"office\"]}],"
            "\"credentials\": [{\"name\": \"office\", \"version\": \"v2c\", \"community\": \"public\"}],"
            "\"mask\": {\"location\": true}}");
        for (const QStringList& command : {QStringList{u"run"_s}, {u"collect"_s, u"--once"_s}}) {
            const Outcome outcome = run(command + QStringList{u"--dry-run"_s, u"--data"_s, data()});
            QVERIFY2(outcome.code == 0, qPrintable(outcome.err));
            QVERIFY2(outcome.out.contains(u"10.0.0.1 - 10.0.0.254"_s), qPrintable(outcome.out));
            QVERIFY(outcome.out.contains(u"UDP port 161, by community 1"_s));
            QVERIFY(outcome.out.contains(u"UDP port 1161, by office"_s));
            QVERIFY(outcome.out.contains(u"at most 1,016"_s)); // 2 × 254 addresses, one login each, twice
            QVERIFY(outcome.out.contains(u"host name, location\n"_s));
            QVERIFY(outcome.out.contains(u"not asked"_s));
            QVERIFY(QDir(data()).entryList(QDir::Files) == QStringList{u"agent.json"_s});
        }
        const Outcome collect = run({u"collect"_s, u"--range"_s, u"10.0.0.0/30"_s, u"--dry-run"_s});
        QCOMPARE(collect.code, 0);
        QVERIFY2(collect.out.contains(u"10.0.0.1 - 10.0.0.2"_s), qPrintable(collect.out));
    }

    void saysThatTheLoginIsRefused()
    {
        snmp::Credentials user;
        user.version = snmp::Version::V3;
        user.user = u"monitor"_s;
        user.authProtocol = u"SHA-256"_s;
        user.authPassphrase = Secret("authentic words");
        test::FakeUsmAgent device(user, QByteArray::fromHex("8000000001020304"));
        write(m_folder->filePath(u"pass"_s), "other words\n");
        const QStringList collect{u"collect"_s, u"127.0.0.1"_s, u"--port"_s, QString::number(device.port()), u"--v3"_s};
        const QStringList login{u"--auth"_s, u"SHA-256"_s, u"--auth-file"_s, m_folder->filePath(u"pass"_s)};
        for (const QString& name : {u"monitor"_s, u"nobody"_s}) {
            const Outcome outcome = run(collect + QStringList{name} + login);
            QCOMPARE(outcome.code, 1);
            const QString said = outcome.err.trimmed().section(u'\n', -1);
            QVERIFY2(said.contains(u"1 address: 1 device answers SNMP but refuses"_s), qPrintable(outcome.err));
            QVERIFY2(said.contains(u"127.0.0.1"_s) && !said.contains(u"another community"_s), qPrintable(said));
        }
    }

    void showsAgainWhatIsTypedWhenItIsInterrupted()
    {
        int ours = -1, theirs = -1;
        QCOMPARE(::openpty(&ours, &theirs, nullptr, nullptr, nullptr), 0);
        const auto shows = [ours] {
            termios now{};
            return ::tcgetattr(ours, &now) == 0 && (now.c_lflag & tcflag_t(ECHO)) != 0;
        };
        QVERIFY(shows());
        QProcess process;
        process.setChildProcessModifier([theirs] {
            ::setsid();
            ::ioctl(theirs, TIOCSCTTY, 0);
            for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
                ::dup2(theirs, standard);
        });
        process.start(QStringLiteral(PLATEN_AGENT), {u"collect"_s, u"127.0.0.1"_s, u"--v3"_s, u"monitor"_s, u"--auth"_s, u"SHA-256"_s});
        QTRY_VERIFY(!shows()); // a passphrase is asked for
        QCOMPARE(::write(ours, "\x03", 1), 1); // Ctrl-C
        QTRY_COMPARE(process.state(), QProcess::NotRunning);
        QVERIFY(shows());
        ::close(theirs);
        ::close(ours);
    }

    void saysThatItIsNotActivated()
    {
        QVERIFY(QDir().mkpath(data()));
        const Outcome outcome = run({u"run"_s, u"--data"_s, data()});
        QVERIFY(outcome.code > 0);
        QVERIFY2(outcome.err.contains(u"activate"_s), qPrintable(outcome.err));
        QVERIFY(run({u"status"_s, u"--data"_s, data()}).err.contains(u"never ran"_s));
    }
};

PLATEN_TEST(CommandLineTest)
#include "CommandLineTest.moc"
