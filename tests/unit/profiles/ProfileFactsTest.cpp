// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/Oid.h>
#include <testkit/Program.h>

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace platen;

/// Profiles name no object that is known from nowhere, and no known object is forgotten without a reason. The facts are the
/// list vendor-oids.tsv beside the repository.
class ProfileFactsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QFile list(QStringLiteral(PLATEN_SOURCE_DIR "/../shared/corpus/vendor-oids.tsv"));
        if (!list.open(QIODevice::ReadOnly))
            QSKIP("there is no list of vendor objects beside this repository");
        for (const QByteArray& line : list.readAll().split('\n').mid(1)) {
            const QStringList row = QString::fromUtf8(line).split(u'\t');
            if (row.size() < 3 || !row[2].startsWith(m_enterprises))
                continue;
            (row[1].contains("sysObjectID"_L1) ? m_knownMakers : m_facts) += oid(row[2]);
        }
        QVERIFY(m_facts.size() > 150);
        const QDir folder(QStringLiteral(PLATEN_SOURCE_DIR "/resources/profiles"));
        for (const QFileInfo& file : folder.entryInfoList({u"*.json"_s}, QDir::Files, QDir::Name))
            take(file);
    }

    void everyObjectOfAProfileIsKnownFromSomewhere()
    {
        QStringList unknown;
        for (const Named& named : std::as_const(m_named)) {
            const QList<snmp::Oid>& facts = named.isMaker ? m_knownMakers : m_facts;
            const auto covers = [&](const snmp::Oid& fact) { return named.object.startsWith(fact); };
            const auto isTheD = [&](const snmp::Oid& fact) { return fact == named.object + 1; }; // "….D" for "….1"
            if (std::ranges::none_of(facts, covers) && std::ranges::none_of(facts, isTheD)
                && std::ranges::none_of(named.references, covers))
                unknown += named.file + u": "_s + named.object.toString();
        }
        QVERIFY2(unknown.isEmpty(),
            qPrintable(u"\nadd where it is known from to \"references\":\n"_s + unknown.join(u'\n')));
    }

    void everyReferenceIsNeeded()
    {
        QStringList idle;
        for (const Named& named : std::as_const(m_named)) {
            for (const snmp::Oid& reference : named.references) {
                const bool isUsed = std::ranges::any_of(m_named,
                    [&](const Named& other) { return other.file == named.file && other.object.startsWith(reference); });
                if (!isUsed)
                    idle += named.file + u": "_s + reference.toString();
            }
        }
        idle.removeDuplicates();
        QVERIFY2(idle.isEmpty(), qPrintable(u'\n' + idle.join(u'\n')));
    }

    void everyFactIsUsedOrLeftAloneForAReason()
    {
        QFile readme(QStringLiteral(PLATEN_SOURCE_DIR "/resources/profiles/README.md"));
        QVERIFY(readme.open(QIODevice::ReadOnly));
        QList<snmp::Oid> leftAlone;
        static const QRegularExpression row(u"^\\| ([\\d.]+) \\| .{10,} \\|$"_s, QRegularExpression::MultilineOption);
        auto rows = row.globalMatch(QString::fromUtf8(readme.readAll()));
        while (rows.hasNext())
            leftAlone += oid(rows.next().captured(1));
        QStringList forgotten;
        for (const snmp::Oid& fact : std::as_const(m_facts)) {
            const auto uses = [&](const Named& named) {
                return !named.isMaker
                    && (named.object.startsWith(fact) || fact.startsWith(named.object) || fact == named.object + 1);
            };
            const auto explains = [&](const snmp::Oid& root) { return fact.startsWith(root); };
            if (std::ranges::none_of(m_named, uses) && std::ranges::none_of(leftAlone, explains))
                forgotten += fact.toString();
        }
        QVERIFY2(forgotten.isEmpty(), qPrintable(u'\n' + forgotten.join(u'\n')));
    }

private:
    struct Named {
        QString file;
        snmp::Oid object; ///< without what stands for indices
        bool isMaker = false; ///< a prefix of sysObjectID
        QList<snmp::Oid> references; ///< of its file
    };

    static snmp::Oid oid(const QString& text) { return snmp::Oid::parse(text).value_or(snmp::Oid()); }

    void take(const QFileInfo& info)
    {
        QFile file(info.filePath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
        QList<snmp::Oid> references;
        for (const QString& key : root.take("references"_L1).toObject().keys())
            references += oid(key);
        root.remove("pages"_L1);
        takeObjects(root, QString(), info.fileName(), references);
    }

    void takeObjects(
        const QJsonValue& value, const QString& key, const QString& file, const QList<snmp::Oid>& references)
    {
        static const QRegularExpression indices(u"\\.(?:D\\.N|D|N(?:\\.\\d+)*)$"_s);
        if (value.isObject()) {
            const QJsonObject object = value.toObject();
            for (auto it = object.begin(); it != object.end(); ++it)
                takeObjects(it.value(), it.key(), file, references);
        } else if (value.isArray()) {
            for (const QJsonValue& item : value.toArray())
                takeObjects(item, key, file, references);
        } else if (const QString text = value.toString(); text.startsWith(m_enterprises)) {
            m_named += {file, oid(QString(text).remove(indices)), key == "sysObjectIds"_L1, references};
        }
    }

    const QString m_enterprises = u"1.3.6.1.4.1."_s;
    QList<snmp::Oid> m_facts, m_knownMakers;
    QList<Named> m_named;
};

PLATEN_TEST(ProfileFactsTest)
#include "ProfileFactsTest.moc"
