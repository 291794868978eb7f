// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QByteArray>
#include <QDateTime>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QUrl>

#include <optional>

namespace platen::channel {

/// What a client saw of the server's certificate.
struct PeerCertificate {
    QByteArray spkiSha256;        ///< 32 bytes: SHA-256 of the SubjectPublicKeyInfo, what is pinned
    QByteArray fingerprint;       ///< 32 bytes: SHA-256 of the certificate, what people compare
    QString subject;              ///< common name
    QDateTime notBefore, notAfter;
    bool isPubliclyTrusted = false; ///< the system's authorities vouch for it and its name fits

    static PeerCertificate from(const QSslCertificate& leaf, bool isPubliclyTrusted);
    bool operator==(const PeerCertificate&) const = default;
};

/// "AB:CD:…", as browsers and openssl print fingerprints.
QString fingerprintText(const QByteArray& sha256);

/// How a client judges the server's certificate. A value; the same for agent and console.
class TlsTrust {
public:
    /// The system's certificate authorities, with the host's name checked. The default.
    static TlsTrust publicAuthorities() { return TlsTrust(Mode::PublicAuthorities, {}); }

    /// Only the public key whose SPKI has this SHA-256 (32 bytes), whoever signed it and until when.
    static TlsTrust pinned(const QByteArray& spkiSha256) { return TlsTrust(Mode::Pinned, spkiSha256); }

    /// Anyone: for activation only, where the PIN proves the server (PROTOCOL §2) and what was seen is then pinned.
    static TlsTrust firstContact() { return TlsTrust(Mode::FirstContact, {}); }

    /// As publicAuthorities(), and also the very certificate that has this SHA-256 (32 bytes), which a person looked at; empty: none.
    static TlsTrust publicOr(const QByteArray& fingerprint) { return TlsTrust(Mode::PublicAuthorities, fingerprint); }

    TlsTrust() = default;

    /// The same, but http:// and ws:// are fine too when `allowed`.
    TlsTrust withPlain(bool allowed) const;

    /// The same with key exchange by X25519 or P-256 only and a short greeting: 2.6 KB less for each connection than with the
    /// post-quantum hybrid. For what is sealed by keys of its own inside (an agent's envelopes), never for passwords.
    TlsTrust sparing() const;

    /// Whether this URL may be used at all: https or wss, or plain when allowed, with a host. Fails with InvalidInput or
    /// PermissionDenied, in a sentence that says what to change.
    Status allows(const QUrl& url) const;

    /// For the socket: TLS 1.2 or newer; when pinned no authority counts, so that every certificate is judged here.
    QSslConfiguration configuration() const;

    /// Called with the leaf and all complaints of the TLS library before anything is sent. Fails with CertificateRefused and
    /// a sentence; for a changed key it shows both fingerprints.
    Status judge(const QSslCertificate& leaf, const QList<QSslError>& complaints) const;

    bool isPinned() const { return m_mode == Mode::Pinned; }
    bool operator==(const TlsTrust&) const = default;

private:
    enum class Mode { PublicAuthorities, Pinned, FirstContact };
    TlsTrust(Mode mode, QByteArray pin) : m_mode(mode), m_pin(std::move(pin)) {}

    Mode m_mode = Mode::PublicAuthorities;
    QByteArray m_pin; ///< of the key when Pinned, else of a certificate
    bool m_plainAllowed = false;
    bool m_sparing = false;
};

} // namespace platen::channel
