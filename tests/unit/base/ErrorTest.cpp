// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <base/Result.h>
#include <base/Secret.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class ErrorTest : public QObject {
    Q_OBJECT

private slots:
    void namesEveryCodeOnceAndFindsItAgain()
    {
        QSet<QString> names;
        for (int number = int(ErrorCode::Cancelled); number <= int(ErrorCode::Internal); ++number) {
            const QString name = nameOf(ErrorCode(number));
            QVERIFY2(!names.contains(name), qPrintable(name));
            QCOMPARE(errorCodeFrom(name), ErrorCode(number));
            names.insert(name);
        }
    }

    void takesANameFromTheFutureForInternal() { QCOMPARE(errorCodeFrom(u"quantumFlux"_s), ErrorCode::Internal); }

    void printsNoSecret()
    {
        QString text;
        QDebug(&text) << Secret("hunter2");
        QVERIFY(!text.contains(u"hunter2"_s));
        QVERIFY(text.contains(u"••••"_s));
    }
};

PLATEN_TEST(ErrorTest)
#include "ErrorTest.moc"
