// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SpooledReading.h"

#include <protocol/Cbor.h>

#include <QCborValue>

using namespace Qt::StringLiterals;

namespace platen::agent {

SpooledReading::SpooledReading(const QCborMap& keyed)
    : m_bytes(keyed.isEmpty() ? QByteArray() : protocol::encodeMap(keyed))
    , m_isOffline(keyed[u"status"_s].toMap()[u"state"_s].toString() == "offline"_L1)
{
    m_bytes.squeeze();
}

SpooledReading SpooledReading::fromBytes(const QByteArray& bytes)
{
    return bytes.isEmpty() ? SpooledReading() : SpooledReading(protocol::decodeMap(bytes).value_or(QCborMap()));
}

SpooledReading::operator QCborMap() const
{
    return m_bytes.isEmpty() ? QCborMap() : protocol::decodeMap(m_bytes).value_or(QCborMap());
}

} // namespace platen::agent
