// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Spool.h"

#include "Log.h"

#include <base/File.h>

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QtEndian>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcSpool, "platen.spool", QtInfoMsg)

namespace platen::spool {

namespace {

constexpr qsizetype headBytes = 48; // PROTOCOL.md §3.1
constexpr qsizetype ciphertextAt = headBytes + 24; // after the nonce
constexpr qsizetype tagBytes = 16;
constexpr qsizetype typeAt = 5;
constexpr char gapType = 3;
constexpr quint64 highestSeq = quint64(1) << 62; // a number above is no work of ours
constexpr quint64 farAhead = 1'000'000; // a damaged file may not move the numbers further than this

const QString reserveName = u"reserve"_s;
const QString quarantineName = u"quarantine"_s;

/// The number of a file's name; nothing when it is not one of ours.
std::optional<quint64> seqOf(const QString& name)
{
    static const QRegularExpression ours(u"^(\\d{20})\\.ple$"_s);
    const QRegularExpressionMatch match = ours.match(name);
    bool fits = false;
    const quint64 seq = match.capturedView(1).toULongLong(&fits);
    if (!match.hasMatch() || !fits || seq == 0 || seq > highestSeq)
        return std::nullopt;
    return seq;
}

/// Is this the head of an envelope of `size` bytes that carries `seq`?
bool hasHead(QByteArrayView bytes, qint64 size, quint64 seq)
{
    return bytes.size() >= headBytes && size >= ciphertextAt + tagBytes && bytes.startsWith("PLE2\x02")
        && qFromBigEndian<quint64>(bytes.data() + 28) == seq
        && qint64(qFromBigEndian<quint32>(bytes.data() + 44)) == size - ciphertextAt;
}

bool fileHasHead(const QString& path, qint64 size, quint64 seq)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && hasHead(file.read(headBytes), size, seq);
}

QString numbers(quint64 from, quint64 to) { return from == to ? QString::number(from) : u"%1–%2"_s.arg(from).arg(to); }

} // namespace

Spool::Spool(QString folder, quint64 lastSeq, Seal seal, Limits limits)
    : m_folder(std::move(folder))
    , m_lastSeq(lastSeq)
    , m_seal(std::move(seal))
    , m_limits(limits)
{
}

Result<std::unique_ptr<Spool>> Spool::open(const QString& folder, quint64 lastSeq, Seal seal, Limits limits)
{
    if (const Status made = makePrivateFolder(folder); !made)
        return fail(made.error());
    std::unique_ptr<Spool> spool(new Spool(folder, lastSeq, std::move(seal), limits));
    if (const Status scanned = spool->scan(); !scanned)
        return fail(scanned.error());
    spool->makeReserve();
    return spool;
}

Status Spool::scan()
{
    if (!QFileInfo(m_folder).isReadable())
        return fail(ErrorCode::StorageFailed, u"cannot read the folder %1: let this user read it"_s.arg(m_folder));
    const QFileInfoList files = QDir(m_folder).entryInfoList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    for (const QFileInfo& file : files)
        take(file.fileName(), file.size());

    // A number whose file was put aside just before a power cut is used, too.
    for (const QString& name : QDir(m_folder + u'/' + quarantineName).entryList(QDir::Files | QDir::Hidden, QDir::Name))
        if (const std::optional<quint64> seq = seqOf(name); seq && *seq <= m_lastSeq + farAhead)
            m_lastSeq = std::max(m_lastSeq, *seq);
    return {};
}

void Spool::take(const QString& name, qint64 size)
{
    static const QRegularExpression temporary(u"^(\\d{20}\\.ple|reserve)\\.[A-Za-z0-9]{6}$"_s);
    if (name == reserveName)
        return;
    if (temporary.match(name).hasMatch()) { // of a write that never ended: its number was not used
        QFile::remove(m_folder + u'/' + name);
        return;
    }
    const std::optional<quint64> seq = seqOf(name);
    if (!seq)
        return quarantine(name, u"it is not a file of the spool"_s);
    if (!fileHasHead(m_folder + u'/' + name, size, *seq)) {
        if (*seq > m_lastSeq + farAhead)
            return quarantine(name, u"its number is out of place"_s);
        m_lastSeq = std::max(m_lastSeq, *seq);
        m_damage.insert(*seq, u"its file was damaged"_s);
        return quarantine(name, u"it does not begin as an envelope of this number and length does"_s);
    }
    m_lastSeq = std::max(m_lastSeq, *seq);
    m_sizes.insert(*seq, size);
    m_bytes += size;
}

Status Spool::append(const QByteArray& envelope)
{
    const quint64 seq = nextSeq();
    if (!hasHead(envelope, envelope.size(), seq) || envelope.size() > m_limits.envelopeBytes)
        return fail(
            ErrorCode::InvalidInput, u"these %1 bytes are not the envelope number %2"_s.arg(envelope.size()).arg(seq));
    if (m_bytes + envelope.size() > m_limits.bytes) {
        ++m_refused;
        const QString sentence =
            u"the spool %1 is full (%2 envelopes, %3 MiB): nothing more is kept until the server takes some"_s
                .arg(m_folder)
                .arg(count())
                .arg(m_bytes >> 20);
        if (!std::exchange(m_saidFull, true))
            qCCritical(lcSpool).noquote() << sentence;
        return fail(ErrorCode::LimitExceeded, sentence);
    }
    if (const Status stored = store(seq, envelope); !stored) {
        ++m_refused;
        return stored;
    }
    m_lastSeq = seq;
    return {};
}

