// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TlsContext.h"

#include "Certificate.h"
#include "Log.h"
#include "Pem.h"

#include <base/Clock.h>

#include <openssl/err.h>

using namespace Qt::StringLiterals;

namespace platen::http {

namespace {

void allowOnlyTheStrong(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20"); // TLS 1.2; those of 1.3 are all fine
    SSL_CTX_set_options(context,
        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    // Post-quantum first, where this OpenSSL (3.5) has it; 6 kB more a connection.
    if (SSL_CTX_set1_groups_list(context, "X25519MLKEM768:X25519:P-256:P-384") != 1)
        SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
}

void keepConnectionsSmall(SSL_CTX* context)
{
    SSL_CTX_set_mode(context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0); // connections stay for days: a ticket each is 0.3 kB and a key to keep for nothing
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
}

} // namespace

Result<TlsContext> makeTlsContext(const QByteArray& certificatePem, const Secret& keyPem)
{
    if (const Status pair = checkPair(certificatePem, keyPem); !pair)
        return fail(pair.error());
    const auto now = std::chrono::floor<std::chrono::seconds>(Clock::system().now());
    if (const Status valid = checkValidity(certificatePem, now); !valid)
        qCWarning(log).noquote() << valid.error().detail << "Clients that pinned its key come in all the same.";

    const TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!context)
        return fail(ErrorCode::Internal, u"OpenSSL could not make a TLS context."_s);
    allowOnlyTheStrong(context.get());
    keepConnectionsSmall(context.get());

    const QList<X509Ptr> chain = readCertificates(certificatePem);
    const KeyPtr key = readKey(keyPem);
    bool isFine = SSL_CTX_use_certificate(context.get(), chain.first().get()) == 1
        && SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1;
    for (qsizetype i = 1; isFine && i < chain.size(); ++i)
        isFine = SSL_CTX_add1_chain_cert(context.get(), chain.at(i).get()) == 1;
    if (!isFine) {
        ERR_clear_error();
        return fail(ErrorCode::CertificateRefused,
            u"OpenSSL refuses the TLS certificate or its key: use at least RSA with 2048 bits, or P-256."_s);
    }
    return context;
}

} // namespace platen::http
