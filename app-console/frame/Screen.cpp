// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Screen.h"

#include <QCoreApplication>

namespace platen::console {

QString ScreenRow::words() const { return QCoreApplication::translate("Catalogue", title); }

} // namespace platen::console
