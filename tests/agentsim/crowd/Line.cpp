// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Line.h"

#include <openssl/err.h>

#include <QtEndian>

#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace platen::agentsim {

namespace {

constexpr unsigned binary = 2, closing = 8, ping = 9, pong = 10; // RFC 6455 §11.8

sockaddr_in addressOf(const QHostAddress& host, quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(host.toIPv4Address());
    return address;
}

} // namespace

SSL_CTX* Line::makeTls()
{
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set1_groups_list(context, "X25519");
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return context;
}

Line::Line(const Where& where, Listener& listener)
    : m_where(where)
    , m_listener(listener)
{
}

Line::~Line() { close(); }

void Line::open(const QHostAddress& source)
{
    close();
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::setsockopt(m_socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    const sockaddr_in from = addressOf(source, 0);
    const sockaddr_in to = addressOf(m_where.server, m_where.port);
    m_state = State::Connecting;
    epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.ptr = this}};
    m_isWatchingWrite = true;
    if (m_socket < 0 || ::bind(m_socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0
        || (::connect(m_socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)
        || ::epoll_ctl(m_where.epoll, EPOLL_CTL_ADD, m_socket, &event) != 0)
        fail();
}

void Line::close()
{
    SSL_free(m_ssl);
    m_ssl = nullptr;
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
    m_state = State::Closed;
    m_in.clear();
    m_out.clear();
}

void Line::fail()
{
    if (m_state == State::Closed)
        return;
    close();
    m_listener.closed();
}

void Line::watch(bool alsoToWrite)
{
    if (alsoToWrite == m_isWatchingWrite)
        return;
    m_isWatchingWrite = alsoToWrite;
    epoll_event event{.events = EPOLLIN | (alsoToWrite ? EPOLLOUT : 0U), .data = {.ptr = this}};
    ::epoll_ctl(m_where.epoll, EPOLL_CTL_MOD, m_socket, &event);
}

void Line::advance()
{
    if (m_state == State::Connecting)
        connected();
    if (m_state == State::Securing)
        return secure();
    if (m_state == State::Closed)
        return;
    flush();
    if (m_state != State::Closed)
        read();
}

void Line::connected()
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(m_socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        return fail();
    m_ssl = SSL_new(m_where.tls);
    SSL_set_fd(m_ssl, m_socket);
    SSL_set_connect_state(m_ssl);
    m_state = State::Securing;
}

void Line::secure()
{
    ERR_clear_error();
    const int done = SSL_do_handshake(m_ssl);
    if (done != 1) {
        const int why = SSL_get_error(m_ssl, done);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
            return fail();
        return watch(why == SSL_ERROR_WANT_WRITE);
    }
    m_state = State::Upgrading;
    m_out = "GET " + m_where.path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    flush();
}

void Line::flush()
{
    while (!m_out.isEmpty()) {
        ERR_clear_error();
        const int written = SSL_write(m_ssl, m_out.constData(), static_cast<int>(m_out.size()));
        if (written <= 0) {
            const int why = SSL_get_error(m_ssl, written);
            return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? watch(true) : fail();
        }
        m_out.remove(0, written);
    }
    m_out.squeeze();
    watch(false);
}

void Line::read()
{
    std::array<char, 16384> bytes;
    for (;;) {
        ERR_clear_error();
        const int got = SSL_read(m_ssl, bytes.data(), static_cast<int>(bytes.size()));
        if (got <= 0) {
            if (SSL_get_error(m_ssl, got) != SSL_ERROR_WANT_READ)
                fail();
            return;
        }
        m_in.append(bytes.data(), got);
        if (m_state == State::Upgrading)
            takeUpgrade();
        if (m_state == State::Open)
            takeFrames();
        if (m_state == State::Closed)
            return;
    }
}

void Line::takeUpgrade()
{
    const qsizetype end = m_in.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    if (!m_in.startsWith("HTTP/1.1 101 "))
        return fail();
    m_in.remove(0, end + 4);
    m_state = State::Open;
    m_listener.opened();
}

void Line::takeFrames()
{
    while (m_state == State::Open && m_in.size() >= 2) {
        const auto* head = reinterpret_cast<const uchar*>(m_in.constData());
        quint64 length = head[1] & 0x7fU;
        const qsizetype more = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (m_in.size() < 2 + more)
            return;
        if (more == 2)
            length = qFromBigEndian<quint16>(head + 2);
        if (more == 8)
            length = qFromBigEndian<quint64>(head + 2);
        if (static_cast<quint64>(m_in.size() - 2 - more) < length)
            return;
        const unsigned opcode = head[0] & 0x0fU;
        const QByteArray payload = m_in.mid(2 + more, static_cast<qsizetype>(length));
        m_in.remove(0, 2 + more + static_cast<qsizetype>(length));
        if (opcode == ping)
            frame(pong, payload);
        else if (opcode == closing)
            return fail();
        else if (opcode != pong)
            m_listener.received(payload);
    }
    if (m_in.isEmpty())
        m_in = QByteArray();
}

void Line::send(const QByteArray& message)
{
    if (m_state == State::Open)
        frame(binary, message);
}

/// Masked by zeros: a mask that a server must take like any other.
void Line::frame(unsigned opcode, const QByteArray& payload)
{
    m_out += static_cast<char>(0x80U | opcode);
    if (payload.size() < 126) {
        m_out += static_cast<char>(0x80 | payload.size());
    } else {
        const bool isMiddling = payload.size() < 65536;
        m_out += static_cast<char>(0x80 | (isMiddling ? 126 : 127));
        std::array<char, 8> length{};
        qToBigEndian(static_cast<quint64>(payload.size()), length.data());
        m_out.append(length.data() + (isMiddling ? 6 : 0), isMiddling ? 2 : 8);
    }
    m_out.append(4, '\0');
    m_out += payload;
    flush();
}

} // namespace platen::agentsim
