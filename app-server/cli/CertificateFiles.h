// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <http/Certificate.h>

#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

namespace platen::cli {

/// Where the server's certificate (with its chain) and key are, both PEM.
struct CertificatePaths {
    QString certificate;
    QString key;

    /// Both as they are now. Fails with CertificateRefused and a sentence that names the file.
    Result<http::CertificatePair> load() const;
};

/// Takes a renewed certificate without a restart. The files are looked at every few seconds, so that it works with links that are
/// exchanged, network file systems and containers; what changed is taken once it has been at rest for one look, for certificate and
/// key are not written in one moment. What cannot be used is said once, and the former certificate stays.
class CertificateFiles : public QObject {
    Q_OBJECT

public:
    using Use = std::function<Status(const http::CertificatePair&)>;

    /// `current` is what is used now; `use` puts a new pair into effect.
    CertificateFiles(
        CertificatePaths paths, http::CertificatePair current, Use use, std::chrono::milliseconds lookEvery = std::chrono::seconds(5));

    /// Takes what is there at once, and says what came of it.
    void reload();

private:
    QByteArray stamp() const;
    void look();
    void take();

    const CertificatePaths m_paths;
    http::CertificatePair m_current;
    const Use m_use;
    QByteArray m_judged; ///< the stamp that was looked into last
    QByteArray m_seen;
    QTimer m_timer;
};

} // namespace platen::cli
