// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Fixtures.h"

#include <snmp/Snmprec.h>

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

QList<QByteArray> filesOf(const QString& folder, const QString& pattern)
{
    const QDir dir(QStringLiteral(PLATEN_SOURCE_DIR "/") + folder);
    QList<QByteArray> contents;
    for (const QString& name : dir.entryList({pattern}, QDir::Files, QDir::Name)) {
        QFile file(dir.filePath(name));
        if (!file.open(QFile::ReadOnly))
            qFatal("%s cannot be read", qPrintable(file.fileName()));
        contents += file.readAll();
    }
    if (contents.isEmpty())
        qFatal("there is nothing like %s in %s", qPrintable(pattern), qPrintable(dir.path()));
    return contents;
}

QList<QByteArray> inPieces(const QList<QByteArray>& files, qsizetype size)
{
    QList<QByteArray> pieces;
    for (const QByteArray& file : files) {
        QByteArray piece;
        for (const QByteArray& line : file.split('\n')) {
            if (!piece.isEmpty() && piece.size() + line.size() > size)
                pieces += std::exchange(piece, {});
            piece += line + '\n';
        }
        pieces += piece;
    }
    return pieces;
}

const QList<snmp::Answers>& recordings()
{
    static const QList<snmp::Answers> all = [] {
        QList<snmp::Answers> parsed;
        for (const QByteArray& file : filesOf(u"tests/fixtures/walks"_s, u"*.snmprec"_s))
            parsed += *snmp::parseSnmprec(file);
        return parsed;
    }();
    return all;
}

} // namespace platen::fuzz
