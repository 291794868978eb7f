// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Reader.h>
#include <protocol/ReadingCodec.h>
#include <snmp/Snmprec.h>
#include <testkit/Program.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;
using namespace platen;

/// Every recording of tests/fixtures/walks must be read as the file beside it says: each key of it must come out, rows of lists
/// found by their index, or their name and marker.
class WalksTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        auto catalogue = profiles::Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        m_catalogue = *catalogue;
    }

    void readsTheWalkAsExpected_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QStringLiteral(PLATEN_SOURCE_DIR "/tests/fixtures/walks"));
        for (const QFileInfo& file : folder.entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(file.completeBaseName())) << file.filePath();
    }
    void readsTheWalkAsExpected()
    {
        QFETCH(QString, path);
        const auto answers = snmp::parseSnmprec(contents(path));
        QVERIFY2(answers, qPrintable(answers ? QString() : answers.error().detail));
        const QByteArray expected = contents(QString(path).replace(u".snmprec"_s, u".expected.json"_s));
        const QJsonDocument document = QJsonDocument::fromJson(expected);
        QVERIFY2(document.isObject(), "there is no expected reading beside the recording");

        const profiles::InterpretOptions options{QHostAddress(u"192.0.2.7"_s), fromMs(1'764'000'000'000), false};
        const auto reading = profiles::readRecording(*m_catalogue, *answers, options);
        QVERIFY2(reading, qPrintable(reading ? QString() : reading.error().detail));
        QStringList differences;
        compare(document.object(), protocol::toJson(*reading), u""_s, differences);
        QVERIFY2(differences.isEmpty(), qPrintable(u'\n' + differences.join(u'\n')));
    }

private:
    static QByteArray contents(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static QString written(const QJsonValue& value)
    {
        const QString text = QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact));
        return text.sliced(1, text.size() - 2);
    }

    static QString keyOf(const QJsonObject& row)
    {
        return row.contains("index"_L1) ? row["index"_L1].toString()
                                        : row["name"_L1].toString() + u'/' + row["marker"_L1].toString();
    }

    static void compare(const QJsonValue& wanted, const QJsonValue& got, const QString& where, QStringList& differences)
    {
        const bool near = wanted.isDouble() && got.isDouble() && std::abs(wanted.toDouble() - got.toDouble()) < 0.06;
        if (wanted.isObject() && got.isObject()) {
            const QJsonObject object = wanted.toObject();
            for (auto it = object.begin(); it != object.end(); ++it)
                compare(it.value(), got.toObject().value(it.key()), where + u'.' + it.key(), differences);
        } else if (wanted.isArray() && !wanted.toArray().isEmpty() && wanted.toArray().first().isObject()) {
            compareRows(wanted.toArray(), got.toArray(), where, differences);
        } else if (wanted != got && !near && !(wanted.isNull() && got.isUndefined())) {
            differences += u"%1: wanted %2, got %3"_s.arg(where.sliced(1), written(wanted), written(got));
        }
    }

    static void compareRows(
        const QJsonArray& wanted, const QJsonArray& got, const QString& where, QStringList& differences)
    {
        for (const QJsonValue& row : wanted) {
            const QString key = keyOf(row.toObject());
            const auto found =
                std::ranges::find_if(got, [&](const QJsonValue& value) { return keyOf(value.toObject()) == key; });
            compare(row, found == got.end() ? QJsonValue(QJsonObject()) : QJsonValue(*found),
                u"%1[%2]"_s.arg(where, key), differences);
        }
        if (got.size() != wanted.size() && where != ".meters"_L1) // meters may be more: a profile can learn new ones
            differences += u"%1: wanted %2 rows, got %3"_s.arg(where.sliced(1)).arg(wanted.size()).arg(got.size());
    }

    std::shared_ptr<const profiles::Catalogue> m_catalogue;
};

PLATEN_TEST(WalksTest)
#include "WalksTest.moc"
