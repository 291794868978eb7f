// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <snmp/Value.h>

#include <QByteArray>
#include <QList>
#include <QString>

namespace platen::fuzz {

/// The contents of the files of a folder below the checkout ("tests/fixtures/walks") that match ("*.snmprec"), by name.
QList<QByteArray> filesOf(const QString& folder, const QString& pattern);

/// `files` cut between lines into pieces of at most about `size` bytes: small inputs are quick.
QList<QByteArray> inPieces(const QList<QByteArray>& files, qsizetype size);

/// The recordings that the project ships.
const QList<snmp::Answers>& recordings();

} // namespace platen::fuzz
