// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCborMap>

namespace platen::protocol {

/// What a value takes of a message: its items, and at most so many bytes.
struct ReadingCost {
    int items = 0;
    qsizetype bytes = 0;

    ReadingCost& operator+=(const ReadingCost& other);
    bool isAllowed() const; ///< within readingLimit
};

ReadingCost costOf(const QCborValue& value);

} // namespace platen::protocol
