// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "DeviceQuery.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace platen::console {

QJsonObject DeviceQuery::toJson(int offset, int limit) const
{
    QJsonObject filter;
    if (!states.isEmpty()) {
        QJsonArray keywords;
        for (const widgets::DeviceState state : states)
            keywords.append(widgets::keywordOf(state));
        filter["state"_L1] = keywords;
    }
    if (!agentId.isEmpty())
        filter["agentId"_L1] = agentId;
    QJsonObject json{{u"offset"_s, offset}, {u"limit"_s, limit}, {u"search"_s, search}, {u"filter"_s, filter}};
    if (!sortColumn.isEmpty())
        json["sort"_L1] = QJsonObject{{u"column"_s, sortColumn}, {u"descending"_s, descending}};
    return json;
}

} // namespace platen::console
