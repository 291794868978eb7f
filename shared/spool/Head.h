// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace platen::spool {

/// What the spool reads of an envelope's head (PROTOCOL.md §3.1): nothing else of it is its business.
struct Head {
    static constexpr qsizetype bytes = 48; ///< of the head; 24 of nonce and at least 16 of tag follow

    quint64 seq = 0;
    Instant created{}; ///< as the agent's clock said
    bool isGap = false;
};

/// The head at the beginning of `bytes` (48 or more of them), when it is one of an envelope of `size` bytes in all.
std::optional<Head> headOf(QByteArrayView bytes, qint64 size);

/// How long the envelope at the beginning of `bytes` is in all; 0 when there is none.
qint64 sizeOf(QByteArrayView bytes);

/// "<20 digits of seq>.ple"
QString nameOf(quint64 seq);

/// The number of a file's name; nothing when it is not one of ours.
std::optional<quint64> seqOf(QStringView name);

} // namespace platen::spool
