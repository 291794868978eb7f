// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "CertificateFiles.h"
#include "DataFolder.h"
#include "Endpoint.h"

#include <http/Edge.h>

#include <QObject>
#include <QStringList>

#include <memory>

namespace platen::cli {

/// The whole server, put together: `platen-server run`. Lives on the main thread.
class Server : public QObject {
    Q_OBJECT

public:
    struct Settings {
        QString data;
        QList<Endpoint> encrypted;
        QList<Endpoint> plain; ///< HTTP without TLS; none unless asked for
        CertificatePaths certificate; ///< empty: the data folder's own
        bool forceHttps = false; ///< plain endpoints answer 308 to the first encrypted one
        int connections = 20'000; ///< in all
        int connectionsPerAddress = 1'000; ///< IPv6: per /64
        bool legacy3des = false; ///< takes the obsolete submission of 4.x, too; only in builds that can
        QString readyFile; ///< written once it listens, removed when it stops; empty: none
    };

    explicit Server(Settings settings);
    ~Server() override;

    /// Opens everything and listens. Fails with one sentence; nothing listens then.
    QCoro::Task<Status> start();

    /// "listening on https://…, certificate SHA-256 …", one line an endpoint; after start().
    const QStringList& readyLines() const { return m_readyLines; }

    /// Answers and acknowledges what is under way, tells clients when to come back, writes what waits, then stopped(). A second
    /// call does nothing.
    void stop();

    void reload(); ///< reads the certificate's files again

signals:
    void stopped();

private:
    struct Parts;

    QCoro::Task<Status> listen(http::CertificatePair pair);
    http::Edge::Settings edgeSettings(const Endpoint& endpoint, bool encrypted, quint16 redirectPort) const;
    void watchCertificate(http::CertificatePair pair);
    Status writeReadyFile(const QStringList& urls, const QString& fingerprint) const;

    const Settings m_settings;
    QStringList m_readyLines;
    std::unique_ptr<Parts> m_parts;
    std::unique_ptr<CertificateFiles> m_certificateFiles;
    bool m_isStopping = false;
};

} // namespace platen::cli
