// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Spool.h"

#include "Head.h"
#include "Log.h"

#include <base/File.h>

#include <QDirListing>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcSpool, "platen.spool", QtInfoMsg)

namespace platen::spool {

namespace {

constexpr int triesToRead = 5; // a process without file descriptors is no damage; a dead sector must not stop us for good
constexpr quint64 farAhead = 1'000'000; // a damaged file may not move the numbers further than this
const QString serverRestored = u"the server was put back to an older state: it had taken these"_s;

const QString reserveName = u"reserve"_s;

QString numbers(quint64 from, quint64 to) { return from == to ? QString::number(from) : u"%1–%2"_s.arg(from).arg(to); }

} // namespace

Spool::Spool(QString folder, quint64 lastSeq, Seal seal, Limits limits)
    : m_folder(std::move(folder))
    , m_lastSeq(lastSeq)
    , m_seal(std::move(seal))
    , m_limits(limits)
    , m_plan({limits.bytes, limits.age})
    , m_quarantine(m_folder)
    , m_rewrite(m_folder)
{
}

Result<std::unique_ptr<Spool>> Spool::open(const QString& folder, quint64 lastSeq, Seal seal, Limits limits)
{
    if (const Status made = makePrivateFolder(folder); !made)
        return fail(made.error());
    std::unique_ptr<Spool> spool(new Spool(folder, lastSeq, std::move(seal), limits));
    if (const Status scanned = spool->scan(); !scanned)
        return fail(scanned.error());
    if (const Status finished = spool->finishRewrite(); !finished)
        qCWarning(lcSpool) << "an interrupted thinning waits for the disk:" << finished.error();
    spool->makeReserve();
    return spool;
}

Status Spool::scan()
{
    if (!QFileInfo(m_folder).isReadable())
        return fail(ErrorCode::StorageFailed, u"cannot read the folder %1: let this user read it"_s.arg(m_folder));
    using Flag = QDirListing::IteratorFlag;
    QStringList names; // first all of them: the folder changes when one is put aside
    for (const auto& entry : QDirListing(m_folder, Flag::IncludeHidden))
        if (!entry.isDir() || seqOf(entry.fileName()))
            names.append(entry.fileName());
    names.sort(); // by number: whether one is out of place is judged by those before
    QList<File> files;
    for (const QString& name : std::as_const(names))
        if (const std::optional<File> file = take(name))
            files.append(*file);
    m_files = Files(files);

    // A number whose file was put aside just before a power cut is used, too.
    m_lastSeq = std::max(m_lastSeq, m_quarantine.highestSeq(m_lastSeq + farAhead));
    const Result<std::optional<Replacement>> unfinished = m_rewrite.pending();
    if (!unfinished)
        forgetRewrite(unfinished.error().detail);
    else
        m_unfinished = *unfinished;
    return {};
}

/// The file of this name, when it begins as an envelope; otherwise it is put aside, or removed when a write never ended.
std::optional<File> Spool::take(const QString& name)
{
    static const QRegularExpression temporary(u"^(\\d{20}\\.ple|reserve|thinning)\\.[A-Za-z0-9]{6}$"_s);
    if (name == reserveName || name == Rewrite::fileName)
        return std::nullopt;
    const QString path = m_folder + u'/' + name;
    const std::optional<quint64> seq = seqOf(name);
    if (!seq) {
        if (temporary.match(name).hasMatch()) // of a write that never ended: its number was not used
            QFile::remove(path);
        else
            m_quarantine.take(name, u"it is not a file of the spool"_s);
        return std::nullopt;
    }
    const QFileInfo info(path);
    QFile file(path);
    const bool isOpen = info.isFile() && file.open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    if (info.isFile() && !isOpen && *seq <= m_lastSeq + farAhead) { // perhaps only now: it is judged when it is sent
        m_lastSeq = std::max(m_lastSeq, *seq);
        return File{*seq, {}, quint32(std::min(info.size(), m_limits.envelopeBytes)), false};
    }
    const qint64 size = isOpen ? file.size() : 0;
    const bool isSmallEnough = isOpen && size <= m_limits.envelopeBytes;
    const std::optional<Head> head = isSmallEnough ? headOf(file.read(Head::bytes), size) : std::nullopt;
    if (!head || head->seq != *seq) {
        if (*seq > m_lastSeq + farAhead) {
            m_quarantine.take(name, u"its number is out of place"_s);
            return std::nullopt;
        }
        m_lastSeq = std::max(m_lastSeq, *seq);
        m_damage.insert(*seq, u"its file was damaged"_s);
        m_quarantine.take(name, u"it does not begin as an envelope of this number and length does"_s);
        return std::nullopt;
    }
    m_lastSeq = std::max(m_lastSeq, *seq);
    return File{*seq, head->created, quint32(size), head->isGap};
}

std::optional<Instant> Spool::oldest() const
{
    return m_files.isEmpty() ? std::nullopt : std::optional(m_files.first().created);
}

Spool::Counts Spool::counts() const
{
    Counts counts = m_counts;
    counts.quarantined = m_quarantine.takenCount();
    return counts;
}

Status Spool::append(const QByteArray& envelope)
{
    const quint64 seq = nextSeq();
    const std::optional<Head> head = headOf(envelope, envelope.size());
    if (!head || head->seq != seq || envelope.size() > m_limits.envelopeBytes)
        return fail(
            ErrorCode::InvalidInput, u"these %1 bytes are not the envelope number %2"_s.arg(envelope.size()).arg(seq));
    if (m_files.room() + File{seq, {}, quint32(envelope.size())}.room() > m_limits.bytes)
        return refuse({ErrorCode::LimitExceeded,
            u"the spool %1 is full (%2 envelopes, %3 MiB): nothing more is kept until the server takes some"_s.arg(m_folder)
                .arg(count())
                .arg(m_files.room() >> 20)});
    if (!makeReserve()) // what the reserve gave back is the state's
        return refuse({ErrorCode::StorageFailed,
            u"the disk of %1 is full: make room, the agent goes on by itself"_s.arg(m_folder)});
    if (const Status stored = store(seq, envelope); !stored)
        return refuse(stored.error());
    m_lastSeq = seq;
    m_isFull = false;
    return {};
}

Status Spool::refuse(Error why)
{
    ++m_counts.refused;
    m_isFull = true;
    if (why.code == ErrorCode::LimitExceeded && !std::exchange(m_saidFull, true))
        qCCritical(lcSpool).noquote() << why.detail;
    return fail(std::move(why));
}

Status Spool::store(quint64 seq, const QByteArray& envelope)
{
    const Status written = writeDurably(pathOf(seq), envelope);
    if (!written) {
        giveBackReserve();
        return written;
    }
    const std::optional<Head> head = headOf(envelope, envelope.size());
    m_files.put({seq, head ? head->created : Instant(), quint32(envelope.size()), head && head->isGap});
    return {};
}

Result<std::optional<Entry>> Spool::nextAfter(quint64 seq)
{
    if (m_unfinished && seq + 1 >= m_unfinished->from)
        if (const Status finished = finishRewrite(); !finished)
            return fail(finished.error());
    // Each pass either answers or puts one damaged file aside, so it ends.
    while (seq < m_lastSeq) {
        const File* next = m_files.after(seq);
        const quint64 found = next ? next->seq : m_lastSeq + 1;
        const bool isGap = next && next->isGap;
        const Result<std::optional<QByteArray>> read = next ? whole(found) : std::optional<QByteArray>();
        if (!read)
            return fail(read.error());
        const std::optional<QByteArray>& envelope = *read;
        if (next && !envelope)
            continue;
        const std::optional<Lost> declared = isGap ? declaredBy({found, *envelope}) : std::nullopt;
        const bool isHole = found > seq + 1 && !(declared && declared->from <= seq + 1);
        if (isHole && m_seal.gap && seq < m_acknowledged && found > m_acknowledged + 1)
            return declareHole(seq + 1, m_acknowledged, std::nullopt); // what lies above has another reason
        if (isHole && m_seal.gap) // a GAP of before grows to meet what the server has
            return declareHole(seq + 1, declared ? found : found - 1, declared);
        if (!envelope)
            return std::nullopt;
        return Entry{found, *envelope};
    }
    return std::nullopt;
}

std::optional<Lost> Spool::declaredBy(const Entry& entry) const
{
    return m_seal.declared ? m_seal.declared(entry) : std::nullopt;
}

/// The envelope of a file that is whole; otherwise the file is put aside. Fails while the disk does not give it, some times.
Result<std::optional<QByteArray>> Spool::whole(quint64 seq)
{
    const Result<QByteArray> bytes = readFile(pathOf(seq), m_limits.envelopeBytes);
    if (!bytes && bytes.error().code == ErrorCode::StorageFailed && ++m_unreadable[seq] < triesToRead)
        return fail(bytes.error());
    m_unreadable.remove(seq);
    const std::optional<Head> head = bytes ? headOf(*bytes, bytes->size()) : std::nullopt;
    Status sound;
    if (!bytes)
        sound = fail(bytes.error());
    else if (!head || head->seq != seq)
        sound = fail(ErrorCode::Malformed, u"its head or its length is wrong"_s);
    else if (m_seal.check)
        sound = m_seal.check({seq, *bytes});
    if (sound)
        return std::optional(*bytes);
    m_files.remove(seq, seq);
    m_damage.insert(seq, bytes ? u"its file was damaged"_s : u"its file could not be read"_s);
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        qCWarning(lcSpool).noquote() << "envelope" << seq << "is gone from" << m_folder;
    else
        m_quarantine.take(nameOf(seq), sound.error().detail);
    return std::optional<QByteArray>();
}

/// When the next envelope was made, or the one before; 0 when there is none.
Instant Spool::ageAround(quint64 seq) const
{
    if (const File* next = m_files.after(seq))
        return next->created;
    const qsizetype before = m_files.indexAfter(seq) - 1;
    return before >= 0 ? m_files.at(before).created : Instant();
}

/// `grown`: what the GAP that is there under `to` declares already.
Result<std::optional<Entry>> Spool::declareHole(quint64 from, quint64 to, const std::optional<Lost>& grown)
{
    Lost lost{from, to, grown ? grown->reason : u"no longer in the agent's spool"_s};
    if (const auto damage = m_damage.lowerBound(from); damage != m_damage.end() && damage.key() <= to)
        lost.reason = damage.value();
    if (to <= m_acknowledged)
        lost.reason = serverRestored;
    const Result<QByteArray> envelope = m_seal.gap(lost, ageAround(to));
    if (!envelope)
        return fail(envelope.error());
    if (const Status stored = store(to, *envelope); !stored)
        return fail(stored.error());
    m_damage.removeIf([from, to](const auto& damage) { return damage.key() >= from && damage.key() <= to; });
    m_counts.lost += (grown ? grown->from : to + 1) - from;
    if (m_counts.lost < 1000)
        qCWarning(lcSpool).noquote() << "envelope" << numbers(from, to)
                                     << "is lost and declared so to the server:" << lost.reason;
    const Entry gap{to, *envelope};
    if (m_seal.wasLost)
        m_seal.wasLost(lost, gap);
    return gap;
}

Status Spool::reseal(quint64 seq, const QByteArray& envelope)
{
    const std::optional<Head> head = headOf(envelope, envelope.size());
    if (!head || head->seq != seq || envelope.size() > m_limits.envelopeBytes)
        return fail(
            ErrorCode::InvalidInput, u"these %1 bytes are not the envelope number %2"_s.arg(envelope.size()).arg(seq));
    return store(seq, envelope);
}

void Spool::resumeAfter(quint64 seq)
{
    while (!m_files.isEmpty() && m_files.first().seq <= seq) {
        const quint64 aside = m_files.first().seq;
        m_quarantine.take(nameOf(aside), u"the server has other envelopes under these numbers"_s);
        m_files.remove(aside, aside);
    }
    m_damage.removeIf([seq](const auto& damage) { return damage.key() <= seq; });
    m_lastSeq = std::max(m_lastSeq, seq);
    m_acknowledged = std::max(m_acknowledged, seq);
}

void Spool::acknowledged(quint64 hwm)
{
    m_acknowledged = std::max(m_acknowledged, hwm);
    bool freed = false;
    while (!m_files.isEmpty() && m_files.first().seq <= hwm) {
        const quint64 seq = m_files.first().seq;
        if (!QFile::remove(pathOf(seq)) && QFile::exists(pathOf(seq)))
            qCWarning(lcSpool).noquote() << "cannot delete" << pathOf(seq)
                                         << "which the server has; it stays until the next start";
        m_files.remove(seq, seq);
        freed = true;
    }
    m_damage.removeIf([hwm](const auto& damage) { return damage.key() <= hwm; });
    if (!freed)
        return;
    m_saidFull = false;
    m_isFull = false;
    m_plan.startOver();
    makeReserve();
}

QString Spool::pathOf(quint64 seq) const { return m_folder + u'/' + nameOf(seq); }

bool Spool::makeReserve()
{
    const QString path = m_folder + u'/' + reserveName;
    if (m_limits.reserveBytes <= 0 || m_hasReserve)
        return true;
    const int fd = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const int failed = fd < 0 ? errno : ::posix_fallocate(fd, 0, m_limits.reserveBytes);
    if (fd >= 0)
        ::close(fd);
    m_hasReserve = failed == 0;
    if (m_hasReserve) {
        m_saidNoReserve = false;
        return true;
    }
    QFile::remove(path);
    if (!std::exchange(m_saidNoReserve, true))
        qCWarning(lcSpool).noquote() << "cannot set aside" << (m_limits.reserveBytes >> 10) << "KiB in" << m_folder
                                     << "for a full disk:" << QString::fromLocal8Bit(std::strerror(failed));
    return false;
}

void Spool::giveBackReserve()
{
    m_hasReserve = false;
    giveBackReserve(m_folder);
}

void Spool::giveBackReserve(const QString& folder)
{
    if (QFile::remove(folder + u'/' + reserveName))
        qCWarning(lcSpool).noquote() << "gave back the reserve of" << folder << "because the disk takes no more";
}

} // namespace platen::spool
