// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Cbor.h"
#include "Fields.h"

namespace platen::protocol {

/// Decodes the map, lets `read` fill the message, and hands on whichever went wrong first.
template <typename Message, typename Read>
Result<Message> decoded(const QString& name, QByteArrayView bytes, Read read)
{
    Result<QCborMap> map = decodeMap(bytes);
    if (!map)
        return fail(map.error().code, QStringLiteral("%1: %2").arg(name, map.error().detail));
    Fields fields(name, *std::move(map));
    Message message;
    read(fields, message);
    if (fields.failure())
        return fail(*fields.failure());
    return message;
}

} // namespace platen::protocol
