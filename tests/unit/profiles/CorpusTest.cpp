// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <profiles/Reader.h>
#include <protocol/ReadingCodec.h>
#include <snmp/Snmprec.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace platen;

/// Reads every recording of the shared corpus (beside the repository) without a network. With PLATEN_READINGS_OUT=FOLDER it
/// writes what it read: `FOLDER/dev.hosts.tsv` and `FOLDER/dev.json`, the same for `negative`, as the corpus's check.py wants.
class CorpusTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_corpus = QDir(QStringLiteral(PLATEN_SOURCE_DIR "/../shared/corpus")).absolutePath();
        if (!QDir(m_corpus).exists())
            QSKIP("there is no corpus of recordings beside this repository");
        auto catalogue = profiles::Catalogue::builtIn();
        QVERIFY2(catalogue, qPrintable(catalogue ? QString() : catalogue.error().detail));
        m_catalogue = *catalogue;
    }

    void readsNoneOfTheDevicesThatAreNoPrinters()
    {
        for (const QFileInfo& file : recordings(u"negative"_s))
            QVERIFY2(!read(file), qPrintable(file.baseName()));
        write(u"negative"_s);
    }

    void readsEveryPrinterWithAMaker()
    {
        const QStringList nameless{u"hp-officejet-8600"_s, u"hp-designjet-z5200"_s}; // excerpts that name no maker
        for (const QFileInfo& file : recordings(u"dev"_s)) {
            const auto reading = read(file);
            QVERIFY2(reading, qPrintable(file.baseName()));
            QVERIFY2(nameless.contains(file.baseName()) || !reading->identity.manufacturer.isEmpty(),
                qPrintable(file.baseName()));
        }
        write(u"dev"_s);
    }

    void neverSaysMoreThanAHundredPercent()
    {
        for (const QFileInfo& file : recordings(u"dev"_s)) {
            const auto reading = read(file);
            QVERIFY(reading);
            for (const model::Supply& supply : reading->supplies)
                QVERIFY2(supply.level.percent >= 0 && supply.level.percent <= 100,
                    qPrintable(file.baseName() + supply.index));
        }
    }

private:
    QFileInfoList recordings(const QString& folder) const
    {
        return QDir(m_corpus + u'/' + folder).entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name);
    }

    Result<model::Reading> read(const QFileInfo& info) const
    {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorCode::StorageFailed, info.filePath());
        const auto answers = snmp::parseSnmprec(file.readAll());
        if (!answers)
            return fail(answers.error());
        return profiles::readRecording(
            *m_catalogue, *answers, {QHostAddress(u"127.0.2.1"_s), fromMs(1'764'000'000'000), false});
    }

    void write(const QString& folder) const
    {
        const QString out = qEnvironmentVariable("PLATEN_READINGS_OUT");
        if (out.isEmpty())
            return;
        QJsonArray readings;
        QByteArray hosts;
        quint32 next = QHostAddress(u"127.0.2.1"_s).toIPv4Address();
        for (const QFileInfo& file : recordings(folder)) {
            const QString address = QHostAddress(next++).toString();
            hosts += address.toLatin1() + '\t' + file.baseName().toUtf8() + '\n';
            if (auto reading = read(file)) {
                reading->address = address;
                readings += protocol::toJson(*reading);
            }
        }
        QFile json(out + u'/' + folder + u".json"_s), map(out + u'/' + folder + u".hosts.tsv"_s);
        QVERIFY(json.open(QIODevice::WriteOnly) && map.open(QIODevice::WriteOnly));
        json.write(QJsonDocument(readings).toJson());
        map.write(hosts);
    }

    QString m_corpus;
    std::shared_ptr<const profiles::Catalogue> m_catalogue;
};

QTEST_GUILESS_MAIN(CorpusTest)
#include "CorpusTest.moc"
