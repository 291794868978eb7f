// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Files.h"
#include "Quarantine.h"
#include "Rewrite.h"
#include "ThinningPlan.h"

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
    qint64 bytes = 512LL << 20; ///< of disk, whole blocks of 4 KiB; beyond it append fails, some time before it old days are thinned
    std::chrono::days age{30}; ///< older days are thinned in any case
    qint64 envelopeBytes = 1 << 20; ///< of one envelope (PROTOCOL.md §3.1)
    qint64 reserveBytes =
        1 << 20; ///< set aside on disk, given back when the disk is full, so that the state stays writable
};

/// One envelope and its number.
struct Entry {
    quint64 seq = 0;
    QByteArray envelope;
};

/// Numbers whose envelopes are no more.
struct Lost {
    quint64 from = 0;
    quint64 to = 0;
    QString reason; ///< an English sentence

    bool operator==(const Lost&) const = default;
};

/// The agent's durable queue of sealed envelopes: one file each, `<20 digits of seq>.ple`, written with fsync and rename
/// (PROTOCOL.md §4). It knows an envelope's head (§3.1: "PLE2", version, seq, created, length) and nothing of what is inside.
///
/// The numbers are without holes for the reader: where a file is damaged, foreign or missing, the spool asks `Seal::gap` for an
/// envelope that says so, stores it under the last of the missing numbers, and goes on. Damaged and foreign files are moved
/// to the folder `quarantine`. One spool per folder; not thread-safe; everything here waits for the disk.
class Spool {
public:
    /// What only the owner of the keys can do. Any may be empty: then only the head is checked, a hole is skipped, nothing is thinned.
    struct Seal {
        /// Opens the envelope to see that it is whole; asked once for each envelope that is read.
        std::function<Status(const Entry& entry)> check;
        /// A sealed GAP envelope with seq `lost.to`, as old as its neighbours; 0: of now.
        std::function<Result<QByteArray>(const Lost& lost, Instant created)> gap;
        /// What a GAP envelope declares; nothing when it makes no sense.
        std::function<std::optional<Lost>(const Entry& entry)> declared;
        /// Fewer envelopes that leave the server where these leave it; the last of them under the last number, the others before it.
        std::function<Result<QList<QByteArray>>(const QList<Entry>& entries)> folded;
        /// Told after it is durable: numbers were lost, or a stretch was replaced.
        std::function<void(const Lost& lost, const Entry& gap)> wasLost;
        std::function<void(const Replacement& replacement)> wasThinned;
    };

    /// Opens (and makes) the folder. `lastSeq` is the highest number the caller knows to have been used: the next number is
    /// above it and above every file's. Left-over temporary files are removed, foreign ones quarantined. Fails with
    /// StorageFailed when the folder cannot be made or listed.
    static Result<std::unique_ptr<Spool>> open(
        const QString& folder, quint64 lastSeq, Seal seal = {}, Limits limits = {});

    quint64 nextSeq() const { return m_lastSeq + 1; } ///< the number of the next envelope; from 1
    quint64 firstSeq() const { return m_files.isEmpty() ? nextSeq() : m_files.first().seq; } ///< the oldest that is there
    qsizetype count() const { return m_files.count(); }
    qint64 bytes() const { return m_files.room(); } ///< of disk
    std::optional<Instant> oldest() const; ///< when the first of them was made
    bool isFull() const { return m_isFull; } ///< the last append failed for lack of room, ours or the disk's

    /// Since the spool was opened.
    struct Counts {
        quint64 refused = 0; ///< appends that failed
        quint64 quarantined = 0; ///< files put aside
        quint64 lost = 0; ///< numbers declared lost
        quint64 thinned = 0; ///< envelopes that others took the place of
    };
    Counts counts() const;
    qsizetype quarantineCount() const { return m_quarantine.count(); } ///< files that lie there

    /// Stores an envelope, whose head must carry nextSeq(); when this succeeds it survives a power cut. Fails with
    /// LimitExceeded (the spool is full), StorageFailed (the disk is: the reserve is given back) or InvalidInput (not such an
    /// envelope); nothing is stored then and the number stays free.
    Status append(const QByteArray& envelope);

    /// The whole envelope with the lowest number above `seq` (what the server has), or nothing when there is none. Holes
    /// above `seq` come as GAP envelopes. Fails with StorageFailed when the disk cannot take the GAP, or does not give the envelope: after some
    /// tries that one counts as damaged.
    Result<std::optional<Entry>> nextAfter(quint64 seq);

    /// Puts `envelope` in place of the one that has its number: the same, sealed under another key. Fails as append does.
    Status reseal(quint64 seq, const QByteArray& envelope);

    /// The numbers up to `seq` are those of another life of this agent: their files are put aside, the next number is above.
    void resumeAfter(quint64 seq);

    /// Everything up to `hwm` arrived and was stored by the server: those files are deleted. Asked for again after that, they are
    /// declared lost by a server that was put back.
    void acknowledged(quint64 hwm);

    /// One step, some milliseconds of work, towards fewer bytes and fewer old envelopes (ThinningPlan); true when another may follow.
    /// Fails with StorageFailed.
    Result<bool> thin(Instant now);

    /// For whatever else must be written beside the spool; append makes the reserve again before it takes anything.
    void giveBackReserve();
    static void giveBackReserve(const QString& folder); ///< of a spool that is not open

    static const QString thinnedReason; ///< of the GAP over numbers that were folded into others

private:
    Spool(QString folder, quint64 lastSeq, Seal seal, Limits limits);

    Status scan();
    std::optional<File> take(const QString& name);
    Status finishRewrite();
    void forgetRewrite(const QString& why);
    Result<std::optional<QByteArray>> whole(quint64 seq);
    Result<std::optional<Entry>> declareHole(quint64 from, quint64 to, const std::optional<Lost>& grown);
    std::optional<Lost> declaredBy(const Entry& entry) const;
    Instant ageAround(quint64 seq) const;
    Result<QList<Entry>> read(ThinningPlan::Stretch stretch);
    Result<bool> replace(const Replacement& replacement, qint64 roomBefore);
    Status refuse(Error why);
    Status store(quint64 seq, const QByteArray& envelope);
    QString pathOf(quint64 seq) const;
    bool makeReserve();

    QString m_folder;
    quint64 m_lastSeq;
    quint64 m_acknowledged = 0;
    Seal m_seal;
    Limits m_limits;
    Files m_files;
    ThinningPlan m_plan;
    Quarantine m_quarantine;
    Rewrite m_rewrite;
    std::optional<Replacement> m_unfinished; ///< begun, and the disk did not let us end it
    QMap<quint64, int> m_unreadable; ///< how often a file could not be read
    QMap<quint64, QString> m_damage; ///< why a number's file was put aside, until its GAP is stored
    Counts m_counts;
    bool m_hasReserve = false;
    bool m_saidNoReserve = false;
    bool m_saidFull = false;
    bool m_isFull = false;
};

} // namespace platen::spool
