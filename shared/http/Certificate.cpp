// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Certificate.h"

#include "Pem.h"

#include <QHostAddress>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace platen::http {

namespace {

constexpr int lifeDays = 3650;
constexpr long anHour = 60 * 60;

/// "DNS:printers.example" or "IP:10.0.0.5", as OpenSSL's configuration wants it; empty when it is neither.
QByteArray alternativeName(const QString& name)
{
    QHostAddress address;
    if (address.setAddress(name)) {
        address.setScopeId({});
        return "IP:" + address.toString().toLatin1();
    }
    const bool isName = !name.isEmpty() && name.size() <= 253 && !name.startsWith(u'.') && !name.startsWith(u'-')
        && std::ranges::all_of(name, [](QChar c) {
               return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-'
                   || c == u'.' || c == u'_' || c == u'*';
           });
    return isName ? "DNS:" + name.toLatin1() : QByteArray();
}

Result<QByteArray> alternativeNames(const QStringList& names)
{
    QByteArrayList list;
    for (const QString& name : names) {
        const QByteArray entry = alternativeName(name);
        if (entry.isEmpty())
            return fail(ErrorCode::InvalidInput,
                u"\"%1\" is neither a host name nor an IP address: a certificate cannot be made for it."_s.arg(name));
        list.append(entry);
    }
    if (list.isEmpty())
        return fail(ErrorCode::InvalidInput, u"A certificate needs at least one host name or IP address."_s);
    return list.join(',');
}

bool addExtension(X509* certificate, int nid, const QByteArray& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, &context, nid, value.constData()), X509_EXTENSION_free);
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// RFC 5280 §4.1.2.2: positive, at most 20 bytes, never the same twice.
bool setSerial(X509* certificate)
{
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return false;
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x7fU) | 0x40U);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
        BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr), BN_free);
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

bool fill(X509* certificate, EVP_PKEY* key, const QString& commonName, const QByteArray& names)
{
    const QByteArray name = commonName.left(64).toUtf8(); // RFC 5280: ub-common-name
    X509_NAME* subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, 2) == 1 && setSerial(certificate)
        && X509_gmtime_adj(X509_getm_notBefore(certificate), -anHour)
        && X509_time_adj_ex(X509_getm_notAfter(certificate), lifeDays, 0, nullptr)
        && X509_set_pubkey(certificate, key) == 1
        && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
               reinterpret_cast<const unsigned char*>(name.constData()), static_cast<int>(name.size()), -1, 0) == 1
        && X509_set_issuer_name(certificate, subject) == 1
        && addExtension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate, NID_key_usage, "critical,digitalSignature")
        && addExtension(certificate, NID_ext_key_usage, "serverAuth")
        && addExtension(certificate, NID_subject_key_identifier, "hash")
        && addExtension(certificate, NID_subject_alt_name, names)
        && X509_sign(certificate, key, EVP_sha256()) > 0;
}

template <typename Write>
QByteArray written(Write write)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_secmem()), BIO_free);
    if (!bio || write(bio.get()) != 1)
        return {};
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return QByteArray(bytes, size);
}

Result<X509Ptr> firstCertificate(const QByteArray& pem)
{
    const QList<X509Ptr> chain = readCertificates(pem);
    if (chain.isEmpty())
        return fail(ErrorCode::CertificateRefused,
            u"The TLS certificate cannot be read: it must be PEM, beginning with \"-----BEGIN CERTIFICATE-----\"."_s);
    return chain.first();
}

QByteArray digest(unsigned char* bytes, int size)
{
    std::array<unsigned char, 32> sum{};
    EVP_Digest(bytes, static_cast<size_t>(size), sum.data(), nullptr, EVP_sha256(), nullptr);
    OPENSSL_free(bytes);
    return QByteArray(reinterpret_cast<const char*>(sum.data()), sum.size());
}

} // namespace

Result<CertificatePair> selfSigned(const QStringList& names)
{
    const Result<QByteArray> alternatives = alternativeNames(names);
    if (!alternatives)
        return fail(alternatives.error());

    const KeyPtr key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const X509Ptr certificate(X509_new(), X509_free);
    if (!key || !certificate || !fill(certificate.get(), key.get(), names.first(), *alternatives)) {
        ERR_clear_error();
        return fail(ErrorCode::Internal, u"OpenSSL could not make a certificate for %1."_s.arg(names.join(u", "_s)));
    }
    return CertificatePair{
        written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); }),
        Secret(written([&](BIO* bio) {
            return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        })),
    };
}

Result<QByteArray> spkiSha256(const QByteArray& certificatePem)
{
    const Result<X509Ptr> certificate = firstCertificate(certificatePem);
    if (!certificate)
        return fail(certificate.error());
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate->get()), &der);
    if (size <= 0)
        return fail(ErrorCode::CertificateRefused, u"The TLS certificate has no public key."_s);
    return digest(der, size);
}

Result<QByteArray> fingerprintSha256(const QByteArray& certificatePem)
{
    const Result<X509Ptr> certificate = firstCertificate(certificatePem);
    if (!certificate)
        return fail(certificate.error());
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate->get(), &der);
    if (size <= 0)
        return fail(ErrorCode::CertificateRefused, u"The TLS certificate cannot be encoded."_s);
    return digest(der, size);
}

Status checkPair(const QByteArray& certificatePem, const Secret& keyPem)
{
    const Result<X509Ptr> certificate = firstCertificate(certificatePem);
    if (!certificate)
        return fail(certificate.error());
    const KeyPtr key = readKey(keyPem);
    if (!key)
        return fail(ErrorCode::CertificateRefused,
            u"The TLS key cannot be read: it must be PEM, beginning with \"-----BEGIN PRIVATE KEY-----\", without a passphrase."_s);
    const bool belong = X509_check_private_key(certificate->get(), key.get()) == 1;
    ERR_clear_error();
    if (!belong)
        return fail(ErrorCode::CertificateRefused,
            u"The TLS key does not belong to the certificate: give the key that the certificate was made from."_s);
    return {};
}

Status checkValidity(const QByteArray& certificatePem, std::chrono::sys_seconds now)
{
    const Result<X509Ptr> certificate = firstCertificate(certificatePem);
    if (!certificate)
        return fail(certificate.error());
    time_t instant = std::chrono::system_clock::to_time_t(now);
    if (X509_cmp_time(X509_get0_notAfter(certificate->get()), &instant) < 0)
        return fail(ErrorCode::CertificateRefused, u"The TLS certificate has expired: renew it."_s);
    if (X509_cmp_time(X509_get0_notBefore(certificate->get()), &instant) > 0)
        return fail(ErrorCode::CertificateRefused,
            u"The TLS certificate is not valid yet: check this machine's clock, or the certificate."_s);
    return {};
}

} // namespace platen::http
