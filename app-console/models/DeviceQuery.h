// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <widgets/DeviceState.h>

#include <QJsonObject>
#include <QList>

namespace platen::console {

/// Which devices, in which order: what the server is asked for.
struct DeviceQuery {
    QString search;
    QList<widgets::DeviceState> states; ///< empty: all
    QString agentId;                    ///< empty: of all agents
    QString sortColumn;                 ///< the API's name; empty: the server's order
    bool descending = false;

    bool operator==(const DeviceQuery&) const = default;

    /// Without sorting and paging nothing is narrowed down.
    bool narrows() const { return !search.isEmpty() || !states.isEmpty() || !agentId.isEmpty(); }

    QJsonObject toJson(int offset, int limit) const;
};

} // namespace platen::console
