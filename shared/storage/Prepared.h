// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace platen::storage {

/// Lets go of the statements that execute() has prepared: before the connection is closed, on its thread.
void forgetPrepared(const QString& connection);

} // namespace platen::storage
