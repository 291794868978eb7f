// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <integration/Site.h>

#include <crypto/Crypto.h>
#include <crypto/KeyFile.h>
#include <crypto/KeySchedule.h>
#include <protocol/Cbor.h>
#include <testkit/Wait.h>

#include <QCborMap>
#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <unistd.h>

using namespace platen;
using namespace platen::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString password = u"planted-Password-Zx81-Quodlibet"_s;
const QString community = u"planted-community-Kq7"_s;
const QString user = u"anna"_s;

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What a core dump of the process would hold: its memory but for the mappings that are left out of dumps ("dd"). Empty when the
/// system does not let us look.
QByteArray dumpOf(qint64 pid)
{
    QFile memory(u"/proc/%1/mem"_s.arg(pid));
    if (!memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return {};
    QByteArray dump;
    qint64 start = 0, end = 0;
    bool isWritable = false;
    for (const QByteArray& line : contentOf(u"/proc/%1/smaps"_s.arg(pid)).split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' ');
        const QList<QByteArray> range = words.value(0).split('-');
        bool isStart = false, isEnd = false;
        const qint64 from = range.value(0).toLongLong(&isStart, 16), to = range.value(1).toLongLong(&isEnd, 16);
        if (range.size() == 2 && isStart && isEnd) {
            start = from;
            end = to;
            isWritable = words.value(1).startsWith("rw");
        } else if (line.startsWith("VmFlags:") && isWritable && !words.contains("dd") && !words.contains("io")) {
            if (memory.seek(start))
                dump += memory.read(end - start);
        }
    }
    return dump;
}

} // namespace

