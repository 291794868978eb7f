// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Value.h"

namespace platen::snmp {

const Oid& OidValue::oid() const
{
    static const Oid none;
    return m_held ? m_held->oid : none;
}

} // namespace platen::snmp
