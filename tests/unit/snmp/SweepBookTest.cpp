// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <snmp/SweepBook.h>
#include <testkit/Program.h>

#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace platen;
using namespace platen::snmp;
using Request = SweepBook::Request;
using Verdict = SweepBook::Verdict;

namespace {

/// Sweeps `ranges` with one set of credentials of each of these versions.
SweepOrder orderOf(const QStringList& ranges, const QList<Version>& versions = {Version::V2c}, SweepPace pace = {})
{
    SweepOrder order;
    for (const Version version : versions) {
        Credentials credentials;
        credentials.version = version;
        order.credentials.append(credentials);
    }
    QList<SearchRange> search;
    for (const QString& text : ranges)
        search.append({*AddressRange::parse(text)});
    order.spans = *planned(search, {}, int(versions.size()));
    order.pace = pace;
    return order;
}

/// Takes and sends everything that is due.
QList<Request> sendAll(SweepBook& book, SweepBook::Time now)
{
    QList<Request> sent;
    while (const auto request = book.next(now)) {
        book.sent(*request, now);
        sent.append(*request);
    }
    return sent;
}

Verdict answer(SweepBook& book, const Request& request, Version version = Version::V2c)
{
    return book.heard(request.address, request.span->port, request.id, version, false).verdict;
}

} // namespace

class SweepBookTest : public QObject {
    Q_OBJECT

private slots:
    void asksEveryAddressOnce();
    void asksOnlyTheSilentAgain();
    void waitsItsTimeBetweenTwoRequestsToAnAddress();
    void keepsToItsWindow();
    void triesCredentialsInTheirOrder();
    void asksForAnEngineOnlyOnce();
    void tellsByTheIdWhichCredentialsWereAnswered();
    void takesNoAnswerThatDoesNotFit();
    void countsTheFirstAnswerOnly();
    void takesAnAnswerThatIsLate();
    void goesOnAfterARefusal();
    void givesUpWhatCannotBeSent();
    void saysOnceWhosePortIsClosed();
    void isOverWhenAllHaveAnswered();
    void givesIdsThatNobodyCanGuess();
};

void SweepBookTest::asksEveryAddressOnce()
{
    SweepBook book(orderOf({u"10.0.0.1-3"_s, u"10.0.2.0/30"_s, u"fd00::5"_s}));
    QStringList addresses;
    for (const Request& request : sendAll(book, 0ms)) {
        addresses.append(request.address.toAddress().toString());
        QVERIFY(request.id >= 0x4000'0000 && request.id <= 0x7fff'ffff);
    }
    QCOMPARE(addresses,
        (QStringList{u"10.0.0.1"_s, u"10.0.0.2"_s, u"10.0.0.3"_s, u"10.0.2.1"_s, u"10.0.2.2"_s, u"fd00::5"_s}));
    QVERIFY(!book.hasNext(499ms));
    QCOMPARE(book.wakeAt(), 500ms);
}

void SweepBookTest::asksOnlyTheSilentAgain()
{
    SweepBook book(orderOf({u"10.0.0.1-3"_s}));
    const QList<Request> first = sendAll(book, 0ms);
    QCOMPARE(answer(book, first[1]), Verdict::Hit);
    const QList<Request> second = sendAll(book, 500ms);
    QCOMPARE(second.size(), 2);
    QCOMPARE(second[0].address, first[0].address);
    QCOMPARE(second[0].id, first[0].id); // so that a late answer to the first counts
    QCOMPARE(second[1].address, first[2].address);
    QVERIFY(!book.isOver(999ms));
    QVERIFY(sendAll(book, 1000ms).isEmpty());
    QVERIFY(book.isOver(1000ms));
}

void SweepBookTest::waitsItsTimeBetweenTwoRequestsToAnAddress()
{
    SweepBook book(orderOf({u"10.0.0.1-2"_s}, {Version::V2c}, {.timeout = 300ms}));
    book.sent(*book.next(0ms), 0ms);
    book.sent(*book.next(200ms), 200ms);
    QVERIFY(!book.next(299ms));
    const auto again = book.next(300ms);
    QCOMPARE(again->number, 0U);
    book.sent(*again, 300ms);
    QVERIFY(!book.next(499ms));
    QCOMPARE(book.next(500ms)->number, 1U);
}

void SweepBookTest::keepsToItsWindow()
{
    SweepBook book(orderOf({u"10.0.0.1-9"_s}, {Version::V2c}, {.window = 4}));
    QCOMPARE(sendAll(book, 0ms).size(), 4);
    QCOMPARE(sendAll(book, 499ms).size(), 0);
    QCOMPARE(sendAll(book, 500ms).size(), 4);
}

void SweepBookTest::triesCredentialsInTheirOrder()
{
    SweepOrder order = orderOf({u"10.0.0.1"_s}, {Version::V1, Version::V2c, Version::V2c});
    order.spans[0].credentials = {2, 0};
    SweepBook book(order);
    QList<int> tried;
    for (int turn = 0; turn < 6; ++turn) {
        for (const Request& request : sendAll(book, turn * 500ms))
            tried.append(request.credentials);
    }
    QCOMPARE(tried, (QList<int>{2, 2, 0, 0}));
}

void SweepBookTest::asksForAnEngineOnlyOnce()
{
    SweepBook book(orderOf({u"10.0.0.1"_s}, {Version::V3, Version::V2c, Version::V3}, {.passes = 1}));
    QList<int> tried;
    for (int turn = 0; turn < 4; ++turn) {
        for (const Request& request : sendAll(book, turn * 500ms))
            tried.append(request.credentials);
    }
    QCOMPARE(tried, (QList<int>{0, 1}));
}

