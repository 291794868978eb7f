// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>

namespace platen::spool {

/// Envelopes that take the place of those from `from` to the number of the last of them.
struct Replacement {
    quint64 from = 0;
    QList<QByteArray> envelopes; ///< in order; not empty

    quint64 to() const;
};

/// The file `thinning` of a spool: what is about to replace a stretch of it. Written durably before the first file of the stretch is touched
/// and removed after the last, so that a crash between them is mended at the next start.
class Rewrite {
public:
    explicit Rewrite(const QString& spoolFolder);

    Status begin(const Replacement& replacement) const; ///< durable when it succeeds
    Status end() const;

    /// What is not finished. Fails with Malformed when the file is no such thing, or StorageFailed.
    Result<std::optional<Replacement>> pending() const;

    static const QString fileName;

private:
    QString m_path;
};

} // namespace platen::spool
