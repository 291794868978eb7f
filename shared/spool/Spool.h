// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QMap>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace platen::spool {

/// How much a spool may hold.
struct Limits {
    qint64 bytes = 512LL << 20; ///< of all envelopes together; beyond it append fails
    qint64 envelopeBytes = 1 << 20; ///< of one envelope (PROTOCOL.md §3.1)
    qint64 reserveBytes =
        1 << 20; ///< set aside on disk, given back when the disk is full, so that the state stays writable
};

/// One envelope and its number.
struct Entry {
    quint64 seq = 0;
    QByteArray envelope;
};

/// The agent's durable queue of sealed envelopes: one file each, `<20 digits of seq>.ple`, written with fsync and rename
/// (PROTOCOL.md §4). It knows an envelope's head (§3.1: "PLE2", version, seq, length) and nothing of what is inside.
///
/// The numbers are without holes for the reader: where a file is damaged, foreign or missing, the spool asks `Seal::gap` for an
/// envelope that says so, stores it under the last of the missing numbers, and goes on. Damaged and foreign files are moved
/// to the folder `quarantine`, never deleted. One spool per folder; not thread-safe; everything here waits for the disk.
class Spool {
public:
    /// What only the owner of the keys can do. Both may be empty: then only the head is checked, and a hole is skipped.
    struct Seal {
        /// Opens the envelope to see that it is whole; asked once for each envelope that is read.
        std::function<Status(const Entry& entry)> check;
        /// A sealed GAP envelope with seq `to` that declares `from`…`to` lost. `reason` is an English sentence.
        std::function<Result<QByteArray>(quint64 from, quint64 to, const QString& reason)> gap;
    };

    /// Opens (and makes) the folder. `lastSeq` is the highest number the caller knows to have been used: the next number is
    /// above it and above every file's. Left-over temporary files are removed, foreign ones quarantined. Fails with
    /// StorageFailed when the folder cannot be made or listed.
    static Result<std::unique_ptr<Spool>> open(
        const QString& folder, quint64 lastSeq, Seal seal = {}, Limits limits = {});

    quint64 nextSeq() const { return m_lastSeq + 1; } ///< the number of the next envelope; from 1
    quint64 firstSeq() const
    {
        return m_sizes.isEmpty() ? nextSeq() : m_sizes.firstKey();
    } ///< the oldest that is there
    qsizetype count() const { return m_sizes.size(); }
    qint64 bytes() const { return m_bytes; }
    quint64 refusedCount() const { return m_refused; } ///< appends that failed since the spool was opened
    quint64 quarantinedCount() const { return m_quarantined; } ///< files put aside since the spool was opened

    /// Stores an envelope, whose head must carry nextSeq(); when this succeeds it survives a power cut. Fails with
    /// LimitExceeded (the spool is full), StorageFailed (the disk is: the reserve is given back) or InvalidInput (not such an
    /// envelope); nothing is stored then and the number stays free.
    Status append(const QByteArray& envelope);

    /// The whole envelope with the lowest number above `seq` (what the server has), or nothing when there is none. Holes
    /// above `seq` come as GAP envelopes. Fails with StorageFailed only when the disk cannot take the GAP.
    Result<std::optional<Entry>> nextAfter(quint64 seq);

    /// Everything up to `hwm` arrived and was stored by the server: those files are deleted.
    void acknowledged(quint64 hwm);

private:
    Spool(QString folder, quint64 lastSeq, Seal seal, Limits limits);

    Status scan();
    void take(const QString& name, qint64 size);
    std::optional<QByteArray> whole(quint64 seq);
    Result<std::optional<Entry>> fillHole(quint64 from, quint64 to);
    Status store(quint64 seq, const QByteArray& envelope);
    void quarantine(const QString& name, const QString& why);
    void forget(quint64 seq);
    QString pathOf(quint64 seq) const;
    void makeReserve();
    void releaseReserve();

    QString m_folder;
    quint64 m_lastSeq;
    Seal m_seal;
    Limits m_limits;
    QMap<quint64, qint64> m_sizes; ///< of the files that are there, by seq
    QMap<quint64, QString> m_damage; ///< why a number's file was put aside, until its GAP is stored
    QMap<quint64, quint64> m_gaps; ///< stored GAPs of this run: last → first number they declare lost
    qint64 m_bytes = 0;
    quint64 m_refused = 0;
    quint64 m_quarantined = 0;
    bool m_saidFull = false;
};

} // namespace platen::spool
