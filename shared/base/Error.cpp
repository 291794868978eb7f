// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Error.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace platen {

namespace {

const std::array codeNames{
    std::pair{ErrorCode::Cancelled, u"cancelled"_s},
    std::pair{ErrorCode::Timeout, u"timeout"_s},
    std::pair{ErrorCode::InvalidInput, u"invalidInput"_s},
    std::pair{ErrorCode::NotFound, u"notFound"_s},
    std::pair{ErrorCode::PermissionDenied, u"permissionDenied"_s},
    std::pair{ErrorCode::StorageFailed, u"storageFailed"_s},
    std::pair{ErrorCode::SchemaTooNew, u"schemaTooNew"_s},
    std::pair{ErrorCode::MigrationChanged, u"migrationChanged"_s},
    std::pair{ErrorCode::NetworkFailed, u"networkFailed"_s},
    std::pair{ErrorCode::AddressInUse, u"addressInUse"_s},
    std::pair{ErrorCode::Malformed, u"malformed"_s},
    std::pair{ErrorCode::LimitExceeded, u"limitExceeded"_s},
    std::pair{ErrorCode::NotAuthenticated, u"notAuthenticated"_s},
    std::pair{ErrorCode::CertificateRefused, u"certificateRefused"_s},
    std::pair{ErrorCode::Conflict, u"conflict"_s},
    std::pair{ErrorCode::Unsupported, u"unsupported"_s},
    std::pair{ErrorCode::CryptoFailed, u"cryptoFailed"_s},
    std::pair{ErrorCode::Expired, u"expired"_s},
    std::pair{ErrorCode::TooManyAttempts, u"tooManyAttempts"_s},
    std::pair{ErrorCode::Internal, u"internal"_s},
    std::pair{ErrorCode::ProofNeeded, u"proofNeeded"_s},
};

} // namespace

QString nameOf(ErrorCode code)
{
    for (const auto& [known, name] : codeNames)
        if (known == code)
            return name;
    return u"internal"_s;
}

ErrorCode errorCodeFrom(const QString& name)
{
    for (const auto& [code, known] : codeNames)
        if (known == name)
            return code;
    return ErrorCode::Internal;
}

QDebug operator<<(QDebug out, const Error& error)
{
    const QDebugStateSaver saver(out);
    out.noquote() << nameOf(error.code) + u": "_s + error.detail;
    return out;
}

} // namespace platen
