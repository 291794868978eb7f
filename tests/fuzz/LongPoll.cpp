// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Edge.h"
#include "Feed.h"

#include <http/Streams.h>
#include <protocol/EventStream.h>

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

namespace {

constexpr qsizetype mostWaitingBytes = 4096;

/// A client and the application, both made of one input.
class Visit {
public:
    Visit()
        : m_streams([this](const std::shared_ptr<http::Socket>& socket) { welcome(socket); },
            {.messagesBefore = 1, .outBytes = mostWaitingBytes, .sessions = 4, .sessionsPerAddress = 4},
            [](http::Refusal, const QHostAddress&) {})
    {
    }

    void step(Feed& feed)
    {
        const quint8 what = feed.byte();
        const quint64 last = what & 0x40 ? m_heard : feed.byte();
        http::Request request = requestOf(what, feed);
        switch (what % 8) {
        case 0: // as an honest client would
            request.query = "n=" + QByteArray::number(m_said + 1) + "&last=" + QByteArray::number(last);
            request.body = QByteArray::number(++m_said);
            m_streams.post(request, [this](const http::Response& response) { hear(response); });
            break;
        case 1:
            request.query = feed.bytes(feed.byte() % 64).toByteArray();
            request.body = feed.bytes(feed.byte()).toByteArray();
            m_streams.post(request, [this](const http::Response& response) { hear(response); });
            break;
        case 2:
        case 3:
            request.query = what % 8 == 2 ? "last=" + QByteArray::number(last) : feed.bytes(feed.byte() % 32).toByteArray();
            m_streams.poll(request, [this](const http::Response& response) { hear(response); });
            break;
        case 4:
            request.query = "last=" + QByteArray::number(last);
            m_streams.stream(request, [](const http::Response&) {});
            break;
        case 5:
            if (m_socket)
                m_socket->send(feed.bytes(feed.byte()).toByteArray());
            break;
        case 6:
            if (m_socket)
                m_socket->close(4403, "refused");
            break;
        default:
            if (m_socket)
                m_socket->holdInput(what & 0x80);
        }
        QCoreApplication::sendPostedEvents();
    }

private:
    void welcome(const std::shared_ptr<http::Socket>& socket)
    {
        m_socket = socket;
        QObject::connect(socket.get(), &http::Socket::received, socket.get(), [this](const QByteArray& message) {
            if (m_socket)
                m_socket->send(message.left(32));
        });
    }

    /// With the token that we were given, one that is changed, or none.
    http::Request requestOf(quint8 what, Feed& feed) const
    {
        http::Request request;
        request.peer = QHostAddress(QHostAddress::LocalHost);
        QByteArray token = what % 8 < 2 ? m_messagesToken : m_eventsToken;
        if ((what & 0x30) == 0x10 && !token.isEmpty())
            token[feed.byte() % token.size()] ^= char(feed.byte());
        if ((what & 0x30) == 0x20)
            token = feed.bytes(feed.byte() % 64).toByteArray();
        if ((what & 0x30) != 0x30 && !token.isEmpty())
            request.headers = {{"authorization", "Bearer " + token}};
        return request;
    }

    void hear(const http::Response& response)
    {
        for (const auto& [name, value] : response.headers) {
            if (name.compare("platen-session", Qt::CaseInsensitive) == 0)
                m_messagesToken = value;
            if (name.compare("platen-stream", Qt::CaseInsensitive) == 0)
                m_eventsToken = value;
        }
        protocol::EventReader reader(2 * mostWaitingBytes);
        const auto events = response.status == 200 ? reader.take(response.body) : QList<protocol::StreamEvent>();
        if (!events)
            qFatal("a server says events that are none");
        quint64 before = 0;
        for (const protocol::StreamEvent& event : *events) {
            if (before != 0 && event.id != before + 1)
                qFatal("an event is missing");
            before = event.id;
        }
        m_heard = std::max(m_heard, before);
    }

    std::shared_ptr<http::Socket> m_socket;
    QByteArray m_messagesToken, m_eventsToken;
    quint64 m_said = 0, m_heard = 0;
    http::Streams m_streams; ///< goes first: it answers what waits
};

} // namespace

void longPoll(QByteArrayView input)
{
    static int count = 1;
    static std::array<char, 5> name{"fuzz"};
    static char* words = name.data();
    static const QCoreApplication* const application = QCoreApplication::instance() ? nullptr : new QCoreApplication(count, &words);
    Q_UNUSED(application)
    Visit visit;
    for (Feed feed(input); !feed.isEmpty();)
        visit.step(feed);
}

QList<QByteArray> longPollSeeds()
{
    const auto bytes = [](std::initializer_list<int> numbers) {
        QByteArray made;
        for (const int number : numbers)
            made += char(number);
        return made;
    };
    const QByteArray poll = bytes({0x31, 0, 7}) + "by=poll" + bytes({5}) + "hello";
    const QByteArray stream = bytes({0x31, 0, 9}) + "by=stream" + bytes({1}) + "x";
    return {poll, poll + bytes({0x40, 0x42, 0x45, 3}) + "abc" + bytes({0x42, 0x40, 0x46, 0x42}), stream + bytes({0x44, 0x45, 3}) + "abc" + bytes({0x40, 0x40}),
        poll + bytes({0x47, 1, 0, 20}) + "n=2&last=0&sizes=1,1" + bytes({4}) + "late" + bytes({0xc7, 0x42, 0, 0})};
}

} // namespace platen::fuzz
