// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace platen::http {

namespace {

constexpr qsizetype longestChain = 10;

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

BioPtr readerOf(const QByteArray& bytes)
{
    return {BIO_new_mem_buf(bytes.constData(), static_cast<int>(bytes.size())), BIO_free};
}

/// A key with a passphrase would otherwise ask for it on the terminal.
int noPassphrase(char*, int, int, void*)
{
    return -1;
}

} // namespace

QList<X509Ptr> readCertificates(const QByteArray& pem)
{
    QList<X509Ptr> chain;
    const BioPtr bio = readerOf(pem);
    while (chain.size() < longestChain) {
        const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, noPassphrase, nullptr), X509_free);
        if (!certificate)
            break;
        chain.append(certificate);
    }
    ERR_clear_error();
    return chain;
}

KeyPtr readKey(const Secret& pem)
{
    const BioPtr bio = readerOf(pem.reveal());
    KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr), EVP_PKEY_free);
    ERR_clear_error();
    return key;
}

} // namespace platen::http