Status Spool::store(quint64 seq, const QByteArray& envelope)
{
    const Status written = writeDurably(pathOf(seq), envelope);
    if (!written) {
        releaseReserve();
        return written;
    }
    m_sizes.insert(seq, envelope.size());
    m_bytes += envelope.size();
    return {};
}

Result<std::optional<Entry>> Spool::nextAfter(quint64 seq)
{
    // Each pass either answers or puts one damaged file aside, so it ends.
    while (seq < m_lastSeq) {
        const auto next = m_sizes.upperBound(seq);
        const quint64 found = next == m_sizes.end() ? m_lastSeq + 1 : next.key();
        const std::optional<QByteArray> envelope = found > m_lastSeq ? std::nullopt : whole(found);
        if (found <= m_lastSeq && !envelope)
            continue;
        const bool isGap = envelope && envelope->at(typeAt) == gapType;
        const bool declaresHole = isGap && m_gaps.value(found) == seq + 1;
        if (found > seq + 1 && !declaresHole && m_seal.gap) // a GAP of before grows to meet what the server has
            return fillHole(seq + 1, isGap ? found : found - 1);
        if (!envelope)
            return std::nullopt;
        return Entry{found, *envelope};
    }
    return std::nullopt;
}

/// The envelope of a file that is whole; otherwise the file is put aside.
std::optional<QByteArray> Spool::whole(quint64 seq)
{
    const QString name = QFileInfo(pathOf(seq)).fileName();
    const Result<QByteArray> bytes = readFile(pathOf(seq), m_limits.envelopeBytes);
    Status sound;
    if (!bytes)
        sound = fail(bytes.error());
    else if (!hasHead(*bytes, bytes->size(), seq))
        sound = fail(ErrorCode::Malformed, u"its head or its length is wrong"_s);
    else if (m_seal.check)
        sound = m_seal.check({seq, *bytes});
    if (sound)
        return *bytes;
    forget(seq);
    m_damage.insert(seq, bytes ? u"its file was damaged"_s : u"its file could not be read"_s);
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        qCWarning(lcSpool).noquote() << "envelope" << seq << "is gone from" << m_folder;
    else
        quarantine(name, sound.error().detail);
    return std::nullopt;
}

Result<std::optional<Entry>> Spool::fillHole(quint64 from, quint64 to)
{
    QString reason = u"no longer in the agent's spool"_s;
    if (const auto damage = m_damage.lowerBound(from); damage != m_damage.end() && damage.key() <= to)
        reason = damage.value();
    const Result<QByteArray> envelope = m_seal.gap(from, to, reason);
    if (!envelope)
        return fail(envelope.error());
    forget(to);
    if (const Status stored = store(to, *envelope); !stored)
        return fail(stored.error());
    m_gaps.insert(to, from);
    m_damage.removeIf([from, to](const auto& damage) { return damage.key() >= from && damage.key() <= to; });
    qCWarning(lcSpool).noquote() << "envelope" << numbers(from, to)
                                 << "is lost and declared so to the server:" << reason;
    return Entry{to, *envelope};
}

void Spool::acknowledged(quint64 hwm)
{
    bool freed = false;
    while (!m_sizes.isEmpty() && m_sizes.firstKey() <= hwm) {
        const quint64 seq = m_sizes.firstKey();
        if (!QFile::remove(pathOf(seq)) && QFile::exists(pathOf(seq)))
            qCWarning(lcSpool).noquote() << "cannot delete" << pathOf(seq)
                                         << "which the server has; it stays until the next start";
        forget(seq);
        freed = true;
    }
    m_damage.removeIf([hwm](const auto& damage) { return damage.key() <= hwm; });
    if (!freed)
        return;
    m_saidFull = false;
    makeReserve();
}

void Spool::quarantine(const QString& name, const QString& why)
{
    ++m_quarantined;
    const QString folder = m_folder + u'/' + quarantineName;
    QString place = folder + u'/' + name;
    for (int copy = 2; QFile::exists(place) && copy < 1000; ++copy)
        place = u"%1/%2.%3"_s.arg(folder, name).arg(copy);
    if (const Status made = makePrivateFolder(folder); !made || !QFile::rename(m_folder + u'/' + name, place))
        qCWarning(lcSpool).noquote() << "cannot move" << name << "from" << m_folder
                                     << "to its folder quarantine; it is left out:" << why;
    else
        qCWarning(lcSpool).noquote() << "moved" << name << "to" << place << "because" << why;
}

void Spool::forget(quint64 seq)
{
    m_bytes -= m_sizes.take(seq);
    m_gaps.remove(seq);
}

QString Spool::pathOf(quint64 seq) const { return u"%1/%2.ple"_s.arg(m_folder).arg(seq, 20, 10, QLatin1Char('0')); }

void Spool::makeReserve()
{
    const QString path = m_folder + u'/' + reserveName;
    if (m_limits.reserveBytes <= 0 || QFileInfo(path).size() == m_limits.reserveBytes)
        return;
    const int fd = ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    const int failed = fd < 0 ? errno : ::posix_fallocate(fd, 0, m_limits.reserveBytes);
    if (fd >= 0)
        ::close(fd);
    if (failed == 0)
        return;
    QFile::remove(path);
    qCWarning(lcSpool).noquote() << "cannot set aside" << (m_limits.reserveBytes >> 10) << "KiB in" << m_folder
                                 << "for a full disk:" << QString::fromLocal8Bit(std::strerror(failed));
}

void Spool::releaseReserve()
{
    if (QFile::remove(m_folder + u'/' + reserveName))
        qCWarning(lcSpool).noquote() << "gave back the reserve of" << m_folder << "because the disk takes no more";
}

} // namespace platen::spool
