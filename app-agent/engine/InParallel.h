// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoro/QCoroTask>

#include <QList>

#include <functional>
#include <memory>
#include <vector>

namespace platen::agent {

namespace detail {

template <typename Item>
struct WorkList {
    QList<Item> items;
    qsizetype next = 0;
    std::function<QCoro::Task<>(Item)> work;
};

template <typename Item>
QCoro::Task<> workThrough(std::shared_ptr<WorkList<Item>> list)
{
    while (list->next < list->items.size())
        co_await list->work(list->items.at(list->next++));
}

} // namespace detail

/// Runs `work` for every item, `window` of them at a time, in order of their start; ends with the last. `work` is no coroutine
/// itself but calls one, so that what it captures needs to live no longer than the call.
template <typename Item>
QCoro::Task<> inParallel(QList<Item> items, int window, std::function<QCoro::Task<>(Item)> work)
{
    auto list = std::make_shared<detail::WorkList<Item>>(std::move(items), 0, std::move(work));
    std::vector<QCoro::Task<>> lanes;
    for (int lane = 0; lane < window && lane < list->items.size(); ++lane)
        lanes.push_back(detail::workThrough(list));
    for (const QCoro::Task<>& lane : lanes)
        co_await lane;
}

} // namespace platen::agent
