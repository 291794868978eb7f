// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpTrap.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <zlib.h>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::fleetsim {

namespace {

constexpr uLong bombBlock = 1 << 20; // zeros, packed once and sent a thousand times
constexpr int bombBlocks = 1024;

/// The start of an answer, whose body is said to be larger than it is where it never comes.
QByteArray head(QByteArrayView status, QByteArrayView more)
{
    return "HTTP/1.1 " + status.toByteArray() + "\r\nContent-Type: application/ipp\r\n" + more.toByteArray() + "\r\n";
}

} // namespace

HttpTrap::HttpTrap(Fault fault, QObject* parent) : QObject(parent), m_fault(fault)
{
    m_drip.setInterval(1s);
    connect(&m_drip, &QTimer::timeout, this, &HttpTrap::drip);
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* const visitor = m_server.nextPendingConnection()) {
            connect(visitor, &QTcpSocket::readyRead, this, [this, visitor] { spring(visitor); }, Qt::SingleShotConnection);
            connect(visitor, &QTcpSocket::disconnected, this, [this, visitor] {
                m_stuck.removeAll(visitor);
                visitor->deleteLater();
            });
        }
    });
}

Status HttpTrap::listen(quint32 address, quint16 port)
{
    if (m_server.listen(QHostAddress(address), port))
        return {};
    const bool isTaken = m_server.serverError() == QAbstractSocket::AddressInUseError;
    const bool isRefused = m_server.serverError() == QAbstractSocket::SocketAccessError;
    return fail(isTaken ? ErrorCode::AddressInUse : isRefused ? ErrorCode::PermissionDenied : ErrorCode::NetworkFailed,
        u"cannot listen on %1 TCP port %2 (%3): give another with --http-port"_s.arg(QHostAddress(address).toString()).arg(port).arg(m_server.errorString()));
}

void HttpTrap::spring(QTcpSocket* visitor)
{
    if (m_fault == Fault::TarPit) {
        visitor->write(head("200 OK", "Content-Length: 4096\r\n"));
        m_stuck += visitor;
        m_drip.start();
        return;
    }
    if (m_fault == Fault::GzipBomb) {
        static const QByteArray bomb = gzipBomb();
        visitor->write(head("200 OK", "Content-Encoding: gzip\r\nContent-Length: " + QByteArray::number(bomb.size()) + "\r\n") + bomb);
    } else {
        visitor->write(head("302 Found", "Location: http://169.254.169.254/latest/meta-data/\r\nContent-Length: 0\r\n"));
    }
    visitor->disconnectFromHost();
}

void HttpTrap::drip()
{
    for (QTcpSocket* const visitor : std::as_const(m_stuck))
        visitor->write("\1", 1);
    if (m_stuck.isEmpty())
        m_drip.stop();
}

QByteArray HttpTrap::gzipBomb()
{
    const QByteArray zeros(bombBlock, '\0');
    QByteArray packed(qsizetype(compressBound(bombBlock)), '\0');
    z_stream stream = {};
    deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
    stream.avail_in = bombBlock;
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FULL_FLUSH); // ends at a whole byte and refers to nothing before it: it can be repeated
    packed.truncate(qsizetype(stream.total_out));
    deflateEnd(&stream);

    const uLong one = crc32(0, reinterpret_cast<const Bytef*>(zeros.data()), bombBlock);
    uLong all = one;
    for (int i = 1; i < bombBlocks; ++i)
        all = crc32_combine(all, one, bombBlock);
    QByteArray tail = QByteArray::fromHex("0300"); // the empty last block
    for (const uLong number : {all, bombBlock * bombBlocks})
        for (int shift = 0; shift < 32; shift += 8)
            tail += char(number >> shift & 0xff);
    return QByteArray::fromHex("1f8b08000000000000ff") + packed.repeated(bombBlocks) + tail;
}

} // namespace platen::fleetsim
