// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QUrl>

namespace platen::console {

/// The WebSocket address of what a person typed: "printers.example.com", "10.0.0.5:8443", "https://…", "wss://…". Without a
/// scheme it is TLS, without a port 8443; "http://" and "ws://" are plain. Fails with InvalidInput.
Result<QUrl> serverUrl(const QString& typed);

/// How the address is shown: "printers.example.com", with the port when it is not 8443.
QString shownAddress(const QUrl& url);

/// Host and port: the key under which a server's certificate is remembered.
QString serverKey(const QUrl& url);

} // namespace platen::console
