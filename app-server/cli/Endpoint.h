// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QHostAddress>
#include <QStringView>

namespace platen::cli {

/// An address and port to listen on, as the command line gives them.
struct Endpoint {
    QHostAddress address;
    quint16 port = 0;

    /// "0.0.0.0:8443", "[::1]:8443", "localhost:8443", "*:8443"; port 0: the system chooses. Fails with InvalidInput.
    static Result<Endpoint> parse(const QString& text);

    /// "https://192.0.2.1:8443": how to reach it; for all addresses the machine's own name.
    QString url(bool encrypted) const;
    bool operator==(const Endpoint&) const = default;
};

} // namespace platen::cli
