// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <completion/Completer.h>

namespace platen::agent {

/// What other ways than SNMP add to the readings of one pass over many devices. A device that keeps them waiting holds up nobody: as
/// soon as nothing but such waiting is left of the pass, it ends within `mostWaiting`. Both must outlive the tasks.
class Completions {
public:
    static constexpr std::chrono::milliseconds mostWaiting{2'500};

    Completions(completion::Completer& completer, completion::Ways ways)
        : m_completer(completer)
        , m_ways(ways)
    {
    }

    /// A pass over so many devices begins; each must be followed by done().
    void begin(qsizetype devices)
    {
        m_open = devices;
        m_waiting = 0;
        m_isHurried = false;
        m_completer.forgetHurry();
    }
    void done()
    {
        --m_open;
        hurryWhenAllWait();
    }

    /// As Completer::complete, of a device of the pass.
    QCoro::Task<completion::Completed> complete(model::Reading reading, model::Reading earlier, completion::Rhythm rhythm)
    {
        ++m_waiting;
        hurryWhenAllWait();
        auto completed = co_await m_completer.complete(std::move(reading), std::move(earlier), rhythm, m_ways);
        --m_waiting;
        co_return completed;
    }

private:
    void hurryWhenAllWait()
    {
        if (m_waiting > 0 && m_waiting == m_open && !std::exchange(m_isHurried, true))
            m_completer.hurry(mostWaiting);
    }

    completion::Completer& m_completer;
    const completion::Ways m_ways;
    qsizetype m_open = 0;    ///< devices of the pass that are not done
    qsizetype m_waiting = 0; ///< of these, where only other ways are still waited for
    bool m_isHurried = false;
};

} // namespace platen::agent
