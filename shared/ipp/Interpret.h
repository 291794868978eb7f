// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Attributes.h"

#include <profiles/Reader.h>

namespace platen::ipp {

/// What a printer's attributes say (RFC 8011, PWG 5100.9, 5100.13, 5100.22), by the same rules as the Printer MIB's objects
/// that they mirror; with sources by attribute name. Fails with NotFound when they are not a printer's. Pure.
Result<model::Reading> interpret(
    const profiles::Catalogue& catalogue, const Attributes& attributes, const profiles::InterpretOptions& options);

} // namespace platen::ipp
