// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Backoff.h"

#include <QRandomGenerator>

#include <algorithm>

namespace platen::channel {

namespace {

std::chrono::milliseconds between(std::chrono::milliseconds low, std::chrono::milliseconds high)
{
    return std::chrono::milliseconds(QRandomGenerator::global()->bounded(qint64(low.count()), qint64(high.count()) + 1));
}

} // namespace

std::chrono::milliseconds Backoff::next()
{
    const std::chrono::milliseconds wait = between(m_next / 2, m_next);
    m_next = std::min(m_next * 2, m_last);
    return wait;
}

std::chrono::milliseconds jittered(std::chrono::milliseconds time)
{
    return between(time - time / 10, time + time / 10);
}

} // namespace platen::channel
