// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "DataFolder.h"
#include "Endpoint.h"

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
        QString readyFile; ///< written once it listens, removed when it stops; empty: none
    };

    explicit Server(Settings settings);
    ~Server() override;

    /// Opens everything and listens. Fails with one sentence; nothing listens then.
    QCoro::Task<Status> start();

    /// "listening on https://…, certificate SHA-256 …", one line an endpoint; after start().
    const QStringList& readyLines() const { return m_readyLines; }

    /// Closes connections politely, writes what waits, then stopped(). A second call does nothing.
    void stop();

signals:
    void stopped();

private:
    struct Parts;

    QCoro::Task<Status> listen(http::CertificatePair pair);
    Status writeReadyFile(const QStringList& urls, const QString& fingerprint) const;

    const Settings m_settings;
    QStringList m_readyLines;
    std::unique_ptr<Parts> m_parts;
};

} // namespace platen::cli
