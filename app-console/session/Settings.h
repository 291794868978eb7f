// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace platen::console {

/// What the console remembers (QSettings, organisation and application "Platen"/"Console"). Never a password or a token.
namespace settings {
inline constexpr QLatin1StringView server{"server"};              ///< text: the server's address as it was typed; default empty
inline constexpr QLatin1StringView userName{"userName"};          ///< text: who logged in last; default empty
inline constexpr QLatin1StringView theme{"theme"};                ///< "system" (default), "light" or "dark"
inline constexpr QLatin1StringView window{"window"};              ///< bytes: the window's place and size
inline constexpr QLatin1StringView devicesHeader{"devices/header"};     ///< bytes: widths, order, visibility and sort of the columns
inline constexpr QLatin1StringView devicesSplitter{"devices/splitter"}; ///< bytes: the width of the details
inline constexpr QLatin1StringView agentsHeader{"agents/header"};       ///< bytes
inline constexpr QLatin1StringView trustedCertificates{"trustedCertificates"}; ///< group: host:port → SHA-256 of the certificate, hex
}

} // namespace platen::console
