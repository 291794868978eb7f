// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Oid.h>

namespace platen::test {

/// From its text, which is right.
inline snmp::Oid oid(const QString& text) { return *snmp::Oid::parse(text); }

} // namespace platen::test
