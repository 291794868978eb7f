// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace platen::store {

/// What addresses are ordered by: 32 hexadecimal digits of the 128 bits, IPv4 as ::ffff:a.b.c.d. Empty for what is no address.
QString addressKey(const QString& address);

} // namespace platen::store
