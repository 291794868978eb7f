// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace platen::fuzz {

/// Files as a broken disk or a curious hand leaves them in a spool's folder: names, whole, cut, changed and foreign contents. Read to
/// the end, added to, thinned, acknowledged, opened again.
void spoolFiles(QByteArrayView input);
QList<QByteArray> spoolSeeds();

} // namespace platen::fuzz
