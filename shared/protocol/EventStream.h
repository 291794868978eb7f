// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

/// How whole messages travel where there is no WebSocket: down as server-sent events (WHATWG HTML §9.2), up in the bodies of
/// POSTs. Both are numbered, so that what is repeated is known and what is missing is noticed.
namespace platen::protocol {

/// One message on its way down, or the end of the session.
struct StreamEvent {
    enum class Kind { Message, Close };

    quint64 id = 0; ///< from 1, without holes within a session
    Kind kind = Kind::Message;
    QByteArray data; ///< the message; of a Close "4403 refused": the code of a WebSocket's close frame and a reason

    static StreamEvent close(quint64 id, quint16 code, const QByteArray& reason);
    quint16 closeCode() const; ///< 1005, which says nothing, when there is none in data
    QByteArray closeReason() const;

    QByteArray encode() const;
    bool operator==(const StreamEvent&) const = default;
};

/// A comment: says that the way is still there.
inline constexpr QByteArrayView streamBeat = ":\n\n";

/// Reads events from the pieces in which they come.
class EventReader {
public:
    /// `messageBytes`: the most that one message may have.
    explicit EventReader(qsizetype messageBytes) : m_most(messageBytes) {}

    /// The events that became whole with these bytes. Fails with LimitExceeded or Malformed; then nothing more may be read.
    Result<QList<StreamEvent>> take(QByteArrayView bytes);

private:
    Status takeLine(QByteArrayView line);
    Result<StreamEvent> finish();

    qsizetype m_most;
    QByteArray m_line; ///< what there is of the line that has not ended
    QByteArray m_id, m_kind, m_data;
    bool m_hasData = false;
};

/// The body of a POST: whole messages one behind the other, and where each ends.
struct MessageBatch {
    static constexpr qsizetype mostMessages = 64;

    QByteArray body;
    QByteArray sizes; ///< of all messages but the last, "120,80"; empty: the body is one message

    static MessageBatch of(const QList<QByteArray>& messages);
    /// Fails with Malformed or LimitExceeded. An empty body without sizes is no message at all.
    Result<QList<QByteArray>> messages() const;
};

} // namespace platen::protocol
