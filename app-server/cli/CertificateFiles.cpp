// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CertificateFiles.h"

#include "Log.h"

#include <base/File.h>

#include <QFile>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

constexpr qint64 pemLimit = 1 << 20;

/// Tells one state of a file from another, through links.
QByteArray stampOf(const QString& path)
{
    struct stat state {};
    if (::stat(QFile::encodeName(path).constData(), &state) != 0)
        return "none";
    return QByteArray::number(quint64(state.st_ino)) + '-' + QByteArray::number(qint64(state.st_size)) + '-'
        + QByteArray::number(qint64(state.st_mtim.tv_sec)) + '.' + QByteArray::number(qint64(state.st_mtim.tv_nsec));
}

} // namespace

Result<http::CertificatePair> CertificatePaths::load() const
{
    const auto certificatePem = readFile(certificate, pemLimit);
    if (!certificatePem)
        return fail(ErrorCode::CertificateRefused, u"The certificate cannot be read: %1"_s.arg(certificatePem.error().detail));
    const auto keyPem = readFile(key, pemLimit);
    if (!keyPem)
        return fail(ErrorCode::CertificateRefused, u"The key of the certificate cannot be read: %1"_s.arg(keyPem.error().detail));
    http::CertificatePair pair{*certificatePem, Secret(*keyPem)};
    if (const Status fits = http::checkPair(pair.certificatePem, pair.keyPem); !fits)
        return fail(ErrorCode::CertificateRefused,
            u"The certificate %1 with %2 cannot be used: %3"_s.arg(certificate, key, fits.error().detail));
    return pair;
}

CertificateFiles::CertificateFiles(
    CertificatePaths paths, http::CertificatePair current, Use use, std::chrono::milliseconds lookEvery)
    : m_paths(std::move(paths))
    , m_current(std::move(current))
    , m_use(std::move(use))
    , m_judged(stamp())
    , m_seen(m_judged)
{
    connect(&m_timer, &QTimer::timeout, this, &CertificateFiles::look);
    m_timer.start(lookEvery);
}

QByteArray CertificateFiles::stamp() const { return stampOf(m_paths.certificate) + ' ' + stampOf(m_paths.key); }

void CertificateFiles::look()
{
    const QByteArray now = stamp();
    const bool isAtRest = now == std::exchange(m_seen, now);
    if (isAtRest && now != m_judged)
        take();
}

void CertificateFiles::reload()
{
    m_judged.clear();
    take();
}

void CertificateFiles::take()
{
    const bool isAsked = m_judged.isEmpty();
    m_judged = stamp();
    auto pair = m_paths.load();
    if (pair && pair->certificatePem == m_current.certificatePem && pair->keyPem == m_current.keyPem) {
        if (isAsked)
            qCInfo(lcServer).noquote() << "the certificate" << m_paths.certificate << "has not changed";
        return;
    }
    const Status used = pair ? m_use(*pair) : Status(fail(pair.error()));
    if (!used) {
        qCWarning(lcServer).noquote() << "the new TLS certificate is not used, the former one stays:" << used.error().detail;
        return;
    }
    qCInfo(lcServer).noquote() << "took the new TLS certificate" << m_paths.certificate << "with SHA-256"
                               << http::fingerprintSha256(pair->certificatePem).value_or(QByteArray()).toHex(':').toUpper();
    if (http::spkiSha256(pair->certificatePem) != http::spkiSha256(m_current.certificatePem))
        qCWarning(lcServer).noquote() << "its key is another one: agents and consoles that trusted the former key by itself (that is, "
                                         "not through a public authority) refuse it until somebody trusts it anew";
    m_current = *std::move(pair);
}

} // namespace platen::cli
