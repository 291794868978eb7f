// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/SettingsFile.h>
#include <testkit/Program.h>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace platen;
using namespace Qt::StringLiterals;
using agent::Settings;

namespace {

/// With the quotes of JSON: moc does not read raw strings with such in them.
QByteArray json(QByteArray text) { return text.replace('\'', '"'); }

/// As a program that can only go on when all is well.
Result<Settings> parsed(const QByteArray& text, const QString& file)
{
    const agent::CheckedSettings checked = agent::checkSettings(text, file);
    if (!checked.isFine())
        return fail(ErrorCode::InvalidInput, checked.problems.first());
    return checked.settings;
}

} // namespace

class SettingsTest : public QObject {
    Q_OBJECT

private slots:
    void hasAllDefaultsWithoutAFile()
    {
        const auto settings = agent::loadSettings(u"/nonexistent/agent.json"_s);
        QVERIFY(settings);
        QCOMPARE(settings->port, 161);
        QCOMPARE(settings->statusInterval, std::chrono::minutes(15));
        QCOMPARE(settings->communities, QList<Secret>{Secret("public")});
    }

    void takesEveryKey()
    {
        const auto settings = parsed(
            json("{'ranges': ['10.0.0.0/24', {'range': '10.1.0.5-10.1.0.9', 'port': 1162, 'credentials': ['v3'], "
                 "'exclude': ['10.1.0.7']}, 'copier.example'], 'exclude': ['10.0.0.0/8'],"
                 "            'credentials': [{'name': 'v3', 'version': 'v3', 'user': 'u', 'auth': 'sha256', "
                 "'authPassphrase': 'long enough', 'priv': 'aes', 'privPassphrase': 'long enough'}, "
                 "{'name': 'old', 'version': 'v1', 'community': 'c'}],"
                 "            'jitter': '0s', 'ipp': false, 'pages': false, 'dnssd': true, 'hints': true, "
                 "'mask': {'address': true, 'hostName': false},"
                 "            'port': 1161, 'communities': ['a', 'b'], 'discoveryInterval': '12h', 'statusInterval': "
                 "'30 s', 'metersAt': '06:05',"
                 "            'fullReadingInterval': '1d', 'packetsPerSecond': 50, 'timeout': '250ms', "
                 "'devicesAtOnce': 3,"
                 "            'serverUrl': 'http://127.0.0.1:8080/platen', 'allowPlainHttp': true, 'transparency': "
                 "false}"),
            u"agent.json"_s);
        QVERIFY2(settings, settings ? "" : qPrintable(settings.error().detail));
        QCOMPARE(settings->ranges.size(), 3);
        QVERIFY(settings->ranges.at(0).isPlain());
        QCOMPARE(settings->ranges.at(1), (agent::RangeSetting{u"10.1.0.5-10.1.0.9"_s, 1162, {u"v3"_s}, {u"10.1.0.7"_s}}));
        QCOMPARE(settings->exclude, QStringList{u"10.0.0.0/8"_s});
        QCOMPARE(settings->credentials.size(), 2);
        QCOMPARE(settings->credentials.at(0).credentials.version, snmp::Version::V3);
        QCOMPARE(settings->credentials.at(0).credentials.authProtocol, u"SHA-256"_s);
        QCOMPARE(settings->credentials.at(0).credentials.privProtocol, u"AES-128"_s);
        QCOMPARE(settings->credentials.at(1).credentials.version, snmp::Version::V1);
        QCOMPARE(settings->jitter, std::chrono::milliseconds(0));
        QVERIFY(!settings->ipp && !settings->pages && settings->dnssd && settings->hints);
        QCOMPARE(settings->mask, (agent::Mask{.address = true, .hostName = false, .location = false}));
        QCOMPARE(settings->port, 1161);
        QCOMPARE(settings->communities, (QList<Secret>{Secret("a"), Secret("b")}));
        QCOMPARE(settings->discoveryInterval, std::chrono::hours(12));
        QCOMPARE(settings->statusInterval, std::chrono::seconds(30));
        QCOMPARE(settings->metersAt, QTime(6, 5));
        QCOMPARE(settings->fullReadingInterval, std::chrono::hours(24));
        QCOMPARE(settings->packetsPerSecond, 50);
        QCOMPARE(settings->timeout, std::chrono::milliseconds(250));
        QCOMPARE(settings->devicesAtOnce, 3);
        QCOMPARE(settings->serverUrl, QUrl(u"http://127.0.0.1:8080/platen"_s));
        QVERIFY(settings->allowPlainHttp);
        QVERIFY(!settings->transparency);
    }

