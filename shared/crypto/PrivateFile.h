// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QString>

namespace platen::crypto {

/// The 32 bytes of a key file that only its owner may touch. Fails with NotFound, PermissionDenied, InvalidInput
/// (another size) or StorageFailed.
Result<Secret> readKey(const QString& path);

} // namespace platen::crypto
