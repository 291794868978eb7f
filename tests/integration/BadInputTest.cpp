// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <QDir>
#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <unistd.h>

using namespace platen::test;
using namespace Qt::StringLiterals;

namespace {

void write(const QString& path, const QByteArray& bytes, QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.setPermissions(permissions);
}

#define REFUSES(outcome, ...) \
    do { \
        const Outcome refused = outcome; \
        QVERIFY2(refused.exitCode > 0, (refused.out + refused.err).constData()); \
        QVERIFY2(refused.saysInOneSentence({__VA_ARGS__}), refused.err.constData()); \
    } while (false)

} // namespace

/// What people get wrong on a command line or in a folder: one sentence that names the thing, an exit code, nothing half done.
class BadInputTest : public QObject {
    Q_OBJECT

private slots:
    void refusesRangesThatAreNone_data()
    {
        QTest::addColumn<QString>("range");
        for (const char* range : {"10.0.0.0/2", "10.0.0.300", "10.0.0.9-10.0.0.1", "fe80::/10", "10.0.0.0/33", "", "no.such.host.invalid"})
            QTest::newRow(range) << QString::fromLatin1(range);
    }
    void refusesRangesThatAreNone()
    {
        QFETCH(QString, range);
        REFUSES(run(u"platen-agent"_s, {u"collect"_s, u"--range"_s, range, u"--port"_s, u"9"_s}), range);
    }

    void saysThatNothingAnswered()
    {
        const Outcome outcome = run(u"platen-agent"_s, {u"collect"_s, u"--range"_s, u"127.0.77.1"_s, u"--port"_s, u"9"_s, u"--json"_s});
        QVERIFY2(outcome.saysInOneSentence({u"127.0.77.1"_s}) || outcome.err.contains("no printer"), outcome.err.constData());
        QCOMPARE(QJsonDocument::fromJson(outcome.out).array().size(), 0);
    }

    void refusesARecordingThatIsNone()
    {
        const QTemporaryDir folder;
        write(folder.filePath(u"letter.snmprec"_s), "Dear printer,\nplease print.\n");
        REFUSES(run(u"platen-fleetsim"_s, {u"serve"_s, folder.path()}), u"letter.snmprec"_s, u"line 1"_s);
        REFUSES(run(u"platen-fleetsim"_s, {u"serve"_s, folder.filePath(u"nowhere"_s)}), u"nowhere"_s);
    }

