// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace platen::crypto {

/// Ends the program with the sentence of start() when it failed: nothing may go on without its primitives.
void requireStarted();

/// The form in which libsodium wants bytes.
inline const unsigned char* raw(QByteArrayView bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
inline unsigned char* raw(QByteArray& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
inline unsigned long long sizeOf(QByteArrayView bytes) { return static_cast<unsigned long long>(bytes.size()); }

} // namespace platen::crypto
