// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace platen::test {

/// JSON or XML as tests write it, with ' for ", and ` for ' (moc does not understand every raw string).
inline QByteArray quoted(QByteArray text) { return text.replace('\'', '"').replace('`', '\''); }

} // namespace platen::test
