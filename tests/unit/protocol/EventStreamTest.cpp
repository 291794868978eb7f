// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include <protocol/EventStream.h>
#include <testkit/Program.h>

#include <QTest>

using namespace Qt::StringLiterals;

namespace platen::protocol {

class EventStreamTest : public QObject {
    Q_OBJECT

    static QByteArray threeEvents()
    {
        return streamBeat.toByteArray() + StreamEvent{1, StreamEvent::Kind::Message, QByteArray("\0\n\r\xff", 4)}.encode()
            + StreamEvent{2, StreamEvent::Kind::Message, {}}.encode() + StreamEvent::close(3, 4403, "refused").encode();
    }

private slots:
    void readsBackWhatItWroteInPiecesOfAnySize_data()
    {
        QTest::addColumn<qsizetype>("size");
        for (const qsizetype size : {1, 2, 3, 7, 1000})
            QTest::addRow("%lld bytes", qlonglong(size)) << size;
    }

    void readsBackWhatItWroteInPiecesOfAnySize()
    {
        QFETCH(qsizetype, size);
        const QByteArray bytes = threeEvents();
        EventReader reader(4096);
        QList<StreamEvent> events;
        for (qsizetype at = 0; at < bytes.size(); at += size) {
            const auto some = reader.take(QByteArrayView(bytes).sliced(at).first(std::min(size, bytes.size() - at)));
            QVERIFY(some.has_value());
            events += *some;
        }
        QCOMPARE(events.size(), 3);
        QCOMPARE(events.at(0).data, QByteArray("\0\n\r\xff", 4));
        QCOMPARE(events.at(1), (StreamEvent{2, StreamEvent::Kind::Message, {}}));
        QCOMPARE(events.at(2).kind, StreamEvent::Kind::Close);
        QCOMPARE(events.at(2).closeCode(), quint16(4403));
        QCOMPARE(events.at(2).closeReason(), "refused"_ba);
    }

    void givesNothingOfAnEventThatIsCut()
    {
        const QByteArray bytes = StreamEvent{1, StreamEvent::Kind::Message, "whole"}.encode();
        for (qsizetype size = 0; size < bytes.size(); ++size) {
            EventReader reader(100);
            QCOMPARE(reader.take(QByteArrayView(bytes).first(size)).value().size(), 0);
        }
    }

    void passesOverWhatANewerServerSays()
    {
        EventReader reader(100);
        const auto events = reader.take("retry: 5\r\nid: 7\r\nevent: message\r\nfuture: x\r\ndata: aGk=\r\n\r\n");
        QCOMPARE(events.value(), (QList<StreamEvent>{{7, StreamEvent::Kind::Message, "hi"}}));
    }

    void refusesWhatIsNoEvent_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::newRow("no number") << "data: aGk=\n\n"_ba << int(ErrorCode::Malformed);
        QTest::newRow("number 0") << "id: 0\ndata: aGk=\n\n"_ba << int(ErrorCode::Malformed);
        QTest::newRow("a word for a number") << "id: one\ndata: aGk=\n\n"_ba << int(ErrorCode::Malformed);
        QTest::newRow("not base64") << "id: 1\ndata: a!\n\n"_ba << int(ErrorCode::Malformed);
        QTest::newRow("data twice") << "id: 1\ndata: aGk=\ndata: aGk=\n\n"_ba << int(ErrorCode::Malformed);
        QTest::newRow("unknown kind") << "id: 1\nevent: sing\ndata: aGk=\n\n"_ba << int(ErrorCode::Malformed);
        QTest::newRow("too large") << "id: 1\ndata: " + QByteArray(101, 'x').toBase64() + "\n\n" << int(ErrorCode::LimitExceeded);
        QTest::newRow("a line without end") << QByteArray(1000, ':') << int(ErrorCode::LimitExceeded);
    }

    void refusesWhatIsNoEvent()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        const auto events = EventReader(100).take(bytes);
        QVERIFY(!events.has_value());
        QCOMPARE(int(events.error().code), code);
    }

    void packsMessagesIntoABody()
    {
        const QList<QByteArray> messages{"one"_ba, {}, QByteArray("\0,\n", 3)};
        const MessageBatch batch = MessageBatch::of(messages);
        QCOMPARE(batch.sizes, "3,0"_ba);
        QCOMPARE(batch.messages().value(), messages);
        QCOMPARE(MessageBatch::of({"alone"_ba}).sizes, QByteArray());
        QCOMPARE((MessageBatch{"alone", {}}.messages().value()), QList<QByteArray>{"alone"_ba});
        QCOMPARE(MessageBatch().messages().value().size(), 0);
    }

    void refusesSizesThatDoNotFit_data()
    {
        QTest::addColumn<QByteArray>("sizes");
        for (const char* sizes : {"6", "-1", "2,4", "x", ",", "2,", "1e2", "99999999999999999999"})
            QTest::newRow(sizes) << QByteArray(sizes);
    }

    void refusesSizesThatDoNotFit()
    {
        QFETCH(QByteArray, sizes);
        const auto messages = MessageBatch{"12345", sizes}.messages();
        QVERIFY(!messages.has_value());
        QCOMPARE(messages.error().code, ErrorCode::Malformed);
    }

    void refusesTooManyMessages()
    {
        const QByteArray zeros = QByteArrayList(MessageBatch::mostMessages, "0"_ba).join(',');
        QCOMPARE((MessageBatch{"x", zeros}.messages().error().code), ErrorCode::LimitExceeded);
    }
};

} // namespace platen::protocol

PLATEN_TEST(platen::protocol::EventStreamTest)
#include "EventStreamTest.moc"
