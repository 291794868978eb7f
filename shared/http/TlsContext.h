// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QByteArray>

#include <openssl/ssl.h>

#include <memory>

namespace platen::http {

/// One for all connections of an endpoint: that, and releasing buffers when idle, is what makes 10,000 of them cheap.
using TlsContext = std::shared_ptr<SSL_CTX>;

/// TLS 1.2 and 1.3, forward secrecy and AEAD only, no renegotiation, no compression, no session kept, no ticket given. Fails with
/// CertificateRefused and a sentence.
Result<TlsContext> makeTlsContext(const QByteArray& certificatePem, const Secret& keyPem);

} // namespace platen::http
