// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDebug>
#include <QString>

namespace platen {

/// Why something failed. The names travel on the wire and in the API: add, never renumber or reuse.
enum class ErrorCode {
    Cancelled = 1,
    Timeout = 2,
    InvalidInput = 3,     ///< what a person or a peer gave is not of the form it must have
    NotFound = 4,
    PermissionDenied = 5,
    StorageFailed = 6,    ///< disk full, read-only, not readable, a broken database
    SchemaTooNew = 7,
    MigrationChanged = 8,
    NetworkFailed = 9,    ///< unreachable, refused, cut
    AddressInUse = 10,
    Malformed = 11,       ///< bytes from a peer that do not decode
    LimitExceeded = 12,   ///< larger, deeper or more than we accept
    NotAuthenticated = 13,
    CertificateRefused = 14,
    Conflict = 15,        ///< already there, or changed meanwhile
    Unsupported = 16,     ///< a version or algorithm we do not speak
    CryptoFailed = 17,    ///< a seal that does not open, a tag that does not match
    Expired = 18,
    TooManyAttempts = 19,
    Internal = 20,        ///< our mistake
    ProofNeeded = 21,     ///< the password has to be given again for this
};

/// The name of `code` as it travels: "timeout", "invalidInput", …
QString nameOf(ErrorCode code);

/// The code of a name that travelled; Internal when we do not know it (a newer peer).
ErrorCode errorCodeFrom(const QString& name);

/// A failure on its way to someone who can act on it. `detail` is one English sentence that names the thing and says what to
/// do: command lines print it, logs keep it; windows show the sentence of `code` instead (shared/widgets/ErrorText).
struct Error {
    ErrorCode code = ErrorCode::Internal;
    QString detail;

    bool operator==(const Error&) const = default;
};

QDebug operator<<(QDebug out, const Error& error);

} // namespace platen
