// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/Owner.h>
#include <testkit/Program.h>

#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace platen;

class OwnerTest : public QObject {
    Q_OBJECT

    static constexpr uid_t nobody = 65534;

    /// Which user a process is after becomeOwnerOf(folder); one that ends then.
    static uid_t userIn(const QString& folder)
    {
        int both[2];
        if (::pipe(both) != 0)
            return uid_t(-1);
        if (::fork() == 0) {
            const uid_t user = becomeOwnerOf(folder) ? ::geteuid() : uid_t(-1);
            ::_exit(::write(both[1], &user, sizeof user) == sizeof user ? 0 : 1);
        }
        uid_t user = uid_t(-1);
        ::close(both[1]);
        const bool isRead = ::read(both[0], &user, sizeof user) == sizeof user;
        ::close(both[0]);
        ::wait(nullptr);
        return isRead ? user : uid_t(-1);
    }

private slots:
    void staysWhoItIsInItsOwnFolder()
    {
        const QTemporaryDir folder;
        QCOMPARE(userIn(folder.path()), ::geteuid());
        QCOMPARE(userIn(folder.filePath(QStringLiteral("none"))), ::geteuid());
    }

    void becomesTheUserWhoseFolderItIs()
    {
        const QTemporaryDir folder;
        if (::geteuid() != 0 || ::chown(qPrintable(folder.path()), nobody, nobody) != 0)
            QSKIP("only root can give a folder away");
        QCOMPARE(userIn(folder.path()), nobody);
        QCOMPARE(::geteuid(), uid_t(0));
    }
};

PLATEN_TEST(OwnerTest)
#include "OwnerTest.moc"
