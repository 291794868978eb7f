// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/engine/Completions.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTest>

using namespace platen;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Over a tar pit: it takes a connection and never says a word.
class CompletionsTest : public QObject {
    Q_OBJECT

    QTcpServer m_tarPit;
    std::unique_ptr<completion::Completer> m_completer;
    model::Reading m_poor; ///< lacks nearly everything

    static constexpr auto patience = 5s; // of IPP, when nobody is in a hurry

private slots:
    void init()
    {
        QVERIFY(m_tarPit.isListening() || m_tarPit.listen(QHostAddress::LocalHost));
        completion::Completer::Ports ports;
        ports.ipp = m_tarPit.serverPort();
        m_completer = std::make_unique<completion::Completer>(*profiles::Catalogue::builtIn(), pages::PageBook(), ports);
        m_poor.address = u"127.0.0.1"_s;
    }

    void endsSoonWhenNothingElseIsLeft()
    {
        agent::Completions completions(*m_completer, {});
        completions.begin(2);
        completions.done(); // the other one
        QElapsedTimer clock;
        clock.start();
        const auto completed = test::wait(completions.complete(m_poor, {}, completion::Rhythm::Full));
        completions.done();
        QCOMPARE(completed.reading, m_poor);
        QCOMPARE_LT(clock.durationElapsed(), patience - 1s);
    }

    void forgetsItsHurryBeforeTheNextPass()
    {
        agent::Completions completions(*m_completer, {});
        completions.begin(1);
        test::wait(completions.complete(m_poor, {}, completion::Rhythm::Full));
        QElapsedTimer clock;
        clock.start();
        test::wait(completions.complete(m_poor, {}, completion::Rhythm::Full)); // there is no time left: nobody is asked
        QCOMPARE_LT(clock.durationElapsed(), 1s);
        completions.begin(2); // one of which is still read by SNMP
        clock.restart();
        test::wait(completions.complete(m_poor, {}, completion::Rhythm::Full));
        QCOMPARE_GT(clock.durationElapsed(), agent::Completions::mostWaiting);
    }
};

PLATEN_TEST(CompletionsTest)
#include "CompletionsTest.moc"
