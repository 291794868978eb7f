// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

namespace platen::api {

class AgentCalls;
class DeviceCalls;
class PinCalls;
class SessionCalls;
class SubscriptionCalls;

/// Every call there is, once.
class Catalogue {
public:
    Catalogue(SessionCalls& sessions, DeviceCalls& devices, AgentCalls& agents, PinCalls& pins,
        SubscriptionCalls& subscriptions);

    const std::vector<Call>& calls() const { return m_calls; }
    const Call* find(QStringView name) const; ///< null: there is no such call

private:
    std::vector<Call> m_calls;
};

} // namespace platen::api
