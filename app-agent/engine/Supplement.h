// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Reading.h>

namespace platen::agent {

/// What other ways than SNMP gave of a device (completion::Completed::supplement), as the state keeps it: CBOR with where each
/// value came from, but not how it was written there. Empty for nothing.
QByteArray encodeSupplement(const model::Reading& supplement);

/// Nothing of what is damaged.
model::Reading decodeSupplement(const QByteArray& bytes);

} // namespace platen::agent
