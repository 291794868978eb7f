// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Attributes.h"

#include <web/Client.h>

#include <QHostAddress>

namespace platen::ipp {

/// Where a printer may be asked.
struct Endpoint {
    QHostAddress address;
    quint16 port = 631;
    QString
        path; ///< resource path as DNS-SD gives it in "rp", without the first slash; empty: the usual ones are tried
};

/// Asks printers for their attributes over IPPS, then IPP.
class Client {
public:
    explicit Client(web::Client& web, std::chrono::milliseconds time = std::chrono::seconds(5));

    /// The attributes. Fails with Timeout (all tries together), NotFound (it answers, but has no printer there), Malformed,
    /// or what web::Client says. The client must outlive the task.
    QCoro::Task<Result<Attributes>> ask(Endpoint endpoint);

private:
    web::Client& m_web;
    std::chrono::milliseconds m_time;
};

} // namespace platen::ipp