    void refusesWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("syntax") << QByteArray("{\n  \"port\": 161,\n  \"ranges\": [\"10.0.0.1\" \"10.0.0.2\"]\n}")
                                << u"line 3, column"_s;
        QTest::newRow("empty") << QByteArray() << u"line 1, column 1"_s;
        QTest::newRow("no object") << QByteArray("[1]") << u"one JSON object"_s;
        QTest::newRow("unknown key") << json("{'prot': 161}") << u"\"prot\""_s;
        QTest::newRow("text for a number") << json("{'port': '161'}") << u"whole number from 1 to 65535"_s;
        QTest::newRow("fraction") << json("{'port': 161.5}") << u"\"port\""_s;
        QTest::newRow("too small") << json("{'port': 0}") << u"\"port\""_s;
        QTest::newRow("too large") << json("{'devicesAtOnce': 1e9}") << u"1 to 1000"_s;
        QTest::newRow("null") << json("{'devicesAtOnce': null}") << u"\"devicesAtOnce\""_s;
        QTest::newRow("no unit") << json("{'statusInterval': '15'}") << u"15min"_s;
        QTest::newRow("a number for a duration") << json("{'statusInterval': 900}") << u"duration"_s;
        QTest::newRow("too short") << json("{'discoveryInterval': '1s'}") << u"10s to 30d"_s;
        QTest::newRow("overflow") << json("{'discoveryInterval': '999999999d'}") << u"10s to 30d"_s;
        QTest::newRow("no time") << json("{'metersAt': '25:00'}") << u"time of day"_s;
        QTest::newRow("time cut") << json("{'metersAt': '9:5'}") << u"time of day"_s;
        QTest::newRow("bool") << json("{'transparency': 'yes'}") << u"true or false"_s;
        QTest::newRow("no list") << json("{'ranges': '10.0.0.1'}") << u"list"_s;
        QTest::newRow("list of numbers") << json("{'ranges': [10]}") << u"10.0.0.0/24"_s;
        QTest::newRow("bad range") << json("{'ranges': ['10.0.0.300']}") << u"10.0.0.300"_s;
        QTest::newRow("huge range") << json("{'ranges': ['10.0.0.0/2']}") << u"10.0.0.0/2"_s;
        QTest::newRow("range without a range") << json("{'ranges': [{'port': 161}]}") << u"\"ranges\""_s;
        QTest::newRow("range with more") << json("{'ranges': [{'range': '10.0.0.1', 'prot': 161}]}") << u"\"prot\""_s;
        QTest::newRow("range with a bad port") << json("{'ranges': [{'range': '10.0.0.1', 'port': 0}]}") << u"1 to 65535"_s;
        QTest::newRow("range with a bad exclusion")
            << json("{'ranges': [{'range': '10.0.0.1', 'exclude': ['x/y']}]}") << u"x/y"_s;
        QTest::newRow("unknown credentials")
            << json("{'ranges': [{'range': '10.0.0.1', 'credentials': ['mine']}]}") << u"\"mine\""_s;
        QTest::newRow("no name") << json("{'credentials': [{'version': 'v1', 'community': 'c'}]}") << u"\"name\""_s;
        QTest::newRow("no version") << json("{'credentials': [{'name': 'a', 'community': 'c'}]}") << u"\"version\""_s;
        QTest::newRow("no community") << json("{'credentials': [{'name': 'a', 'version': 'v2c'}]}") << u"\"a\": \"community\""_s;
        QTest::newRow("a user in v2c")
            << json("{'credentials': [{'name': 'a', 'version': 'v2c', 'community': 'c', 'user': 'u'}]}") << u"\"user\""_s;
        QTest::newRow("no user") << json("{'credentials': [{'name': 'a', 'version': 'v3'}]}") << u"\"a\""_s;
        QTest::newRow("short passphrase")
            << json("{'credentials': [{'name': 'a', 'version': 'v3', 'user': 'u', 'auth': 'MD5', 'authPassphrase': 'short'}]}") << u"8"_s;
        QTest::newRow("unknown protocol")
            << json("{'credentials': [{'name': 'a', 'version': 'v3', 'user': 'u', 'auth': 'MD4', 'authPassphrase': 'long enough'}]}") << u"MD4"_s;
        QTest::newRow("two of a name")
            << json("{'credentials': [{'name': 'a', 'version': 'v1', 'community': 'c'}, {'name': 'a', 'version': 'v1', 'community': 'd'}]}")
            << u"two entries are named \"a\""_s;
        QTest::newRow("unknown mask") << json("{'mask': {'user': true}}") << u"\"user\""_s;
        QTest::newRow("mask of a text") << json("{'mask': {'address': 'yes'}}") << u"\"address\""_s;
        QTest::newRow("nobody to ask as") << json("{'communities': []}") << u"name one"_s;
        QTest::newRow("empty community") << json("{'communities': ['']}") << u"1 to 255 bytes"_s;
        QTest::newRow("not a URL") << json("{'serverUrl': 'platen.example'}") << u"https://"_s;
        QTest::newRow("ftp") << json("{'serverUrl': 'ftp://platen.example'}") << u"https://"_s;
        QTest::newRow("password in the URL") << json("{'serverUrl': 'https://a:b@platen.example'}") << u"https://"_s;
    }

    void refusesWhatIsWrong()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto settings = parsed(text, u"/somewhere/agent.json"_s);
        QVERIFY(!settings);
        QCOMPARE(settings.error().code, ErrorCode::InvalidInput);
        QVERIFY2(settings.error().detail.contains(u"/somewhere/agent.json"_s), qPrintable(settings.error().detail));
        QVERIFY2(settings.error().detail.contains(says), qPrintable(settings.error().detail));
    }

    void neverRepeatsACommunity()
    {
        const auto settings = parsed(json("{'communities': ['s3cr3t', 5]}"), u"agent.json"_s);
        QVERIFY(!settings);
        QVERIFY(!settings.error().detail.contains(u"s3cr3t"_s));
    }

    void neverRepeatsAPassphrase()
    {
        const auto settings = parsed(
            json("{'credentials': [{'name': 'a', 'version': 'v3', 'user': 'u', 'auth': 'MD4', 'authPassphrase': 's3cr3t-passphrase'}]}"),
            u"agent.json"_s);
        QVERIFY(!settings);
        QVERIFY(!settings.error().detail.contains(u"s3cr3t"_s));
    }

    void tellsEverythingThatIsWrongAtOnce()
    {
        const auto checked = agent::checkSettings(
            json("{'prot': 1, 'port': 0, 'ranges': ['x/y', '10.0.0.0/24', '10.0.0.300'], 'statusInterval': '1ms'}"), u"agent.json"_s);
        QCOMPARE(checked.problems.size(), 5);
        QVERIFY(checked.settings.ranges.isEmpty());
    }

    void refusesSecretsThatOthersCanRead()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"agent.json"_s);
        const auto load = [&](const QByteArray& text, QFile::Permissions permissions) {
            QFile file(path);
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.setPermissions(permissions)
                ? (file.close(), agent::loadSettings(path))
                : fail(ErrorCode::Internal, u"no file"_s);
        };
        const auto all = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther;
        QVERIFY(load(json("{'communities': ['public']}"), all));
        const auto readable = load(json("{'communities': ['public', 's3cr3t']}"), all);
        QVERIFY(!readable);
        QVERIFY(readable.error().detail.contains(u"chmod 600"_s));
        QVERIFY(load(json("{'communities': ['public', 's3cr3t']}"), QFile::ReadOwner | QFile::WriteOwner));
    }

    void showsItselfWithSecretsHidden()
    {
        const auto settings = parsed(
            json("{'communities': ['public', 's3cr3t'], 'ranges': [{'range': '10.0.0.0/24', 'credentials': ['a']}],"
                 "'credentials': [{'name': 'a', 'version': 'v3', 'user': 'u', 'auth': 'SHA-1', 'authPassphrase': 's3cr3t-passphrase'}]}"),
            u"agent.json"_s);
        QVERIFY2(settings, settings ? "" : qPrintable(settings.error().detail));
        const QByteArray shown = agent::fileOf(*settings);
        QVERIFY(!shown.contains("s3cr3t"));
        const QJsonObject object = QJsonDocument::fromJson(shown).object();
        QCOMPARE(object.size(), qsizetype(agent::settingKeys.size()));
        QCOMPARE(object[u"credentials"][0][u"auth"].toString(), u"SHA-1"_s);
        QCOMPARE(object[u"ranges"][0][u"credentials"][0].toString(), u"a"_s);
    }

    void countsColumnsInCharacters()
    {
        const auto settings = parsed("{ \"ranges\": [\"Gr\xc3\xbc\xc3\x9f\x65\", x] }", u"agent.json"_s);
        QVERIFY(!settings);
        QVERIFY2(settings.error().detail.contains(u"line 1, column 2"_s), qPrintable(settings.error().detail));
    }

    void writesADefaultFileThatItReads()
    {
        QVERIFY(parsed(agent::defaultFile(), u"agent.json"_s));
        const QJsonObject object = QJsonDocument::fromJson(agent::defaultFile()).object();
        QCOMPARE(object.size(), qsizetype(agent::settingKeys.size()));
        for (const agent::SettingKey& key : agent::settingKeys)
            QVERIFY2(object.contains(key.name), key.name.data());
    }

    void hasADefaultInRangeAndAMeaningForEveryKey()
    {
        for (const agent::SettingKey& key : agent::settingKeys) {
            const QByteArray alone = u"{\"%1\": %2}"_s.arg(key.name, agent::defaultText(key)).toUtf8();
            const auto settings = parsed(alone, u"agent.json"_s);
            QVERIFY2(settings, settings ? "" : qPrintable(settings.error().detail));
            QVERIFY(key.meaning.size() > 20 && key.meaning.endsWith(u'.'));
            QCOMPARE(std::ranges::count(agent::settingKeys, key.name, &agent::SettingKey::name), 1);
        }
    }

    void takesAProxyAndHidesItsPassword()
    {
        const auto settings = parsed(json("{'proxy': 'http://anna@proxy.example:3128', 'proxyPassword': 'hunter2'}"), u"agent.json"_s);
        QVERIFY2(settings, settings ? "" : qPrintable(settings.error().detail));
        const QNetworkProxy proxy = settings->wayOut().forServer(QUrl(u"https://platen.example:8443"_s));
        QCOMPARE(proxy.type(), QNetworkProxy::HttpProxy);
        QCOMPARE(proxy.hostName(), u"proxy.example"_s);
        QCOMPARE(proxy.user(), u"anna"_s);
        QCOMPARE(proxy.password(), u"hunter2"_s);
        QVERIFY(settings->hasSecrets());
        const QByteArray shown = agent::fileOf(*settings);
        QVERIFY(!shown.contains("hunter2"));
        QVERIFY(shown.contains("http://anna@proxy.example:3128"));
    }

    void refusesAProxyThatIsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("word");
        QTest::newRow("word") << "{'proxy': 'yes'}"_ba << u"\"proxy\" is wrong"_s;
        QTest::newRow("number") << "{'proxy': 3128}"_ba << u"\"proxy\" is wrong"_s;
        QTest::newRow("password in it") << "{'proxy': 'http://anna:hunter2@proxy.example:3128'}"_ba << u"proxyPassword"_s;
        QTest::newRow("password for nobody") << "{'proxy': 'http://proxy.example:3128', 'proxyPassword': 'hunter2'}"_ba << u"names none"_s;
        QTest::newRow("no text") << "{'proxyPassword': 7}"_ba << u"\"proxyPassword\" is wrong"_s;
    }

    void refusesAProxyThatIsNone()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, word);
        const auto settings = parsed(json(text), u"agent.json"_s);
        QVERIFY(!settings);
        QVERIFY2(settings.error().detail.contains(word), qPrintable(settings.error().detail));
        QVERIFY(!settings.error().detail.contains(u"hunter2"_s));
    }

    void isWhatTheManualSays()
    {
        QFile manual(QStringLiteral(PLATEN_SOURCE_DIR "/docs/agent-settings.md"));
        QVERIFY(manual.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(manual.readAll()).split(u'\n');
        for (const agent::SettingKey& key : agent::settingKeys) {
            const QString row = u"| `%1` | %2 | `%3` | %4 | %5 |"_s.arg(
                key.name, agent::typeText(key), agent::defaultText(key), agent::rangeText(key), key.meaning);
            QVERIFY2(lines.contains(row), qPrintable(u"docs/agent-settings.md lacks this line:\n"_s + row));
        }
        const auto rows = std::ranges::count_if(
            lines, [](const QString& line) { return line.startsWith(u"| `"_s) && line.count(u'|') == 6; });
        QCOMPARE(rows, qsizetype(agent::settingKeys.size()));
    }
};

PLATEN_TEST(SettingsTest)
#include "SettingsTest.moc"
