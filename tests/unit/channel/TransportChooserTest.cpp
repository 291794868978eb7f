// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <channel/TransportChooser.h>
#include <testkit/FakeClock.h>
#include <testkit/Program.h>
#include <testkit/Wait.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::channel {

using test::eventually;

namespace {

/// Does what the test says.
class PuppetTransport final : public Transport {
public:
    explicit PuppetTransport(TransportKind what) : kind(what) {}

    void open(const QUrl&) override { ++opens; }
    void send(const QByteArray&) override {}
    void close() override { end({ErrorCode::Cancelled, u"closed by us"_s}); }
    qint64 pendingBytes() const override { return 0; }
    QString name() const override { return nameOf(kind); }
    Reach reach() const override { return came; }

    void end(const Error& why)
    {
        if (!std::exchange(isOver, true))
            emit closed(why);
    }
    /// One that messages come through.
    void work()
    {
        came = Reach::Through;
        emit opened();
        emit received("hello");
    }

    const TransportKind kind;
    Reach came = Reach::Nowhere;
    int opens = 0;
    bool isOver = false;
};

} // namespace

class TransportChooserTest : public QObject {
    Q_OBJECT

    test::FakeClock m_clock;
    QList<QPointer<Transport>> m_made;
    std::unique_ptr<TransportChooser> m_chooser;
    int m_better = 0;

    const QUrl m_url{u"wss://platen.example/a/v2/socket"_s};

    PuppetTransport* last() { return static_cast<PuppetTransport*>(m_made.last().data()); }
    std::unique_ptr<PuppetTransport> next()
    {
        return std::unique_ptr<PuppetTransport>(static_cast<PuppetTransport*>(m_chooser->next(m_url).release()));
    }

    /// What a try comes to.
    void failAs(Reach came, ErrorCode code = ErrorCode::NetworkFailed)
    {
        const auto transport = next();
        transport->open(m_url);
        transport->came = came;
        transport->end({code, u"it is of no use"_s});
    }

private slots:
    void init()
    {
        TransportChooser::Settings settings;
        settings.lookEvery = 5ms;
        settings.proof = 5ms;
        m_clock = {};
        m_better = 0;
        m_made.clear();
        m_chooser = std::make_unique<TransportChooser>(
            [this](TransportKind kind) {
                auto made = std::make_unique<PuppetTransport>(kind);
                m_made.append(made.get());
                return made;
            },
            settings, m_clock);
        connect(m_chooser.get(), &TransportChooser::better, this, [this] { ++m_better; });
    }

    void triesTheNextWhenOneIsOfNoUse()
    {
        failAs(Reach::Server);
        QCOMPARE(next()->kind, TransportKind::Events);
        failAs(Reach::Server, ErrorCode::Timeout);
        const auto poll = next();
        QCOMPARE(poll->kind, TransportKind::Poll);
        QCOMPARE(poll->note(), u"WebSocket: it is of no use server-sent events: it is of no use"_s);
        QCOMPARE(m_chooser->whyNotBetter(),
            (QStringList{u"WebSocket: it is of no use"_s, u"server-sent events: it is of no use"_s}));
    }

    void staysWhenNobodyIsThere()
    {
        for (int i = 0; i < 5; ++i)
            failAs(Reach::Nowhere);
        QCOMPARE(next()->kind, TransportKind::WebSocket);
    }

    void staysWhenTheServerRefusesUs()
    {
        failAs(Reach::Server, ErrorCode::PermissionDenied);
        QCOMPARE(next()->kind, TransportKind::WebSocket);
    }

    void staysWhenWhatWorkedIsLost()
    {
        const auto socket = next();
        socket->work();
        socket->end({ErrorCode::NetworkFailed, u"cut"_s});
        QCOMPARE(next()->kind, TransportKind::WebSocket);
    }

    void countsOneThatOpensAndIsMuteAsOfNoUse()
    {
        for (const auto open : {1s, 30s}) {
            const auto socket = next();
            socket->came = Reach::Server;
            emit socket->opened();
            m_clock.advance(open);
            socket->close(); // whoever uses it gives it up
            QCOMPARE(m_chooser->ladder().next(), open == 1s ? TransportKind::WebSocket : TransportKind::Events);
        }
    }

    void takesAnAnswerToAPostForNoProofOfTheStream()
    {
        failAs(Reach::Server);
        const auto events = next();
        QCOMPARE(events->kind, TransportKind::Events);
        events->came = Reach::Server;
        emit events->opened();
        emit events->received("challenge, with the answer to a POST");
        QCOMPARE(m_chooser->ladder().working(), std::nullopt);
        events->end({ErrorCode::Timeout, u"held back"_s});
        QCOMPARE(next()->kind, TransportKind::Poll);
        QCOMPARE(m_chooser->whyNotBetter().last(), u"server-sent events: held back"_s);
    }

    void risesToABetterOneThatStandsReady()
    {
        failAs(Reach::Server);
        const auto events = next();
        events->work();
        m_clock.advance(34min);
        QVERIFY(eventually([&] { return last()->kind == TransportKind::WebSocket && last()->opens == 1; }));
        PuppetTransport* const probe = last();
        connect(m_chooser.get(), &TransportChooser::better, this, [&] {
            const auto better = next();
            QCOMPARE(better.get(), probe);
            QCOMPARE(better->note(), QString()); // there is none better any more
            better->work();
        });
        probe->came = Reach::Through;
        emit probe->opened();
        QVERIFY(eventually([&] { return m_better == 1; }));
        QCOMPARE(m_chooser->ladder().working(), std::optional(TransportKind::WebSocket));
        QVERIFY(m_chooser->whyNotBetter().isEmpty());
    }

    void staysWhenNothingBetterComesThrough_data()
    {
        QTest::addColumn<bool>("isMute");
        QTest::newRow("refused") << false;
        QTest::newRow("opens, and is mute") << true;
    }

    void staysWhenNothingBetterComesThrough()
    {
        QFETCH(bool, isMute);
        failAs(Reach::Server);
        const auto events = next();
        events->work();
        m_clock.advance(34min);
        QVERIFY(eventually([&] { return last()->kind == TransportKind::WebSocket && last()->opens == 1; }));
        const QPointer<Transport> probe = m_made.last();
        last()->came = Reach::Server;
        if (isMute)
            emit last()->opened();
        else
            last()->end({ErrorCode::NetworkFailed, u"still of no use"_s});
        QVERIFY(eventually([&] { return !probe; }));
        QCOMPARE(m_better, 0);
        QCOMPARE(next()->kind, TransportKind::Events);
        QCOMPARE(m_chooser->whyNotBetter(),
            QStringList{isMute ? u"WebSocket: It opens, but nothing comes through."_s : u"WebSocket: still of no use"_s});
    }

    void leavesABetterOneThatNobodyWants()
    {
        failAs(Reach::Server);
        const auto events = next();
        events->work();
        m_clock.advance(34min);
        QVERIFY(eventually([&] { return last()->kind == TransportKind::WebSocket && last()->opens == 1; }));
        const QPointer<Transport> probe = m_made.last();
        last()->came = Reach::Through;
        emit last()->opened();
        QVERIFY(eventually([&] { return m_better == 1 && !probe; }));
    }
};

} // namespace platen::channel

PLATEN_TEST(platen::channel::TransportChooserTest)
#include "TransportChooserTest.moc"