    void refusesABrokenSettingsFile_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("word");
        QTest::newRow("syntax") << QByteArray("{\n  \"ranges\": [,]\n}") << u"line 2"_s;
        QTest::newRow("unknown key") << QByteArray("{\"rangs\": []}") << u"rangs"_s;
        QTest::newRow("wrong type") << QByteArray("{\"port\": \"many\"}") << u"port"_s;
        QTest::newRow("out of range") << QByteArray("{\"port\": 70000}") << u"port"_s;
        QTest::newRow("bad range") << QByteArray("{\"ranges\": [\"10.0.0.0/2\"]}") << u"10.0.0.0/2"_s;
    }
    void refusesABrokenSettingsFile()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, word);
        const QTemporaryDir folder;
        write(folder.filePath(u"agent.json"_s), text);
        REFUSES(run(u"platen-agent"_s, {u"run"_s, u"--data"_s, folder.path()}), u"agent.json"_s, word);
    }

    void makesNoSecondServerForAMistypedFolder_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::newRow("admin") << QStringList{u"admin"_s, u"create"_s, u"anna"_s};
        QTest::newRow("pin") << QStringList{u"pin"_s, u"create"_s};
    }
    void makesNoSecondServerForAMistypedFolder()
    {
        QFETCH(QStringList, command);
        const QTemporaryDir folder;
        const QString mistyped = folder.filePath(u"sever"_s);
        REFUSES(run(u"platen-server"_s, command << u"--data"_s << mistyped), mistyped, u"platen-server run"_s);
        QVERIFY(!QFile::exists(mistyped));
    }

    void refusesAPortThatIsTaken()
    {
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        const QTemporaryDir folder;
        const QString listen = u"127.0.0.1:%1"_s.arg(taken.serverPort());
        REFUSES(run(u"platen-server"_s, {u"run"_s, u"--data"_s, folder.filePath(u"server"_s), u"--listen"_s, listen}), QString::number(taken.serverPort()));
    }

    void refusesAKeyThatOthersMayRead()
    {
        Site site;
        QVERIFY2(site.startServer(), site.logs().constData());
        site.stopServer();
        const QStringList keys = QDir(site.serverData()).entryList({u"*kek*"_s, u"*.key"_s}, QDir::Files);
        const auto kek = std::ranges::find_if(keys, [](const QString& name) { return name.contains(u"kek"_s); });
        QVERIFY2(kek != keys.end(), qPrintable(keys.join(u' ')));
        QVERIFY(QFile::setPermissions(site.serverData() + u'/' + *kek, QFile::ReadOwner | QFile::ReadOther));
        REFUSES(run(u"platen-server"_s, {u"run"_s, u"--data"_s, site.serverData(), u"--listen"_s, u"127.0.0.1:%1"_s.arg(site.port())}), *kek);
    }

    void refusesADatabaseThatIsNone()
    {
        Site site;
        QVERIFY2(site.startServer(), site.logs().constData());
        site.stopServer();
        write(site.serverData() + u"/platen.sqlite"_s, QByteArray(8192, 'x'));
        REFUSES(run(u"platen-server"_s, {u"run"_s, u"--data"_s, site.serverData(), u"--listen"_s, u"127.0.0.1:%1"_s.arg(site.port())}), u"platen.sqlite"_s);
    }

    void refusesWrongAndUsedPins()
    {
        Site site;
        QVERIFY2(site.startServer(), site.logs().constData());
        const QString pin = site.createPin();
        QVERIFY(!pin.isEmpty());

        REFUSES(site.activate(u"AAAA-BBBB-CCCC"_s), u"PIN"_s); // its check character is wrong: nothing is sent
        QVERIFY(!QFile::exists(site.agentData() + u"/agent.key"_s));
        const Outcome activated = site.activate(pin);
        QVERIFY2(activated.exitCode == 0, activated.err.constData());

        QVERIFY(QDir(site.agentData()).removeRecursively());
        REFUSES(site.activate(pin), u"PIN"_s);
        QVERIFY(!QFile::exists(site.agentData() + u"/agent.key"_s));
    }

    void refusesAServerThatIsNotThere()
    {
        Site site; // not started
        REFUSES(site.activate(validPin()), QString::number(site.port()));
    }

    void refusesPlainHttpUnlessAllowed()
    {
        Site site(u"http"_s);
        QVERIFY2(site.startServer(), site.logs().constData());
        REFUSES(site.activate(site.createPin()), u"allowPlainHttp"_s);
        site.writeAgentSettings();
        const Outcome activated = site.activate(site.createPin());
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
    }

    void refusesAFullDisk()
    {
        // /dev/full stands for a disk without room: a data folder there cannot be made.
        REFUSES(run(u"platen-server"_s, {u"run"_s, u"--data"_s, u"/dev/full/server"_s}), u"/dev/full"_s);
        REFUSES(run(u"platen-agent"_s, {u"activate"_s, u"--data"_s, u"/dev/full/agent"_s, u"--server"_s, u"https://127.0.0.1:9"_s, u"--pin"_s, validPin()}), u"/dev/full"_s);
        REFUSES(run(u"platen-agent"_s, {u"walk"_s, u"127.0.0.1"_s, u"--port"_s, u"9"_s, u"--out"_s, u"/dev/full/walk.snmprec"_s}), u"walk.snmprec"_s);
    }

    void refusesASecondProcessOnOneFolder()
    {
        Site site;
        QVERIFY2(site.startServer(), site.logs().constData());
        REFUSES(run(u"platen-server"_s, {u"run"_s, u"--data"_s, site.serverData(), u"--listen"_s, u"127.0.0.1:0"_s}), site.serverData());
    }

private:
    /// A PIN of the right form that no server knows.
    static QString validPin()
    {
        Site site;
        return site.startServer() ? site.createPin() : QString();
    }
};

QTEST_GUILESS_MAIN(BadInputTest)
#include "BadInputTest.moc"
