// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "UdpServer.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::fleetsim {

namespace {

constexpr size_t batch = 64;
constexpr size_t largestRequest = 2048;
constexpr int batchesPerTurn = 32; // then the event loop has its turn

using Control = std::array<char, CMSG_SPACE(sizeof(in_pktinfo))>;

/// A number from 0 to below 1 that looks like chance and is the same for the same three (SplitMix64).
double chance(quint64 seed, quint64 who, quint64 which)
{
    quint64 bits = seed + 0x9e3779b97f4a7c15 * (who * 0x10001 + which + 1);
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    return double((bits ^ bits >> 31) >> 11) / double(1ULL << 53);
}

} // namespace

UdpServer::UdpServer(Fleet& fleet, Settings settings, QObject* parent)
    : QObject(parent)
    , m_fleet(fleet)
    , m_settings(std::move(settings))
    , m_seed(m_settings.seed ? *m_settings.seed : QRandomGenerator::system()->generate64())
    , m_draws(size_t(fleet.size()))
{
    m_delayTimer.setInterval(1ms);
    connect(&m_delayTimer, &QTimer::timeout, this, &UdpServer::sendDue);
    m_outgoing.reserve(batch);
}

UdpServer::~UdpServer()
{
    m_notifier.reset();
    for (const int descriptor : {m_socket, m_otherSocket})
        if (descriptor >= 0)
            ::close(descriptor);
}

Status UdpServer::openSocket(int& descriptor, quint16 port)
{
    descriptor = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1, buffer = 8 << 20;
    setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
    if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) != 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (::bind(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        if (errno == EADDRINUSE)
            return fail(ErrorCode::AddressInUse, u"UDP port %1 is in use: give another with --port"_s.arg(port));
        return fail(ErrorCode::NetworkFailed,
                    u"cannot listen on UDP port %1: %2"_s.arg(port).arg(QString::fromLocal8Bit(std::strerror(errno))));
    }
    return {};
}

Status UdpServer::listen()
{
    if (const Status opened = openSocket(m_socket, m_settings.port); !opened)
        return opened;
    if (const Status opened = openSocket(m_otherSocket, 0); !opened)
        return opened;
    m_notifier = std::make_unique<QSocketNotifier>(m_socket, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &UdpServer::receive);
    return {};
}

void UdpServer::receive()
{
    for (int i = 0; i < batchesPerTurn && receiveBatch(); ++i) { }
}

bool UdpServer::receiveBatch()
{
    static thread_local std::array<std::array<char, largestRequest>, batch> buffers;
    std::array<mmsghdr, batch> messages = {};
    std::array<iovec, batch> pieces;
    std::array<sockaddr_in, batch> senders;
    alignas(cmsghdr) std::array<Control, batch> controls;
    for (size_t i = 0; i < batch; ++i) {
        pieces[i] = {buffers[i].data(), buffers[i].size()};
        messages[i].msg_hdr = {&senders[i], sizeof senders[i], &pieces[i], 1, controls[i].data(), controls[i].size(), 0};
    }
    const int received = ::recvmmsg(m_socket, messages.data(), batch, MSG_DONTWAIT, nullptr);
    for (int i = 0; i < received; ++i) {
        msghdr& head = messages[size_t(i)].msg_hdr;
        for (cmsghdr* control = CMSG_FIRSTHDR(&head); control; control = CMSG_NXTHDR(&head, control)) {
            if (control->cmsg_level != IPPROTO_IP || control->cmsg_type != IP_PKTINFO)
                continue;
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(control), sizeof info);
            handle({buffers[size_t(i)].data(), qsizetype(messages[size_t(i)].msg_len)}, senders[size_t(i)], info.ipi_addr);
        }
    }
    send(m_socket, m_outgoing);
    m_outgoing.clear();
    return received == int(batch);
}

