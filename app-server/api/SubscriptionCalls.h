// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

namespace platen::api {

/// subscribe.
class SubscriptionCalls {
public:
    QCoro::Task<Answer> subscribe(Context context, QJsonObject parameters);

    static Schema parameters();
};

} // namespace platen::api
