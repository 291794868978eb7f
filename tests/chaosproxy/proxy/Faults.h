// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>

#include <QStringList>

#include <chrono>
#include <optional>

namespace platen::chaosproxy {

enum class Way {
    Up,   ///< from the client to the server
    Down, ///< from the server to the client
};

/// How a connection dies.
enum class Ending {
    Cut,      ///< both ends see an orderly end of the stream
    Reset,    ///< both ends see a connection reset
    HalfOpen, ///< nobody sees anything: nothing passes any more, and nobody is told
};

/// What happens to the bytes of one way.
struct WayFaults {
    std::chrono::milliseconds delay{0};  ///< each piece waits so long; the order stays
    std::chrono::milliseconds jitter{0}; ///< and up to so much longer, by chance
    qint64 bytesPerSecond = 0;           ///< 0: as fast as it goes
    std::optional<Ending> ending;        ///< of both ways, once this one has passed on `endAfter` bytes
    qint64 endAfter = 0;

    bool operator==(const WayFaults&) const = default;
};

/// What happens to a connection; any of it may be combined. By default nothing.
struct Faults {
    WayFaults up;
    WayFaults down;
    int reorder = 0;           ///< so many connections wait for each other, and the last comes to the server first; < 2: none does
    bool isDuplicated = false; ///< what the client sends comes on a second connection once more, whose answers nobody gets
    int only = 0;              ///< the first so many connections suffer, later ones pass unharmed; 0: all suffer

    WayFaults& of(Way way) { return way == Way::Up ? up : down; }
    const WayFaults& of(Way way) const { return way == Way::Up ? up : down; }
    bool operator==(const Faults&) const = default;
};

/// The options of the program, each as often as it was given. Words that begin with "up:" or "down:" concern that way, without
/// it both; an ending concerns one way.
struct FaultWords {
    QStringList delay;    ///< milliseconds, or "200+-50"
    QStringList throttle; ///< bytes per second
    QStringList cut;      ///< bytes
    QStringList reset;
    QStringList halfOpen;
};

/// Adds what the words say to `faults`. Fails with InvalidInput and a sentence that names the word.
Status readFaults(const FaultWords& words, Faults& faults);

} // namespace platen::chaosproxy
