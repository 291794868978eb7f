// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/File.h>
#include <testkit/Program.h>

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class FileTest : public QObject {
    Q_OBJECT

private slots:
    void writesForTheOwnerOnlyUnlessTold()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"key"_s);
        QVERIFY(writeDurably(path, "secret"));
        QCOMPARE(*readFile(path, 100), QByteArray("secret"));
        QVERIFY(!(QFileInfo(path).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
    }

    void leavesTheOldFileWhenTheNewOneCannotBeWritten()
    {
        const Status written = writeDurably(u"/proc/none/at/all"_s, "x");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::StorageFailed);
        QVERIFY(written.error().detail.contains(u"/proc/none/at/all"_s));
    }

    void leavesNoTemporaryFileBehind()
    {
        const QTemporaryDir folder;
        QVERIFY(writeDurably(folder.filePath(u"a"_s), "1"));
        QVERIFY(writeDurably(folder.filePath(u"a"_s), "2"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"a"_s});
        QCOMPARE(*readFile(folder.filePath(u"a"_s), 1), QByteArray("2"));
    }

    void refusesAFileOverTheLimit()
    {
        const QTemporaryDir folder;
        QVERIFY(writeDurably(folder.filePath(u"a"_s), "12345"));
        QCOMPARE(readFile(folder.filePath(u"a"_s), 4).error().code, ErrorCode::LimitExceeded);
        QCOMPARE(readFile(folder.filePath(u"b"_s), 4).error().code, ErrorCode::NotFound);
    }

    void makesAPrivateFolderAndAllAboveIt()
    {
        const QTemporaryDir folder;
        const QString deep = folder.filePath(u"a/b/c"_s);
        QVERIFY(makePrivateFolder(deep));
        QVERIFY(makePrivateFolder(deep));
        QVERIFY(!(QFileInfo(deep).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
        QVERIFY(writeDurably(folder.filePath(u"file"_s), "x"));
        const Status made = makePrivateFolder(folder.filePath(u"file"_s));
        QVERIFY(!made && made.error().detail.contains(u"file"_s));
    }

    void removesWhatMayNotBeThere()
    {
        const QTemporaryDir folder;
        QVERIFY(writeDurably(folder.filePath(u"a"_s), "1"));
        QVERIFY(removeDurably(folder.filePath(u"a"_s)));
        QVERIFY(removeDurably(folder.filePath(u"a"_s)));
        QVERIFY(!QFile::exists(folder.filePath(u"a"_s)));
    }
};

PLATEN_TEST(FileTest)
#include "FileTest.moc"
