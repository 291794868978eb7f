// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHostAddress>

#include <openssl/ssl.h>

#include <memory>

namespace platen::agentsim {

/// A client's WebSocket over TLS, as small and cheap as it can be: ten thousand of them must not be what is measured. No
/// thread, no timer, no object of Qt's; whoever has it waits with epoll and calls advance().
class Line {
public:
    /// Who hears of it. Called from open(), send() and advance().
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void opened() = 0;
        virtual void received(const QByteArray& message) = 0;
        virtual void closed() = 0; ///< once; or it never opened
    };

    struct Where {
        QHostAddress server; ///< IPv4
        quint16 port = 0;
        QByteArray path;
        SSL_CTX* tls = nullptr; ///< see makeTls()
        int epoll = -1;
    };

    Line(const Where& where, Listener& listener);
    ~Line();
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    /// Begins to connect, from `source`. closed() may follow at once.
    void open(const QHostAddress& source);
    void send(const QByteArray& message);
    void close(); ///< without a word, and without closed()
    void advance(); ///< its descriptor is ready for something

    /// TLS 1.3 with X25519, whoever the server is: who measures knows whom he has started.
    static SSL_CTX* makeTls();

private:
    enum class State { Closed, Connecting, Securing, Upgrading, Open };

    void connected();
    void secure();
    void read();
    void takeUpgrade();
    void takeFrames();
    void frame(unsigned opcode, const QByteArray& payload);
    void flush();
    void watch(bool alsoToWrite);
    void fail();

    const Where& m_where;
    Listener& m_listener;
    SSL* m_ssl = nullptr;
    int m_socket = -1;
    State m_state = State::Closed;
    bool m_isWatchingWrite = false;
    QByteArray m_in;
    QByteArray m_out;
};

} // namespace platen::agentsim
