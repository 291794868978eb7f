// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Crowd.h"

#include <channel/Backoff.h>

#include <algorithm>
#include <array>
#include <sys/epoll.h>
#include <unistd.h>

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace platen::agentsim {

/// One agent: where it comes from, what it says, whether it is there.
class Crowd::Member final : public Line::Listener {
public:
    Member(Crowd& crowd, const QHostAddress& source, std::unique_ptr<Talker> talker)
        : m_crowd(crowd)
        , m_source(source)
        , m_talker(std::move(talker))
        , m_line(crowd.m_where, *this)
    {
    }

    void come() { m_line.open(m_source); }
    bool isThere() const { return m_isThere; }
    void submit(Moment when)
    {
        due = when;
        isWaiting = true;
        m_line.send(m_talker->submission());
    }
    void say(const QByteArray& message) { m_line.send(message); }
    Line& line() { return m_line; }

    void opened() override
    {
        if (m_talker)
            m_line.send(m_talker->hello());
        else
            arrive();
    }

    void received(const QByteArray& message) override
    {
        if (!m_talker)
            return m_crowd.m_echoed(*this);
        switch (m_talker->hear(message)) {
        case Talker::Heard::Greeted:
            m_line.send(m_talker->ready());
            return arrive();
        case Talker::Heard::Acknowledged:
            return m_crowd.m_acknowledged(*this);
        case Talker::Heard::Wrong:
            std::fprintf(stderr, "platen-agentsim: the server said what it must not say\n");
            m_line.close();
            return closed();
        case Talker::Heard::Nothing:
            return;
        }
    }

    void closed() override
    {
        if (std::exchange(m_isThere, false))
            --m_crowd.m_present;
        m_crowd.comeAt(this, steady_clock::now() + m_backoff.next());
    }

    Moment due;             ///< when the submission under way was to be sent
    bool isWaiting = false; ///< for its acknowledgement

private:
    void arrive()
    {
        m_isThere = true;
        ++m_crowd.m_present;
        m_backoff.reset();
        if (isWaiting) // whatever was under way when the connection broke
            m_line.send(m_talker->submission());
    }

    Crowd& m_crowd;
    const QHostAddress m_source;
    const std::unique_ptr<Talker> m_talker;
    Line m_line;
    channel::Backoff m_backoff{1s, 300s};
    bool m_isThere = false;
};

Crowd::Crowd(Settings settings)
    : m_settings(std::move(settings))
    , m_where{m_settings.server, m_settings.port, m_settings.path, Line::makeTls(), ::epoll_create1(EPOLL_CLOEXEC)}
    , m_acknowledged([](Member& member) { member.isWaiting = false; })
    , m_echoed([](Member&) { })
{
    const quint32 first = QHostAddress(QStringLiteral("127.1.0.1")).toIPv4Address();
    for (int i = 0; i < m_settings.count; ++i) {
        std::unique_ptr<Talker> talker;
        if (m_settings.kind == Kind::Platen)
            talker = platenTalker(m_settings.keys.mid(qsizetype(i) * 48, 48));
        else if (m_settings.kind == Kind::Json)
            talker = jsonTalker(i);
        const QHostAddress source(first + static_cast<quint32>(i / m_settings.perAddress));
        m_members.push_back(std::make_unique<Member>(*this, source, std::move(talker)));
    }
}

Crowd::~Crowd()
{
    m_members.clear();
    SSL_CTX_free(m_where.tls);
    ::close(m_where.epoll);
}

void Crowd::comeAt(Member* member, Moment when) { m_due.emplace(when, member); }

/// One wait, and what came of it.
void Crowd::turn(Moment end)
{
    Moment next = std::min(end, steady_clock::now() + 100ms);
    if (!m_due.empty())
        next = std::min(next, m_due.top().first);
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(next - steady_clock::now()).count();
    std::array<epoll_event, 1024> events;
    const int count = ::epoll_wait(m_where.epoll, events.data(), static_cast<int>(events.size()), static_cast<int>(std::max<qint64>(0, wait)));
    for (int i = 0; i < count; ++i) {
        if (auto* line = static_cast<Line*>(events[static_cast<size_t>(i)].data.ptr))
            line->advance();
    }
    while (!m_due.empty() && m_due.top().first <= steady_clock::now()) {
        Member* const member = m_due.top().second;
        m_due.pop();
        member->come();
    }
}

template <typename Claim>
bool Crowd::spin(Claim until, Moment end)
{
    while (!until()) {
        if (steady_clock::now() >= end)
            return false;
        turn(end);
    }
    return true;
}

bool Crowd::gather(int atOnce, std::chrono::seconds limit)
{
    const int all = static_cast<int>(m_members.size());
    int begun = 0;
    return spin(
        [&] {
            for (; begun < all && begun - m_present < atOnce; ++begun)
                m_members[static_cast<size_t>(begun)]->come();
            return m_present == all;
        },
        steady_clock::now() + limit);
}

bool Crowd::isWholeWithin(std::chrono::seconds limit)
{
    return spin([&] { return m_present == static_cast<int>(m_members.size()); }, steady_clock::now() + limit);
}

Crowd::Latencies Crowd::submit(int perSecond, std::chrono::seconds time)
{
    std::vector<double> waits;
    m_acknowledged = [&](Member& member) {
        if (std::exchange(member.isWaiting, false))
            waits.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - member.due).count());
    };
    const qsizetype total = perSecond * time.count();
    const Moment start = steady_clock::now();
    qsizetype sent = 0;
    size_t turnOf = 0;
    const auto sendWhatIsDue = [&] {
        const auto passed = steady_clock::now() - start;
        for (; sent < total && std::chrono::nanoseconds(sent * 1'000'000'000 / perSecond) <= passed; ++sent) {
            for (size_t tries = 0; tries < m_members.size(); ++tries) {
                Member& member = *m_members[turnOf++ % m_members.size()];
                if (!member.isThere() || member.isWaiting)
                    continue;
                member.submit(start + std::chrono::nanoseconds(sent * 1'000'000'000 / perSecond));
                break;
            }
        }
        return sent == total && static_cast<qsizetype>(waits.size()) == total;
    };
    // Wakes every millisecond, so that it sends when it is due.
    const Moment end = start + time + 10s;
    while (!sendWhatIsDue() && steady_clock::now() < end)
        turn(steady_clock::now() + 1ms);
    m_acknowledged = [](Member& member) { member.isWaiting = false; };

    std::ranges::sort(waits);
    Latencies result{static_cast<qsizetype>(waits.size()), total - static_cast<qsizetype>(waits.size())};
    if (!waits.empty()) {
        result.p50 = waits[waits.size() / 2];
        result.p99 = waits[waits.size() * 99 / 100];
        result.most = waits.back();
    }
    return result;
}

double Crowd::echo(qsizetype total)
{
    const QByteArray message(200, 'e');
    qsizetype begun = 0, back = 0;
    m_echoed = [&](Member& member) {
        ++back;
        if (begun < total) {
            ++begun;
            member.say(message);
        }
    };
    const Moment start = steady_clock::now();
    for (const auto& member : m_members) {
        if (begun < total && member->isThere()) {
            ++begun;
            member->say(message);
        }
    }
    spin([&] { return back >= total; }, start + 120s);
    m_echoed = [](Member&) { };
    return std::chrono::duration<double>(steady_clock::now() - start).count();
}

void Crowd::listen(int descriptor)
{
    epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
    ::epoll_ctl(m_where.epoll, EPOLL_CTL_ADD, descriptor, &event);
    bool isThere = false;
    while (!isThere) {
        turn(steady_clock::now() + 100ms);
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(descriptor, &readable);
        timeval now{};
        isThere = ::select(descriptor + 1, &readable, nullptr, nullptr, &now) == 1;
    }
    ::epoll_ctl(m_where.epoll, EPOLL_CTL_DEL, descriptor, nullptr);
}

} // namespace platen::agentsim
