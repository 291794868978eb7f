// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Exchange.h"

namespace platen::snmp {

/// The answer to `question`, after as many tries as its target allows; of v3 after what has to be settled with its engine first:
/// discovery, and once each its id and its time. Fails with Timeout, NetworkFailed, InvalidInput (credentials that cannot be),
/// PermissionDenied (the detail says what to check) or Malformed (a device that reports without end); other error-statuses come
/// back as they are.
QCoro::Task<Result<Pdu>> ask(Exchange* exchange, Question question);

} // namespace platen::snmp
