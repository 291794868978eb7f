// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/cli/CertificateFiles.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QFile>
#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using platen::test::eventually;

/// Files that change while a server runs.
class CertificateFilesTest : public QObject {
    Q_OBJECT

    static constexpr auto look = 20ms;

    std::unique_ptr<QTemporaryDir> m_folder;
    http::CertificatePair m_first;
    std::unique_ptr<cli::CertificateFiles> m_files;
    QList<QByteArray> m_used; ///< certificates taken, one after the other
    Status m_answer; ///< of whoever is to use them

    static inline QStringList s_warnings;
    static void note(QtMsgType type, const QMessageLogContext&, const QString& text)
    {
        if (type == QtWarningMsg)
            s_warnings.append(text);
    }

    QString path(const QString& name) const { return m_folder->filePath(name); }
    cli::CertificatePaths paths() const { return {path(u"tls.crt"_s), path(u"tls.key"_s)}; }

    void put(const QString& name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(bytes);
    }
    void put(const http::CertificatePair& pair) const
    {
        put(u"tls.crt"_s, pair.certificatePem);
        put(u"tls.key"_s, pair.keyPem.reveal());
    }
    static http::CertificatePair made() { return http::selfSigned({u"localhost"_s}).value(); }
    bool staysQuiet() const
    {
        const qsizetype before = m_used.size();
        return !eventually([&] { return m_used.size() > before; }, 10 * look);
    }

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_first = made();
        put(m_first);
        m_used.clear();
        m_answer = {};
        m_files = std::make_unique<cli::CertificateFiles>(
            paths(), m_first,
            [this](const http::CertificatePair& pair) {
                m_used.append(pair.certificatePem);
                return m_answer;
            },
            look);
        s_warnings.clear();
        qInstallMessageHandler(note);
    }
    void cleanup()
    {
        qInstallMessageHandler(nullptr);
        m_files.reset();
    }

    void takesWhatWasRenewed()
    {
        const auto renewed = made();
        put(renewed);
        QVERIFY(eventually([&] { return m_used == QList{renewed.certificatePem}; }));
        QVERIFY(staysQuiet());
        QVERIFY2(s_warnings.size() == 1 && s_warnings.first().contains("its key is another one"_L1), qPrintable(s_warnings.join(u'\n')));
    }

    void waitsForTheKeyThatBelongsToIt()
    {
        const auto renewed = made();
        put(u"tls.crt"_s, renewed.certificatePem);
        QVERIFY(staysQuiet());
        put(u"tls.key"_s, renewed.keyPem.reveal());
        QVERIFY(eventually([&] { return m_used == QList{renewed.certificatePem}; }));
    }

    void followsLinksThatAreExchanged()
    {
        const auto renewed = made();
        put(u"new.crt"_s, renewed.certificatePem);
        put(u"new.key"_s, renewed.keyPem.reveal());
        for (const QString& end : {u"crt"_s, u"key"_s}) {
            QVERIFY(QFile::remove(path(u"tls."_s + end)));
            QVERIFY(QFile::link(path(u"new."_s + end), path(u"tls."_s + end)));
        }
        QVERIFY(eventually([&] { return m_used == QList{renewed.certificatePem}; }));
    }

    void saysOnceWhyABrokenOneIsNotUsed()
    {
        put(u"tls.crt"_s, "nonsense");
        QVERIFY(eventually([&] { return !s_warnings.isEmpty(); }));
        QVERIFY(staysQuiet());
        QCOMPARE(s_warnings.size(), 1);
        QVERIFY2(s_warnings.first().contains(path(u"tls.crt"_s)) && s_warnings.first().contains("the former one stays"_L1),
            qPrintable(s_warnings.first()));
        QVERIFY(m_used.isEmpty());
    }

    void saysWhyOneIsRefusedLater()
    {
        m_answer = fail(ErrorCode::CertificateRefused, u"too weak"_s);
        put(made());
        QVERIFY(eventually([&] { return s_warnings.join(u' ').contains("too weak"_L1); }));
        QVERIFY(staysQuiet());
        QCOMPARE(s_warnings.size(), 1);
    }

    void sleepsThroughFilesThatAreOnlyTouched()
    {
        put(m_first);
        QVERIFY(staysQuiet());
        QVERIFY(s_warnings.isEmpty());
    }

    void looksAtOnceWhenAsked()
    {
        m_files = std::make_unique<cli::CertificateFiles>(
            paths(), m_first,
            [this](const http::CertificatePair& pair) {
                m_used.append(pair.certificatePem);
                return Status();
            },
            1h);
        m_files->reload();
        QVERIFY(m_used.isEmpty());
        const auto renewed = made();
        put(renewed);
        m_files->reload();
        QCOMPARE(m_used, QList{renewed.certificatePem});
    }
};

PLATEN_TEST(CertificateFilesTest)
#include "CertificateFilesTest.moc"