void UdpServer::handle(QByteArrayView datagram, const sockaddr_in& from, in_addr to)
{
    const qsizetype index = qsizetype(ntohl(to.s_addr)) - qsizetype(m_settings.firstAddress);
    if (index < 0 || index >= m_fleet.size())
        return; // nobody lives there
    ++m_counters.requests;
    const Fault fault = m_fleet[index].fault;
    if (fault == Fault::ReportLoop) {
        if (QByteArray report = encodeReport(datagram, m_reports); !report.isEmpty()) {
            ++m_reports;
            m_outgoing.push_back({std::move(report), from, to, {}});
            return;
        }
    }
    const std::optional<Request> request = parseRequest(datagram);
    if (!request) {
        ++m_counters.malformed;
        return;
    }
    if (request->community != m_settings.community)
        return; // as a printer does: silence
    if (m_settings.loss > 0 && isLost(index, m_settings.loss))
        return;
    if (fault != Fault::None)
        return handleFaulty(index, *request, {{}, from, to, {}});
    Answer answer{m_fleet[index].table->answer(*request), from, to, {}};
    if (m_settings.delay == 0ms)
        m_outgoing.push_back(std::move(answer));
    else
        sendLater(std::move(answer), m_settings.delay);
}

bool UdpServer::isLost(qsizetype index, double share)
{
    const bool isUnlucky = chance(m_seed, quint64(index), m_draws[size_t(index)]++) < share;
    m_counters.lost += isUnlucky;
    return isUnlucky;
}

void UdpServer::handleFaulty(qsizetype index, const Request& request, const Answer& frame)
{
    const Fleet::Printer& printer = m_fleet[index];
    if (printer.fault == Fault::HalfLost && isLost(index, 0.5))
        return;
    for (Misdeed& misdeed : misdeeds(printer.fault, request, *printer.table, m_fleet.objects(index))) {
        Answer answer = frame;
        answer.bytes = std::move(misdeed.bytes);
        if (misdeed.from == Misdeed::From::NextAddress)
            answer.from.s_addr = htonl(ntohl(answer.from.s_addr) + 1);
        const auto delay = m_settings.delay + misdeed.delay;
        if (misdeed.from == Misdeed::From::OtherPort)
            send(m_otherSocket, {&answer, 1});
        else if (delay > 0ms)
            sendLater(std::move(answer), delay);
        else
            m_outgoing.push_back(std::move(answer));
    }
}

void UdpServer::sendLater(Answer answer, std::chrono::milliseconds delay)
{
    answer.due = std::chrono::steady_clock::now() + delay;
    m_delayed.insert(std::ranges::upper_bound(m_delayed, answer.due, {}, &Answer::due), std::move(answer));
    if (!m_delayTimer.isActive())
        m_delayTimer.start();
}

void UdpServer::send(int descriptor, std::span<Answer> answers)
{
    if (answers.size() > batch) {
        send(descriptor, answers.first(batch));
        return send(descriptor, answers.subspan(batch));
    }
    std::array<mmsghdr, batch> messages = {};
    std::array<iovec, batch> pieces;
    alignas(cmsghdr) std::array<Control, batch> controls = {};
    for (size_t i = 0; i < answers.size(); ++i) {
        Answer& answer = answers[i];
        pieces[i] = {answer.bytes.data(), size_t(answer.bytes.size())};
        messages[i].msg_hdr = {&answer.to, sizeof answer.to, &pieces[i], 1, controls[i].data(), controls[i].size(), 0};
        cmsghdr* control = CMSG_FIRSTHDR(&messages[i].msg_hdr);
        control->cmsg_level = IPPROTO_IP;
        control->cmsg_type = IP_PKTINFO;
        control->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
        in_pktinfo info = {};
        info.ipi_spec_dst = answer.from;
        std::memcpy(CMSG_DATA(control), &info, sizeof info);
    }
    size_t sent = 0;
    while (sent < answers.size()) {
        const int now = ::sendmmsg(descriptor, messages.data() + sent, unsigned(answers.size() - sent), 0);
        if (now > 0)
            m_counters.answers += quint64(now);
        sent += now > 0 ? size_t(now) : 1; // one that cannot be sent must not hold up the others
    }
}

void UdpServer::sendDue()
{
    const auto now = std::chrono::steady_clock::now();
    while (!m_delayed.empty() && m_delayed.front().due <= now) {
        std::vector<Answer> due;
        while (!m_delayed.empty() && m_delayed.front().due <= now && due.size() < batch) {
            due.push_back(std::move(m_delayed.front()));
            m_delayed.pop_front();
        }
        send(m_socket, due);
    }
    if (m_delayed.empty())
        m_delayTimer.stop();
}

} // namespace platen::fleetsim
