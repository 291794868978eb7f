// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Permission.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace platen::model {

QString nameOf(Permission permission)
{
    switch (permission) {
    case Permission::SessionUse:
        return u"session.use"_s;
    case Permission::DeviceRead:
        return u"device.read"_s;
    case Permission::AgentRead:
        return u"agent.read"_s;
    case Permission::AgentExpire:
        return u"agent.expire"_s;
    case Permission::AgentDeactivate:
        return u"agent.deactivate"_s;
    case Permission::PinRead:
        return u"pin.read"_s;
    case Permission::PinCreate:
        return u"pin.create"_s;
    case Permission::PinRevoke:
        return u"pin.revoke"_s;
    }
    Q_UNREACHABLE_RETURN(QString());
}

std::optional<Permission> permissionFrom(QStringView name)
{
    for (const Permission permission : allPermissions())
        if (nameOf(permission) == name)
            return permission;
    return std::nullopt;
}

const QList<Permission>& allPermissions()
{
    static const QList<Permission> all{Permission::SessionUse, Permission::DeviceRead, Permission::AgentRead,
        Permission::AgentExpire, Permission::AgentDeactivate, Permission::PinRead, Permission::PinCreate,
        Permission::PinRevoke};
    return all;
}

const QList<Role>& builtInRoles()
{
    static const QList<Role> roles{
        {u"administrator"_s, Permissions(allPermissions().begin(), allPermissions().end())},
    };
    return roles;
}

Permissions permissionsOf(const QStringList& roles)
{
    Permissions granted;
    for (const Role& role : builtInRoles())
        if (roles.contains(role.name))
            granted.unite(role.permissions);
    return granted;
}

} // namespace platen::model
