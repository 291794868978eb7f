// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/Backoff.h>
#include <testkit/Program.h>

#include <QTest>

using namespace std::chrono_literals;

namespace platen::channel {

class BackoffTest : public QObject {
    Q_OBJECT

private slots:
    void doublesUpToItsLimit()
    {
        Backoff backoff(1s, 300s);
        std::chrono::milliseconds full = 1s;
        for (int i = 0; i < 20; ++i) {
            const auto wait = backoff.next();
            QVERIFY(wait >= full / 2 && wait <= full);
            full = std::min<std::chrono::milliseconds>(full * 2, 300s);
        }
        backoff.reset();
        QVERIFY(backoff.next() <= 1s);
    }

    void differsFromOneToTheNext()
    {
        QSet<qint64> waits;
        for (int i = 0; i < 100; ++i)
            waits.insert(Backoff(100s, 300s).next().count());
        QVERIFY(waits.size() > 90);
    }

    void staysWithinATenth()
    {
        for (int i = 0; i < 100; ++i) {
            const auto day = jittered(24h);
            QVERIFY(day >= 1296min && day <= 1584min);
        }
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::BackoffTest)
#include "BackoffTest.moc"
