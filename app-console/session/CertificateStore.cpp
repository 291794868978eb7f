// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CertificateStore.h"

#include "ServerAddress.h"
#include "Settings.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace platen::console {

namespace {
// QSettings reads '/' as a folder; hosts have none, but IPv6 brackets are harmless.
QString key(const QUrl& server) { return u"%1/%2"_s.arg(settings::trustedCertificates, serverKey(server)); }
}

CertificateStore::CertificateStore(QSettings& settings)
    : m_settings(settings)
{
}

QByteArray CertificateStore::trusted(const QUrl& server) const
{
    return QByteArray::fromHex(m_settings.value(key(server)).toString().toLatin1());
}

void CertificateStore::trust(const QUrl& server, const QByteArray& fingerprint)
{
    m_settings.setValue(key(server), QString::fromLatin1(fingerprint.toHex()));
    m_settings.sync();
}

void CertificateStore::forget(const QUrl& server) { m_settings.remove(key(server)); }

// Whoever typed http:// wants it so; and the server lets nobody sign in there but from its own computer.
channel::TlsTrust CertificateStore::trustOf(const QUrl& server) const
{
    return channel::TlsTrust::publicOr(trusted(server)).withPlain(true);
}

DoubtfulCertificate CertificateStore::doubt(const QUrl& server, const channel::PeerCertificate& certificate) const
{
    return {server, certificate.fingerprint, trusted(server), certificate.subject, certificate.notBefore, certificate.notAfter};
}

QString shownFingerprint(const QByteArray& sha256, bool lines)
{
    QString text = QString::fromLatin1(sha256.toHex(':')).toUpper();
    if (lines && text.size() > 48)
        text[47] = u'\n';
    return text;
}

} // namespace platen::console
