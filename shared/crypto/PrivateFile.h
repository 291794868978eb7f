// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <base/Secret.h>

#include <QString>

namespace platen::crypto {

/// The 32 bytes of a key file that only its owner, who is we or root, may touch. Fails with NotFound, PermissionDenied, InvalidInput
/// (another size) or StorageFailed.
Result<Secret> readKey(const QString& path);

/// Where systemd puts the credential `name` of this service (LoadCredential=, ImportCredential=); empty when it gives none.
QString credentialPath(const QString& name);

} // namespace platen::crypto