/// Secrets are planted, used as they are used in earnest, and looked for wherever somebody may look: database, spool, logs, packets,
/// core dumps.
class SecretsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Site> m_site;
    QNetworkAccessManager m_network;
    QList<std::pair<QString, QByteArray>> m_secrets; ///< name, bytes
    QProcess m_tcpdump;

    void plant(const QString& name, const QByteArray& bytes)
    {
        QVERIFY2(bytes.size() >= 7, qPrintable(name));
        m_secrets.append({name, QByteArray(bytes.constData(), bytes.size())}); // what Secret reveals lives as long as it does
    }

    void plantKey(const QString& name, const QByteArray& key)
    {
        plant(name, key);
        plant(name + u" in hexadecimal"_s, key.toHex());
        plant(name + u" in base64"_s, key.toBase64());
    }

    void plantPin(const QString& pin, const QString& name)
    {
        QVERIFY(!pin.isEmpty());
        const QByteArray characters = QString(pin).remove(u'-').toLatin1();
        plant(name, pin.toLatin1());
        plant(name + u" without dashes"_s, characters);
        plant(name + u", what CPace takes of it"_s, characters.mid(4, 7));
        plant(name + u" as UTF-16"_s, QByteArray(reinterpret_cast<const char*>(pin.utf16()), pin.size() * 2));
    }

    QJsonObject call(const QString& name, const QJsonObject& parameters, const QByteArray& token = {})
    {
        QNetworkRequest request(QUrl(u"https://127.0.0.1:%1/api/v1/%2"_s.arg(m_site->port()).arg(name)));
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        if (!token.isEmpty())
            request.setRawHeader("Authorization", "Bearer " + token);
        QNetworkReply* const reply = m_network.post(request, QJsonDocument(parameters).toJson());
        reply->ignoreSslErrors();
        connect(reply, &QNetworkReply::sslErrors, reply, [reply] { reply->ignoreSslErrors(); });
        eventually([&] { return reply->isFinished(); }, 20s);
        reply->deleteLater();
        return QJsonDocument::fromJson(reply->readAll()).object();
    }

    /// The key that agent and server share, taken out of the agent's key file as the agent does it.
    QByteArray sharedKey() const
    {
        const QDir wrapping(m_site->path(u"config/platen-agent"_s));
        const crypto::KeyFile file({.file = m_site->agentData() + u"/agent.key"_s,
            .wrappingKey = wrapping.filePath(wrapping.entryList({u"*.key"_s}, QDir::Files).value(0))});
        const auto content = file.load();
        const auto map = content ? protocol::decodeMap(content->reveal()) : fail(content.error());
        return map ? map->value(u"root"_s).toByteArray() : QByteArray();
    }

    QStringList foundIn(const QByteArray& bytes, const QString& where, const QStringList& except = {}) const
    {
        QStringList found;
        for (const auto& [name, secret] : m_secrets)
            if (bytes.contains(secret) && std::ranges::none_of(except, [&](const QString& start) { return name.startsWith(start); }))
                found.append(u"%1 in %2 (%3 times)"_s.arg(name, where).arg(bytes.count(secret)));
        return found;
    }

    /// The kernel gives the files in /proc of a process that may not be dumped to root.
    static void verifyWritesNoCore(qint64 pid)
    {
        QVERIFY(contentOf(u"/proc/%1/limits"_s.arg(pid)).simplified().contains("Max core file size 0 0"));
        QVERIFY(::geteuid() == 0 || QFileInfo(u"/proc/%1/mem"_s.arg(pid)).ownerId() == 0);
    }

    static void verifyNone(const QStringList& found) { QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n'))); }

    bool capture()
    {
        const QString file = m_site->path(u"capture"_s);
        m_tcpdump.start(u"tcpdump"_s, {u"-i"_s, u"lo"_s, u"-U"_s, u"--immediate-mode"_s, u"-Z"_s, u"root"_s, u"-w"_s, file, u"tcp"_s, u"port"_s,
                                          QString::number(m_site->plainPort()), u"or"_s, u"port"_s, QString::number(m_site->port())});
        return m_tcpdump.waitForStarted()
            && eventually([&] { return QFileInfo(file).size() > 0 || m_tcpdump.state() == QProcess::NotRunning; })
            && m_tcpdump.state() != QProcess::NotRunning;
    }

private slots:
    void initTestCase()
    {
        QVERIFY(crypto::start());
        m_site = std::make_unique<Site>(u"http"_s); // agents speak without TLS: what is sealed, is sealed by us
        qputenv("XDG_CONFIG_HOME", m_site->path(u"config"_s).toUtf8());
        QVERIFY2(m_site->startServer(), m_site->logs().constData());
        QVERIFY2(m_site->startFleet(500, 100, {u"--community"_s, community}), m_site->logs().constData());
        m_site->writeAgentSettings({{u"statusInterval"_s, u"1s"_s}, {u"communities"_s, QJsonArray{community}}});
    }
    void cleanupTestCase() { m_site.reset(); }

    void areUsed()
    {
        const bool isCaptured = capture();
        plant(u"password"_s, password.toLatin1());
        plant(u"password as UTF-16"_s, QByteArray(reinterpret_cast<const char*>(password.utf16()), password.size() * 2));
        plant(u"community"_s, community.toLatin1());
        const Outcome made = run(u"platen-server"_s, {u"admin"_s, u"create"_s, user, u"--password-stdin"_s, u"--data"_s, m_site->serverData()}, password.toUtf8() + '\n');
        QVERIFY2(made.exitCode == 0, made.err.constData());

        const QString pin = m_site->createPin();
        plantPin(pin, u"PIN"_s);
        QString wrong = pin;
        wrong[6] = wrong[6] == u'0' ? u'1' : u'0';
        QVERIFY(m_site->activate(wrong).exitCode != 0);
        const Outcome activated = m_site->activate(pin);
        QVERIFY2(activated.exitCode == 0, activated.err.constData());
        m_site->startAgent();
        QVERIFY2(eventually([&] { return m_site->serverRows(u"SELECT id FROM device"_s).size() == m_site->fleetSize(); }, 60s), m_site->logs().constData());

        const QByteArray root = sharedKey();
        QCOMPARE(root.size(), 32);
        const QByteArray agentId = m_site->serverRows(u"SELECT id FROM agent WHERE status = 'ACTIVE'"_s)[0][0].toByteArray();
        const auto keys = crypto::AgentKeys::derive(Secret(root), agentId);
        plantKey(u"K"_s, root);
        plantKey(u"k_a2s"_s, keys.a2s.reveal());
        plantKey(u"k_ack"_s, keys.ack.reveal());
        plantKey(u"k_hb"_s, keys.heartbeat.reveal());
        plantKey(u"KEK"_s, contentOf(m_site->serverData() + u"/kek"_s));

        const QByteArray token = call(u"login"_s, {{u"name"_s, user}, {u"password"_s, password}})[u"token"].toString().toLatin1();
        plant(u"token"_s, token);
        const QString second = call(u"pins.create"_s, {}, token)[u"pin"].toString();
        plantPin(second, u"answered PIN"_s);
        QCOMPARE(call(u"session.prove"_s, {{u"password"_s, password}}, token), QJsonObject());
        call(u"login"_s, {{u"name"_s, user}, {u"password"_s, password + u"x"_s}});
        m_network.clearConnectionCache();
        QTest::qWait(500);

        m_tcpdump.terminate();
        m_tcpdump.waitForFinished();
        const QByteArray packets = contentOf(m_site->path(u"capture"_s));
        if (isCaptured)
            QVERIFY(packets.contains("/a/v2/activate")); // it is our traffic
        verifyNone(foundIn(packets, u"packets"_s));
    }

    void areInNoCoreDumpOfTheServer()
    {
        const qint64 pid = QJsonDocument::fromJson(contentOf(m_site->path(u"server.ready"_s))).object()[u"pid"].toInteger();
        const QByteArray dump = dumpOf(pid);
        if (dump.isEmpty())
            QSKIP("looking into another process needs root");
        QVERIFY(dump.size() > 1 << 20);
        QVERIFY(dump.contains("agent_envelope")); // it is a server's memory
        // What went through a request or its answer stays in freed memory for a while.
        verifyNone(foundIn(dump, u"the server's memory"_s, {u"password"_s, u"token"_s, u"answered PIN"_s}));
        verifyWritesNoCore(pid);
    }

    void areInNoCoreDumpOfTheAgent()
    {
        const QByteArray dump = dumpOf(m_site->agent().pid());
        if (dump.isEmpty())
            QSKIP("looking into another process needs root");
        QVERIFY(dump.contains("PLE2"));
        verifyNone(foundIn(dump, u"the agent's memory"_s, {u"community"_s})); // of its settings
        verifyWritesNoCore(m_site->agent().pid());
    }

    void areInNoFile()
    {
        m_site->server().kill(); // what the printers say now waits in the spool
        QVERIFY(eventually([&] { return !QDir(m_site->agentData() + u"/spool"_s).entryList({u"*.ple"_s}, QDir::Files).isEmpty(); }, 30s));
        m_site->stopAgent();
        QStringList found, seen;
        QDirIterator files(m_site->path(QString()), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QFileInfo file = files.nextFileInfo();
            // What a person wrote, and the keys themselves.
            if (file.fileName() == u"agent.json" || file.fileName() == u"kek")
                continue;
            seen.append(file.fileName());
            found += foundIn(contentOf(file.filePath()), file.filePath());
        }
        for (const QString& name : {u"platen.sqlite"_s, u"state.db"_s, u"server.log"_s, u"agent.log"_s, u"agent.key"_s, u"status.json"_s})
            QVERIFY2(seen.contains(name), qPrintable(name));
        QVERIFY(seen.filter(u".ple"_s).size() > 0);
        verifyNone(found);
    }
};

QTEST_GUILESS_MAIN(SecretsTest)
#include "SecretsTest.moc"
