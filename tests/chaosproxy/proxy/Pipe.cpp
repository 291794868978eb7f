// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Pipe.h"

#include <QRandomGenerator>

namespace platen::chaosproxy {

namespace {

constexpr qsizetype mostWaiting = 64 * 1024;
constexpr qsizetype mostAtOnce = 16 * 1024;

} // namespace

Pipe::Pipe(QTcpSocket& from, QTcpSocket& to, const WayFaults& faults, QObject* parent)
    : QObject(parent)
    , m_from(from)
    , m_to(to)
    , m_faults(faults)
{
    m_from.setReadBufferSize(mostWaiting);
    m_next.setSingleShot(true);
    m_next.setTimerType(Qt::PreciseTimer);
    connect(&m_next, &QTimer::timeout, this, &Pipe::passOn);
    connect(&m_from, &QTcpSocket::readyRead, this, &Pipe::take);
    connect(&m_from, &QTcpSocket::disconnected, this, &Pipe::take);
    connect(&m_to, &QTcpSocket::bytesWritten, this, &Pipe::take);
}

void Pipe::start()
{
    m_isRunning = true;
    take();
    passOn(); // an ending after 0 bytes
}

void Pipe::stop()
{
    m_isStopped = true;
    m_next.stop();
    m_waiting.clear();
    m_waitingBytes = 0;
    throwAway();
}

void Pipe::throwAway()
{
    if (m_from.isOpen())
        m_from.readAll();
}

void Pipe::take()
{
    if (m_isStopped)
        return throwAway();
    if (!m_isRunning)
        return;
    const qsizetype piece = m_faults.bytesPerSecond > 0 ? std::clamp<qsizetype>(m_faults.bytesPerSecond / 20, 1, mostAtOnce) : mostAtOnce;
    while (m_waitingBytes + m_to.bytesToWrite() < mostWaiting) {
        const QByteArray bytes = m_from.read(piece);
        if (bytes.isEmpty())
            break;
        m_waiting.push_back({bytes, dueOf(bytes.size())});
        m_waitingBytes += bytes.size();
    }
    passOn();
}

/// Delay and chance put it off, the rate keeps it behind what came before.
Pipe::Moment Pipe::dueOf(qsizetype size)
{
    using namespace std::chrono;
    const Moment now = steady_clock::now();
    Moment due = now + m_faults.delay;
    if (m_faults.jitter.count() > 0)
        due += milliseconds(QRandomGenerator::global()->bounded(int(m_faults.jitter.count()) + 1));
    due = std::max(due, m_lastDue);
    if (m_faults.bytesPerSecond > 0)
        due += nanoseconds(size * 1'000'000'000 / m_faults.bytesPerSecond);
    return m_lastDue = due;
}

void Pipe::passOn()
{
    if (!m_isRunning || m_isStopped)
        return;
    const auto room = [this] { return m_faults.ending ? m_faults.endAfter - m_passed : std::numeric_limits<qint64>::max(); };
    while (!m_waiting.empty() && m_waiting.front().due <= std::chrono::steady_clock::now() && room() > 0) {
        Piece piece = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_waitingBytes -= piece.bytes.size();
        piece.bytes.truncate(std::min<qint64>(piece.bytes.size(), room()));
        m_passed += piece.bytes.size();
        m_to.write(piece.bytes);
        emit passedOn(piece.bytes);
        if (m_isStopped)
            return;
    }
    if (room() == 0) {
        stop();
        emit endReached();
    } else if (!m_waiting.empty()) {
        m_next.start(std::chrono::ceil<std::chrono::milliseconds>(std::max(m_waiting.front().due - std::chrono::steady_clock::now(), {})));
    } else if (m_from.state() == QAbstractSocket::UnconnectedState && m_from.bytesAvailable() == 0) {
        m_isStopped = true;
        emit drained();
    }
}

} // namespace platen::chaosproxy
