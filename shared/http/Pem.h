// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Secret.h>

#include <QByteArray>
#include <QList>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace platen::http {

using X509Ptr = std::shared_ptr<X509>;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

/// All certificates of a PEM text, in order; empty when there is none or the first is broken.
QList<X509Ptr> readCertificates(const QByteArray& pem);

/// The private key of a PEM text without a passphrase; null when there is none.
KeyPtr readKey(const Secret& pem);

} // namespace platen::http
