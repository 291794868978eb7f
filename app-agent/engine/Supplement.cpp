// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Supplement.h"

#include <protocol/Cbor.h>
#include <protocol/ReadingCodec.h>

#include <QCborArray>
#include <QCborMap>

using namespace Qt::StringLiterals;

namespace platen::agent {

QByteArray encodeSupplement(const model::Reading& supplement)
{
    if (supplement.sources.isEmpty())
        return {};
    QCborMap sources;
    for (const auto& [path, source] : supplement.sources.asKeyValueRange())
        sources.insert(path, QCborArray{source.protocol, source.object});
    return protocol::encodeMap({{u"reading"_s, protocol::toKeyed(supplement)}, {u"sources"_s, sources}});
}

model::Reading decodeSupplement(const QByteArray& bytes)
{
    if (bytes.isEmpty())
        return {};
    const Result<QCborMap> map = protocol::decodeMap(bytes);
    const Result<model::Reading> reading =
        map ? protocol::fromKeyed(map->value(u"reading"_s).toMap()) : fail(map.error());
    if (!reading)
        return {};
    model::Reading supplement = *reading;
    const QCborMap sources = map->value(u"sources"_s).toMap();
    for (const auto& [path, source] : sources)
        supplement.sources.insert(path.toString(), {source.toArray().at(0).toString(), source.toArray().at(1).toString(), {}});
    return supplement;
}

} // namespace platen::agent
