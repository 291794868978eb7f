// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

namespace platen::profiles {

constexpr qsizetype maxTextBytes = 1024; ///< of one value; what follows is cut

/// The octets as text: `charset` (an IANA MIBenum of RFC 3805's localization table; 0: not known) is used when the octets
/// are not UTF-8, else ISO 8859-1. NULs and what follows them, padding and control characters are gone; never longer than
/// maxTextBytes in. Line ends (CR, LF) stay as one LF each when `lines` is set and are spaces otherwise.
QString decodeText(QByteArrayView octets, int charset = 0, bool lines = false);

/// HP's PML string, also cloned by others: two bytes of symbol set (0x0115 Roman-8, 0xFDE8 UTF-8), then the text. Octets
/// without such a prefix are plain text.
QString decodePml(QByteArrayView octets);

} // namespace platen::profiles
