// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Error.h"

#include <expected>
#include <utility>

namespace platen {

/// A value, or the Error that kept us from it.
template <typename T>
using Result = std::expected<T, Error>;

using Status = Result<void>; ///< success carries nothing

/// `return fail(ErrorCode::NotFound, u"…"_s);` in any function that returns a Result.
inline std::unexpected<Error> fail(ErrorCode code, QString detail)
{
    return std::unexpected(Error{code, std::move(detail)});
}

/// Hands on the error of another Result.
inline std::unexpected<Error> fail(Error error)
{
    return std::unexpected(std::move(error));
}

} // namespace platen
