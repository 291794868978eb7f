// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <server/access/PasswordRules.h>
#include <testkit/Program.h>

#include <QTest>

using namespace platen;
using namespace platen::access;
using namespace Qt::StringLiterals;

class PasswordRulesTest : public QObject {
    Q_OBJECT

private slots:
    void judgesPasswords_data()
    {
        QTest::addColumn<QByteArray>("typed");
        QTest::addColumn<QString>("complaint"); // a part of the sentence; empty: fine
        QTest::newRow("ten characters") << "0123456789"_ba << QString();
        QTest::newRow("nine characters") << "012345678"_ba << u"has 9 characters; it needs at least 10"_s;
        QTest::newRow("empty") << ""_ba << u"has 0 characters"_s;
        QTest::newRow("ten umlauts") << u"äöüäöüäöüß"_s.toUtf8() << QString();
        QTest::newRow("five umlauts of two bytes") << u"äöüäö"_s.toUtf8() << u"has 5 characters"_s;
        QTest::newRow("ten symbols beyond 16 bits") << u"🖨🖨🖨🖨🖨🖨🖨🖨🖨🖨"_s.toUtf8() << QString();
        QTest::newRow("five such symbols") << u"🖨🖨🖨🖨🖨"_s.toUtf8() << u"has 5 characters"_s;
        QTest::newRow("not UTF-8") << "0123456789\xff"_ba << u"not valid UTF-8"_s;
        QTest::newRow("control character") << "0123456789\x07"_ba << u"control characters"_s;
        QTest::newRow("1,024 bytes") << QByteArray(1024, 'x') << QString();
        QTest::newRow("too long") << QByteArray(1025, 'x') << u"longer than 1024 bytes"_s;
    }
    void judgesPasswords()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QString, complaint);
        const Result<Secret> accepted = acceptPassword(Secret(typed));
        QCOMPARE(accepted.has_value(), complaint.isEmpty());
        if (accepted)
            return;
        QCOMPARE(accepted.error().code, ErrorCode::InvalidInput);
        QVERIFY2(accepted.error().detail.contains(complaint), qPrintable(accepted.error().detail));
        QVERIFY(!accepted.error().detail.contains(u"0123456789"_s));
    }

    void takesComposedAndDecomposedTextForTheSame()
    {
        const Secret composed(u"gr\u00fcner drucker"_s.toUtf8());
        const Secret decomposed(u"gru\u0308ner drucker"_s.toUtf8());
        QCOMPARE(acceptPassword(decomposed)->reveal(), composed.reveal());
        QCOMPARE(canonicalPassword(decomposed).reveal(), canonicalPassword(composed).reveal());
    }

    void judgesNames_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("stored"); // empty: refused
        QTest::newRow("plain") << u"anna"_s << u"anna"_s;
        QTest::newRow("capitals") << u"Anna.B"_s << u"anna.b"_s;
        QTest::newRow("mail address") << u"anna@example.org"_s << u"anna@example.org"_s;
        QTest::newRow("empty") << u""_s << QString();
        QTest::newRow("space") << u"anna b"_s << QString();
        QTest::newRow("line break") << u"anna\n"_s << QString();
        QTest::newRow("starts with a dash") << u"-anna"_s << QString();
        QTest::newRow("umlaut") << u"änna"_s << QString();
        QTest::newRow("look-alike of another alphabet") << u"\u0430nna"_s << QString();
        QTest::newRow("64 characters") << QString(64, u'a') << QString(64, u'a');
        QTest::newRow("65 characters") << QString(65, u'a') << QString();
    }
    void judgesNames()
    {
        QFETCH(QString, typed);
        QFETCH(QString, stored);
        const Result<QString> accepted = acceptUserName(typed);
        QCOMPARE(accepted.value_or(QString()), stored);
        if (!accepted)
            QCOMPARE(accepted.error().code, ErrorCode::InvalidInput);
    }

    void findsNoUserByAnOverlongName() { QVERIFY(canonicalUserName(QString(100, u'a')) != QString(64, u'a')); }
};

PLATEN_TEST(PasswordRulesTest)
#include "PasswordRulesTest.moc"
