// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>
#include <QStringList>

#include <chrono>

namespace platen::http {

/// A certificate with its key, both PEM.
struct CertificatePair {
    QByteArray certificatePem;
    Secret keyPem;
};

/// A new P-256 key with a certificate signed by itself, valid from an hour ago for ten years. `names` are the DNS names and
/// IP addresses it is for (subjectAltName); the first is also its common name. Fails with InvalidInput when there is no
/// name or one that is neither; Internal when OpenSSL fails.
Result<CertificatePair> selfSigned(const QStringList& names);

/// SHA-256 of the SubjectPublicKeyInfo (DER) of the first certificate in `pem`: what agents pin. Fails with
/// CertificateRefused.
Result<QByteArray> spkiSha256(const QByteArray& certificatePem);

/// SHA-256 of the first certificate itself (DER): the fingerprint people compare. Fails with CertificateRefused.
Result<QByteArray> fingerprintSha256(const QByteArray& certificatePem);

/// Fine when both parse and belong together. Fails with CertificateRefused and a sentence that says which of these it is; file
/// names are for the caller to add.
Status checkPair(const QByteArray& certificatePem, const Secret& keyPem);

/// Fine when the first certificate is valid at `now`. Fails with CertificateRefused. Worth a warning, not a refusal: agents that
/// pinned the key do not mind, and a clock may be wrong.
Status checkValidity(const QByteArray& certificatePem, std::chrono::sys_seconds now);

} // namespace platen::http
