// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

namespace platen::test {

/// `count` bytes: start, start + 1, …; how the protocol's vectors write their inputs.
inline QByteArray fill(int count, int start)
{
    QByteArray bytes(count, '\0');
    for (int i = 0; i < count; ++i)
        bytes[i] = static_cast<char>(start + i);
    return bytes;
}

/// The bytes beside `name` in tests/fixtures/protocol/vectors.txt; ends the test program when there are none.
inline QByteArray protocolVector(const char* name)
{
    QFile file(QStringLiteral(PLATEN_SOURCE_DIR "/tests/fixtures/protocol/vectors.txt"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the protocol's vectors are missing");
    while (!file.atEnd()) {
        const QList<QByteArray> words = file.readLine().simplified().split(' ');
        if (words.size() == 2 && words[0] == name)
            return QByteArray::fromHex(words[1]);
    }
    qFatal("the protocol's vectors have no %s", name);
}

} // namespace platen::test
