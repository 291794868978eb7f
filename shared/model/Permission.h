// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSet>
#include <QString>

#include <optional>

namespace platen::model {

/// What a user may do, one entry a right. The list is closed: a call that needs a new right adds it here and in nameOf.
enum class Permission {
    SessionUse, ///< be signed in at all: end the own session, subscribe
    DeviceRead, ///< see devices, their readings and their history
    AgentRead, ///< see agents and whether they are connected
    AgentExpire, ///< say until when an agent is let in
    AgentDeactivate, ///< shut an agent out for good
    PinRead, ///< see which PINs wait to be used, without what makes them PINs
    PinCreate, ///< make PINs, each of which lets an agent in
    PinRevoke, ///< take PINs back
};

using Permissions = QSet<Permission>;

/// "object.verb", as it travels and is stored: "device.read". Never changed once released.
QString nameOf(Permission permission);

/// The permission of a name; nothing when we do not know it.
std::optional<Permission> permissionFrom(QStringView name);

/// Every permission there is, in the order of the enum.
const QList<Permission>& allPermissions();

/// A named set of permissions, which users are given.
struct Role {
    QString name; ///< as it is stored and travels: "administrator"
    Permissions permissions;
};

/// The roles that come with the product. Today: "administrator", who may do everything.
const QList<Role>& builtInRoles();

/// What someone with these roles may do: the union of their sets. A role we do not know gives nothing.
Permissions permissionsOf(const QStringList& roles);

} // namespace platen::model
