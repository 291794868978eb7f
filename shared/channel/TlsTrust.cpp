// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TlsTrust.h"

#include <crypto/Crypto.h>

#include <QSslEllipticCurve>
#include <QSslKey>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace platen::channel {

namespace {

/// A ClientHello of about 200 bytes, where the library's own has 1,500: nothing in it but what our servers, proxies in front of them
/// and public authorities take, and no session ticket, which a connection that stays has no use for. From 256 bytes on OpenSSL pads it
/// to 512 for a load balancer of 2013 (SSL_OP_TLSEXT_PADDING).
void spare(QSslConfiguration& configuration)
{
    configuration.setEllipticCurves(
        {QSslEllipticCurve::fromShortName(u"X25519"_s), QSslEllipticCurve::fromShortName(u"prime256v1"_s)});
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    configuration.setBackendConfigurationOption("CipherString", QByteArray("ECDHE+AESGCM:ECDHE+CHACHA20"));
    configuration.setBackendConfigurationOption("SignatureAlgorithms",
        QByteArray("ECDSA+SHA256:ed25519:RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:RSA-PSS+SHA384:RSA-PSS+SHA512:"
                   "RSA+SHA384:RSA+SHA512"));
}

} // namespace

PeerCertificate PeerCertificate::from(const QSslCertificate& leaf, bool isPubliclyTrusted)
{
    PeerCertificate seen;
    seen.spkiSha256 = crypto::sha256(leaf.publicKey().toDer());
    seen.fingerprint = crypto::sha256(leaf.toDer());
    seen.subject = leaf.subjectInfo(QSslCertificate::CommonName).join(u", "_s);
    seen.notBefore = leaf.effectiveDate();
    seen.notAfter = leaf.expiryDate();
    seen.isPubliclyTrusted = isPubliclyTrusted;
    return seen;
}

QString fingerprintText(const QByteArray& sha256)
{
    return QString::fromLatin1(sha256.toHex(':').toUpper());
}

TlsTrust TlsTrust::withPlain(bool allowed) const
{
    TlsTrust other = *this;
    other.m_plainAllowed = allowed;
    return other;
}

TlsTrust TlsTrust::sparing() const
{
    TlsTrust other = *this;
    other.m_sparing = true;
    return other;
}

Status TlsTrust::allows(const QUrl& url) const
{
    const QString scheme = url.scheme();
    const bool isPlain = scheme == "http"_L1 || scheme == "ws"_L1;
    const bool isTls = scheme == "https"_L1 || scheme == "wss"_L1;
    if (!url.isValid() || url.host().isEmpty() || (!isPlain && !isTls))
        return fail(ErrorCode::InvalidInput,
            u"\"%1\" is not a server's address: it looks like https://printers.example:8443"_s.arg(url.toDisplayString()));
    if (!url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidInput, u"The server's address must not carry a user name or password."_s);
    if (isPlain && !m_plainAllowed)
        return fail(ErrorCode::PermissionDenied,
            u"%1 is not encrypted: use https, or set allowPlainHttp to true in the settings."_s.arg(url.toDisplayString()));
    return {};
}

QSslConfiguration TlsTrust::configuration() const
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    // Without authorities every chain is complained of, and so comes before judge().
    if (isPinned())
        configuration.setCaCertificates({});
    if (m_sparing)
        spare(configuration);
    return configuration;
}

Status TlsTrust::judge(const QSslCertificate& leaf, const QList<QSslError>& complaints) const
{
    if (leaf.isNull())
        return fail(ErrorCode::CertificateRefused, u"The server shows no certificate."_s);
    if (m_mode == Mode::FirstContact)
        return {};

    const PeerCertificate seen = PeerCertificate::from(leaf, false);
    if (m_mode == Mode::Pinned) {
        if (m_pin.size() == 32 && crypto::equal(seen.spkiSha256, m_pin))
            return {};
        return fail(ErrorCode::CertificateRefused,
            u"The server's TLS key is not the one that was trusted. Trusted: %1. Shown now: %2. If its administrator confirms "
            "a new key, trust it anew; otherwise somebody is between you and the server."_s.arg(
                fingerprintText(m_pin), fingerprintText(seen.spkiSha256)));
    }
    if (complaints.isEmpty() || (m_pin.size() == 32 && crypto::equal(seen.fingerprint, m_pin)))
        return {};
    return fail(ErrorCode::CertificateRefused,
        u"The server's certificate is not trusted: %1. Its SHA-256 fingerprint is %2."_s.arg(
            complaints.first().errorString().remove(QChar(u'.')), fingerprintText(seen.fingerprint)));
}

} // namespace platen::channel
