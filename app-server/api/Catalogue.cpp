// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Catalogue.h"

#include "AgentCalls.h"
#include "DeviceCalls.h"
#include "PinCalls.h"
#include "SessionCalls.h"
#include "SubscriptionCalls.h"

using namespace Qt::StringLiterals;

namespace platen::api {

namespace {

using model::Permission;

constexpr std::nullopt_t beginsASession = std::nullopt; // needs no permission
constexpr bool needsConnection = true;
constexpr bool worksAnywhere = false;
constexpr bool needsProof = true; // the password, not longer ago than five minutes

template <typename Calls>
auto handler(Calls& calls, QCoro::Task<Answer> (Calls::*member)(Context, QJsonObject))
{
    return [&calls, member](Context context, QJsonObject parameters) {
        return (calls.*member)(std::move(context), std::move(parameters));
    };
}

} // namespace

// A call: name, permission, what it does, what it takes, what it gives, who does it.
Catalogue::Catalogue(SessionCalls& sessions, DeviceCalls& devices, AgentCalls& agents, PinCalls& pins,
    SubscriptionCalls& subscriptions)
    : m_calls{
          {u"login"_s, beginsASession, u"Begin a session with name and password"_s, SessionCalls::loginParameters(),
              SessionCalls::result(true), handler(sessions, &SessionCalls::login)},

          {u"resume"_s, beginsASession, u"Open a session again with its token"_s, SessionCalls::resumeParameters(),
              SessionCalls::result(false), handler(sessions, &SessionCalls::resume)},

          {u"session.prove"_s, Permission::SessionUse,
              u"Give the password again, for the calls that want it not longer ago than five minutes"_s,
              SessionCalls::proveParameters(), Schema::object({}), handler(sessions, &SessionCalls::prove)},

          {u"logout"_s, Permission::SessionUse, u"End the session"_s, Schema::object({}), Schema::object({}),
              handler(sessions, &SessionCalls::logout)},

          {u"devices.list"_s, Permission::DeviceRead, u"The devices: searched, filtered, sorted, by pages"_s,
              DeviceCalls::listParameters(), DeviceCalls::listResult(), handler(devices, &DeviceCalls::list)},

          {u"devices.get"_s, Permission::DeviceRead, u"One device with its latest reading"_s,
              DeviceCalls::getParameters(), DeviceCalls::getResult(), handler(devices, &DeviceCalls::get)},

          {u"devices.history"_s, Permission::DeviceRead, u"The curve of one meter or supply of a device"_s,
              DeviceCalls::historyParameters(), DeviceCalls::historyResult(), handler(devices, &DeviceCalls::history)},

          {u"agents.list"_s, Permission::AgentRead, u"The agents and whether they are connected"_s, Schema::object({}),
              AgentCalls::listResult(), handler(agents, &AgentCalls::list)},

          {u"agents.expire"_s, Permission::AgentExpire, u"Say until when an agent is let in"_s,
              AgentCalls::expireParameters(), Schema::object({}), handler(agents, &AgentCalls::expire), worksAnywhere,
              needsProof},

          {u"agents.deactivate"_s, Permission::AgentDeactivate,
              u"Shut an agent out at once and for good: its key is destroyed"_s, AgentCalls::deactivateParameters(),
              Schema::object({}), handler(agents, &AgentCalls::deactivate), worksAnywhere, needsProof},

          {u"pins.list"_s, Permission::PinRead, u"The PINs that can be used, by their first four characters"_s,
              Schema::object({}), PinCalls::listResult(), handler(pins, &PinCalls::list)},

          {u"pins.create"_s, Permission::PinCreate, u"Make a PIN that activates agents"_s, PinCalls::createParameters(),
              PinCalls::createResult(), handler(pins, &PinCalls::create), worksAnywhere, needsProof},

          {u"pins.revoke"_s, Permission::PinRevoke, u"Take a PIN back"_s, PinCalls::revokeParameters(), Schema::object({}),
              handler(pins, &PinCalls::revoke), worksAnywhere, needsProof},

          {u"subscribe"_s, Permission::SessionUse, u"Be told of changes by devices.changed and agents.changed"_s,
              SubscriptionCalls::parameters(), Schema::object({}),
              handler(subscriptions, &SubscriptionCalls::subscribe), needsConnection},
      }
{
}

const Call* Catalogue::find(QStringView name) const
{
    for (const Call& call : m_calls)
        if (call.name == name)
            return &call;
    return nullptr;
}

} // namespace platen::api
