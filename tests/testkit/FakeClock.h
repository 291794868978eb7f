// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Clock.h>

namespace platen::test {

/// A clock that stands still until the test moves it.
class FakeClock final : public Clock {
public:
    Instant wall = fromMs(1'764'000'000'000);
    std::chrono::milliseconds steady{0};

    Instant now() const override { return wall; }
    std::chrono::milliseconds monotonic() const override { return steady; }

    void advance(std::chrono::milliseconds by)
    {
        wall += by;
        steady += by;
    }
};

} // namespace platen::test