void SweepBookTest::tellsByTheIdWhichCredentialsWereAnswered()
{
    SweepBook book(orderOf({u"10.0.0.1"_s}, {Version::V2c, Version::V2c}, {.passes = 1}));
    const Request first = sendAll(book, 0ms).first();
    const Request second = sendAll(book, 500ms).first();
    QVERIFY(first.id != second.id);
    const SweepBook::Judgement late = book.heard(first.address, 161, first.id, Version::V2c, false);
    QCOMPARE(late.credentials, 0);
    QCOMPARE(answer(book, second), Verdict::Duplicate);
}

void SweepBookTest::takesNoAnswerThatDoesNotFit()
{
    SweepBook book(orderOf({u"10.0.0.1-2"_s}));
    const Request first = *book.next(0ms);
    QCOMPARE(answer(book, first), Verdict::Foreign); // before it was asked
    book.sent(first, 0ms);
    const Request second = *book.next(0ms);
    book.sent(second, 0ms);

    QCOMPARE(book.heard(second.address, 161, first.id, Version::V2c, false).verdict, Verdict::Foreign); // another's id
    QCOMPARE(book.heard(first.address, 162, first.id, Version::V2c, false).verdict, Verdict::Foreign);
    QCOMPARE(book.heard(first.address, 161, first.id ^ 1, Version::V2c, false).verdict, Verdict::Foreign);
    QCOMPARE(book.heard(first.address, 161, first.id, Version::V1, false).verdict, Verdict::Foreign);
    QCOMPARE(book.heard(IpNumber::fromIpv4(0x0a000003), 161, first.id, Version::V2c, false).verdict, Verdict::Foreign);
    QCOMPARE(book.heard(IpNumber::from(QHostAddress(u"fd00::1"_s)), 161, first.id, Version::V2c, false).verdict,
        Verdict::Foreign);
    QCOMPARE(book.heard({}, 161, first.id, Version::V2c, false).verdict, Verdict::Foreign);
    QCOMPARE(answer(book, first), Verdict::Hit);
}

void SweepBookTest::countsTheFirstAnswerOnly()
{
    SweepBook book(orderOf({u"10.0.0.1"_s}));
    const Request request = sendAll(book, 0ms).first();
    QCOMPARE(answer(book, request), Verdict::Hit);
    QCOMPARE(answer(book, request), Verdict::Duplicate);
}

void SweepBookTest::takesAnAnswerThatIsLate()
{
    SweepBook book(orderOf({u"10.0.0.1-2"_s}, {Version::V2c}, {.passes = 1}));
    const QList<Request> sent = sendAll(book, 0ms);
    QVERIFY(book.isOver(500ms));
    QCOMPARE(answer(book, sent[0]), Verdict::LateHit);
    QVERIFY(book.isOver(500ms));
}

void SweepBookTest::goesOnAfterARefusal()
{
    SweepBook book(orderOf({u"10.0.0.1"_s}, {Version::V2c, Version::V2c}, {.passes = 1}));
    const Request first = sendAll(book, 0ms).first();
    QCOMPARE(book.heard(first.address, 161, first.id, Version::V2c, true).verdict, Verdict::Refusal);
    const Request second = sendAll(book, 500ms).first();
    QCOMPARE(second.credentials, 1);
    QCOMPARE(answer(book, second), Verdict::Hit);
}

void SweepBookTest::givesUpWhatCannotBeSent()
{
    SweepBook book(orderOf({u"10.0.0.1-2"_s}, {Version::V2c}, {.passes = 3}));
    book.skipped(*book.next(0ms));
    book.skipped(*book.next(0ms));
    QVERIFY(!book.next(5s));
    QVERIFY(book.isOver(5s));
}

void SweepBookTest::saysOnceWhosePortIsClosed()
{
    SweepBook book(orderOf({u"10.0.0.1"_s}));
    const Request request = sendAll(book, 0ms).first();
    QVERIFY(!book.closed(request.address, 162));
    QVERIFY(!book.closed(IpNumber::fromIpv4(0x0a000002), 161));
    QCOMPARE(book.closed(request.address, 161), QHostAddress(u"10.0.0.1"_s));
    QVERIFY(!book.closed(request.address, 161));
    QCOMPARE(sendAll(book, 500ms).size(), 1); // a hint, no gate
}

void SweepBookTest::isOverWhenAllHaveAnswered()
{
    SweepBook book(orderOf({u"10.0.0.1-2"_s}));
    for (const Request& request : sendAll(book, 0ms)) {
        QVERIFY(!book.isOver(1ms));
        QCOMPARE(answer(book, request), Verdict::Hit);
    }
    QVERIFY(book.isOver(1ms));
}

void SweepBookTest::givesIdsThatNobodyCanGuess()
{
    SweepBook book(orderOf({u"10.0.0.0/20"_s}));
    QSet<quint32> ids, steps;
    quint32 last = 0;
    for (const Request& request : sendAll(book, 0ms)) {
        ids.insert(request.id);
        steps.insert(request.id - last);
        last = request.id;
    }
    QVERIFY(ids.size() > 4085); // of 4,094: chance alone makes some equal
    QVERIFY(steps.size() > 4085); // and no step tells the next
}

PLATEN_TEST(SweepBookTest)
#include "SweepBookTest.moc"
