// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <server/store/PinStore.h>

namespace platen::api {

/// pins.list, pins.create, pins.revoke.
class PinCalls {
public:
    PinCalls(store::PinStore& pins, const Clock& clock);

    QCoro::Task<Answer> list(Context context, QJsonObject parameters);
    QCoro::Task<Answer> create(Context context, QJsonObject parameters);
    QCoro::Task<Answer> revoke(Context context, QJsonObject parameters);

    static Schema listResult();
    static Schema createParameters();
    static Schema createResult();
    static Schema revokeParameters();

private:
    store::PinStore& m_pins;
    const Clock& m_clock;
};

} // namespace platen::api
