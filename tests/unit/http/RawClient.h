// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <testkit/Wait.h>

#include <QSslConfiguration>
#include <QSslSocket>

#include <memory>

namespace platen::test {

/// A client that says exactly what it is told and keeps what it hears.
class RawClient : public QObject {
public:
    RawClient(quint16 port, bool encrypted)
    {
        connect(&m_socket, &QTcpSocket::readyRead, this, [this] {
            if (!isDeaf)
                heard += m_socket.readAll();
        });
        connect(&m_socket, &QTcpSocket::disconnected, this, [this] { isOver = true; });
        connect(&m_socket, &QTcpSocket::errorOccurred, this, [this] { isOver = true; });
        if (encrypted) {
            QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
            configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
            m_socket.setSslConfiguration(configuration);
            m_socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), port);
        } else {
            m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        }
        eventually([&] { return isOver || (encrypted ? m_socket.isEncrypted() : m_socket.state() == QTcpSocket::ConnectedState); });
    }

    void say(const QByteArray& bytes) { m_socket.write(bytes); }
    void leave() { m_socket.abort(); }
    void stopReading() // the window closes, too
    {
        isDeaf = true;
        m_socket.setReadBufferSize(1);
    }
    void readAgain()
    {
        isDeaf = false;
        m_socket.setReadBufferSize(0);
        heard += m_socket.readAll();
    }
    bool hears(const QByteArray& bytes) { return eventually([&] { return heard.contains(bytes); }); }
    bool isHungUp() { return eventually([&] { return isOver; }); }
    qint64 unsent() const { return m_socket.bytesToWrite() + m_socket.encryptedBytesToWrite(); }

    QByteArray heard;
    bool isOver = false;
    bool isDeaf = false;

private:
    QSslSocket m_socket;
};

/// A client's WebSocket frame; `opcode` 1 text, 2 binary, 8 close, 9 ping, 10 pong.
inline QByteArray frame(int opcode, const QByteArray& payload, bool masked = true)
{
    QByteArray bytes(1, static_cast<char>(0x80 | opcode));
    const char mask = masked ? static_cast<char>(0x80) : 0;
    if (payload.size() < 126) {
        bytes += static_cast<char>(payload.size() | mask);
    } else {
        const bool isMiddling = payload.size() < 65536; // the shortest form is the only one allowed
        bytes += static_cast<char>((isMiddling ? 126 : 127) | mask);
        for (int shift = isMiddling ? 8 : 56; shift >= 0; shift -= 8)
            bytes += static_cast<char>((quint64(payload.size()) >> shift) & 0xff);
    }
    if (!masked)
        return bytes + payload;
    const QByteArray key("\x12\x34\x56\x78", 4);
    bytes += key;
    for (qsizetype i = 0; i < payload.size(); ++i)
        bytes += static_cast<char>(payload[i] ^ key[i % 4]);
    return bytes;
}

} // namespace platen::test
