// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Catalogue.h"

#include <console/screens/agents/AgentsScreen.h>
#include <console/screens/devices/DevicesScreen.h>

using namespace Qt::StringLiterals;

namespace platen::console {

namespace {

template <typename S>
Screen* make(ScreenServices services)
{
    return new S(services);
}

} // namespace

// id, title, icon, permission, factory
const QList<ScreenRow>& catalogue()
{
    static const QList<ScreenRow> rows{
        {u"devices"_s, QT_TRANSLATE_NOOP("Catalogue", "Devices"), u"document-print"_s, model::Permission::DeviceRead, make<DevicesScreen>},
        {u"agents"_s, QT_TRANSLATE_NOOP("Catalogue", "Agents"), u"computer"_s, model::Permission::AgentRead, make<AgentsScreen>},
    };
    return rows;
}

} // namespace platen::console
