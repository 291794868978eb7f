// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace platen::fuzz {

/// Deals an input out, front to back; zeros and nothing when it is used up.
class Feed {
public:
    explicit Feed(QByteArrayView input) : m_rest(input) {}

    bool isEmpty() const { return m_rest.isEmpty(); }
    quint8 byte()
    {
        const QByteArrayView one = bytes(1);
        return one.isEmpty() ? quint8(0) : quint8(one[0]);
    }
    quint16 word()
    {
        const quint16 high = byte();
        return quint16(high << 8 | byte());
    }
    QByteArrayView bytes(qsizetype count)
    {
        const QByteArrayView taken = m_rest.first(std::min(count, m_rest.size()));
        m_rest = m_rest.sliced(taken.size());
        return taken;
    }
    QByteArrayView rest() { return bytes(m_rest.size()); }

private:
    QByteArrayView m_rest;
};

} // namespace platen::fuzz
