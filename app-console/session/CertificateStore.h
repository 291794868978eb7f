// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <channel/TlsTrust.h>

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QUrl>

class QSettings;

namespace platen::console {

/// A certificate that nobody vouches for, as it is shown to the person who must decide.
struct DoubtfulCertificate {
    QUrl server;
    QByteArray fingerprint;  ///< SHA-256 of the certificate
    QByteArray trusted;      ///< the fingerprint trusted until now; empty at first contact
    QString subject;         ///< common name
    QDateTime validFrom, validUntil;

    bool isChanged() const { return !trusted.isEmpty(); }
};

/// Which certificate each server may show that no public authority signed: the one a person trusted at first contact.
class CertificateStore {
public:
    explicit CertificateStore(QSettings& settings);

    QByteArray trusted(const QUrl& server) const; ///< SHA-256; empty when none is
    void trust(const QUrl& server, const QByteArray& fingerprint);
    void forget(const QUrl& server);

    /// How this server is judged now.
    channel::TlsTrust trustOf(const QUrl& server) const;

    /// What is to be asked about this certificate of this server.
    DoubtfulCertificate doubt(const QUrl& server, const channel::PeerCertificate& certificate) const;

private:
    QSettings& m_settings;
};

/// "AB:CD:…", in two groups of 16 bytes when `lines`: how people compare fingerprints.
QString shownFingerprint(const QByteArray& sha256, bool lines = false);

} // namespace platen::console
