// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "BerElements.h"

#include <array>

using platen::snmp::Oid;

namespace platen::fleetsim {

std::optional<Oid> decodeOid(QByteArrayView content)
{
    std::array<quint32, Oid::maxArcs> arcs;
    size_t count = 0;
    quint64 arc = 0;
    bool isOpen = false;
    for (const char byte : content) {
        arc = arc << 7 | (quint8(byte) & 0x7f);
        isOpen = (quint8(byte) & 0x80) != 0;
        if (arc > 0xffffffff)
            return std::nullopt;
        if (isOpen)
            continue;
        if (count == 0) { // the first subidentifier holds two arcs
            arcs[count++] = arc < 80 ? quint32(arc / 40) : 2;
            arc = arc < 80 ? arc % 40 : arc - 80;
        }
        if (count == arcs.size())
            return std::nullopt;
        arcs[count++] = quint32(arc);
        arc = 0;
    }
    if (isOpen)
        return std::nullopt;
    return Oid(std::span(arcs).first(count));
}

void appendElement(QByteArray& out, quint8 tag, QByteArrayView content)
{
    out += char(tag);
    const auto length = content.size();
    if (length < 0x80) {
        out += char(length);
    } else if (length < 0x100) {
        out += char(0x81);
        out += char(length);
    } else {
        out += char(0x82);
        out += char(length >> 8);
        out += char(length & 0xff);
    }
    out += content;
}

QByteArray encodedArcs(const Oid& oid)
{
    QByteArray content;
    const auto append = [&content](quint32 arc) {
        for (int shift = 28; shift > 0; shift -= 7)
            if (arc >> shift)
                content += char(0x80 | (arc >> shift & 0x7f));
        content += char(arc & 0x7f);
    };
    if (oid.size() == 1)
        append(oid[0] * 40);
    for (qsizetype i = 1; i < oid.size(); ++i)
        append(i == 1 ? oid[0] * 40 + oid[1] : oid[i]);
    return content;
}

QByteArray encodedInteger(qint64 number)
{
    QByteArray content;
    for (int shift = 56; shift >= 0; shift -= 8)
        content += char(number >> shift & 0xff);
    while (content.size() > 1
           && ((content[0] == 0 && qint8(content[1]) >= 0) || (content[0] == char(0xff) && qint8(content[1]) < 0)))
        content.remove(0, 1);
    return content;
}

} // namespace platen::fleetsim
