// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <crypto/Crypto.h>
#include <crypto/Pin.h>
#include <testkit/Program.h>

#include <QRegularExpression>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;

class PinTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY(crypto::start()); }

    void looksAsTheProtocolWritesIt()
    {
        static const QRegularExpression form(u"^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$"_s);
        for (int i = 0; i < 200; ++i) {
            const auto pin = crypto::Pin::generate();
            QVERIFY2(form.match(pin.toString()).hasMatch(), qPrintable(pin.toString()));
            QCOMPARE(pin.characters.size(), 11);
            QVERIFY(pin.characters.reveal().startsWith(pin.locator.toLatin1()));
        }
    }

    void readsWhatItWrites()
    {
        for (int chars = 4; chars <= 26; ++chars) {
            const auto pin = crypto::Pin::generate(chars);
            const auto read = crypto::Pin::parse(pin.toString());
            QVERIFY(read);
            QCOMPARE(read->locator, pin.locator);
            QCOMPARE(read->characters, pin.characters);
        }
    }

    void forgivesCaseDashesAndLookalikes()
    {
        const crypto::Pin pin{u"0101"_s, Secret("01010101010"_ba)};
        const QString shown = pin.toString();
        const QString tail = shown.right(1);
        for (const QString& typed : {u"OIOL-oioi-oio"_s + tail, u" 0101 0101 010"_s + tail.toLower() + u' ',
                 u"0-1-0-1-0-1-0-1-0-1-0"_s + tail}) {
            const auto read = crypto::Pin::parse(typed);
            QVERIFY2(read, qPrintable(typed));
            QCOMPARE(read->characters, pin.characters);
        }
    }

    void noticesMostTypingMistakes()
    {
        int noticed = 0, tried = 0;
        for (int i = 0; i < 100; ++i) {
            const QString shown = crypto::Pin::generate().toString();
            for (const qsizetype at : {0, 6, 12}) {
                QString typed = shown;
                typed[at] = typed[at] == u'7' ? u'8' : u'7';
                ++tried;
                noticed += crypto::Pin::parse(typed) ? 0 : 1;
            }
        }
        QVERIFY2(noticed > tried * 9 / 10, "a check character of 5 bits misses one in 32");
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << QString() << u"too short"_s;
        QTest::newRow("short") << u"K7QM-4XR2"_s << u"too short"_s;
        QTest::newRow("long") << QString(40, u'7') << u"too long"_s;
        QTest::newRow("a U") << u"U7QM-4XR2-PD93"_s << u"character"_s;
        QTest::newRow("not ASCII") << u"Ä7QM-4XR2-PD93"_s << u"character"_s;
    }
    void saysWhatIsWrong()
    {
        QFETCH(QString, typed);
        QFETCH(QString, says);
        const auto refused = crypto::Pin::parse(typed);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY2(refused.error().detail.contains(says), qPrintable(refused.error().detail));
    }
};

PLATEN_TEST(PinTest)
#include "PinTest.moc"
