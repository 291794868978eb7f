// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SpoolFiles.h"

#include "Feed.h"

#include <channel/SealedEnvelope.h>
#include <protocol/Messages.h>
#include <spool/Head.h>
#include <spool/Rewrite.h>
#include <spool/Spool.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

namespace {

constexpr int mostEntries = 200; ///< more than any input can make of files and holes
constexpr quint64 lastKnown = 8;

const Secret& spoolKey()
{
    static const Secret secret(QByteArray(32, 'k'));
    return secret;
}

QByteArray sealedAs(protocol::EnvelopeType type, quint64 seq, const QByteArray& body)
{
    protocol::EnvelopeHeader header;
    header.type = type;
    header.agentId = QByteArray(16, 'a');
    header.seq = seq;
    header.created = 1'764'000'000'000 + qint64(seq);
    return channel::sealEnvelope(header, body, spoolKey());
}

QByteArray gapFile(quint64 from, quint64 to, const QString& reason)
{
    return sealedAs(protocol::EnvelopeType::Gap, to, protocol::Gap{from, to, reason}.encode());
}

QByteArray dataFile(quint64 seq) { return sealedAs(protocol::EnvelopeType::Data, seq, protocol::Data{{}, {seq}}.encode()); }

spool::Spool::Seal spoolOwner()
{
    return {
        .check = [](const spool::Entry& entry) -> Status {
            const auto opened = channel::openEnvelope(entry.envelope, spoolKey());
            return opened ? Status() : fail(opened.error());
        },
        .gap = [](const spool::Lost& lost, Instant) -> Result<QByteArray> { return gapFile(lost.from, lost.to, lost.reason); },
        .declared = [](const spool::Entry& entry) -> std::optional<spool::Lost> {
            const auto opened = channel::openEnvelope(entry.envelope, spoolKey());
            const auto said = opened ? protocol::Gap::decode(opened->body) : fail(opened.error());
            return said ? std::optional(spool::Lost{said->from, said->to, said->reason}) : std::nullopt;
        },
        .folded = {},
        .wasLost = {},
        .wasThinned = {},
    };
}

/// In memory, where there is such a place: a disk's fsync would be all that is measured.
QString folderFor(int run)
{
    static const QTemporaryDir* const dir = new QTemporaryDir(QFile::exists(u"/dev/shm"_s) ? u"/dev/shm/platen-fuzz-XXXXXX"_s : QDir::tempPath() + u"/platen-fuzz-XXXXXX"_s);
    const QString path = dir->filePath(QString::number(run));
    QDir(path).removeRecursively();
    QDir().mkpath(path);
    return path;
}

QString nameFrom(Feed& feed)
{
    const quint8 which = feed.byte();
    switch (which >> 4) {
    case 0: return spool::Rewrite::fileName;
    case 1: return u"reserve"_s;
    case 2: return spool::nameOf(which & 15) + u".abC123"_s;
    case 3: return QString::fromLatin1(feed.bytes(which & 15).toByteArray().toHex()) + u".ple"_s;
    case 4: return spool::nameOf(quint64(feed.word()) << (4 * (which & 15)));
    default: return spool::nameOf(which & 15);
    }
}

QByteArray contentFrom(Feed& feed)
{
    const quint8 how = feed.byte();
    const quint64 seq = how & 15;
    QByteArray content = how & 0x10 ? gapFile(feed.byte(), seq, u"overflow"_s) : dataFile(seq);
    switch (how >> 5) {
    case 1: content.truncate(feed.byte()); break;
    case 2: content[feed.word() % content.size()] ^= char(feed.byte()); break;
    case 3: content = feed.bytes(feed.byte()).toByteArray(); break;
    case 4: content = QByteArray(7, '\0') + char(feed.byte()) + content + dataFile(seq + 1); break; // an unfinished thinning
    case 5: content += feed.bytes(feed.byte()); break;
    default: break;
    }
    return content;
}

/// What a link does with the spool; says the highest number that it saw.
quint64 readAll(spool::Spool& spool)
{
    quint64 last = 0;
    for (int i = 0; i < mostEntries; ++i) {
        const auto entry = spool.nextAfter(last);
        if (!entry || !*entry)
            return last;
        if ((*entry)->seq <= last || !channel::openEnvelope((*entry)->envelope, spoolKey()))
            qFatal("the spool gives out what it should not");
        last = (*entry)->seq;
    }
    qFatal("the spool never ends");
}

} // namespace

void spoolFiles(QByteArrayView input)
{
    const QString folder = folderFor(1);
    for (Feed feed(input); !feed.isEmpty();) {
        QFile file(folder + u'/' + nameFrom(feed));
        if (file.open(QFile::WriteOnly))
            file.write(contentFrom(feed));
    }
    const spool::Limits limits{.bytes = 1 << 20, .reserveBytes = 4096};
    auto opened = spool::Spool::open(folder, lastKnown, spoolOwner(), limits);
    if (!opened)
        return;
    spool::Spool& spool = **opened;
    const quint64 last = readAll(spool);
    if (spool.nextSeq() <= last || spool.nextSeq() <= lastKnown)
        qFatal("the spool gives a number out twice");
    for (int step = 0; step < 5 && spool.thin(fromMs(1'764'000'000'000 + 86'400'000LL * 60)).value_or(false); ++step) { }
    const quint64 next = spool.nextSeq();
    if (spool.append(dataFile(next)) && readAll(spool) != next)
        qFatal("what was stored is not given out");
    spool.acknowledged(next / 2);
    opened->reset();
    auto again = spool::Spool::open(folder, next, spoolOwner(), limits);
    if (again && (*again)->nextSeq() <= next)
        qFatal("a number is used again after a restart");
    if (again)
        readAll(**again);
}

QList<QByteArray> spoolSeeds()
{
    return {"\x51\x01\x52\x02\x54\x04"_ba, "\x51\x01\x52\x22\x30\x53\x43\x60\x11"_ba, "\x53\x13\x01\x56\x06"_ba, QByteArray("\x01\x82\x02\x51\x01\x52\x02", 7),
        "\x21\x61\x05hello\x10\x61\x03xyz\x33\x01\x02\x03\x01"_ba, "\x41\x00\x07\x07\x5f\xa1\x04more"_ba};
}

} // namespace platen::fuzz
