// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <server/store/DeviceQueries.h>

namespace platen::api {

/// devices.list, devices.get, devices.history.
class DeviceCalls {
public:
    explicit DeviceCalls(store::DeviceQueries& devices);

    QCoro::Task<Answer> list(Context context, QJsonObject parameters);
    QCoro::Task<Answer> get(Context context, QJsonObject parameters);
    QCoro::Task<Answer> history(Context context, QJsonObject parameters);

    static Schema listParameters();
    static Schema listResult();
    static Schema getParameters();
    static Schema getResult();
    static Schema historyParameters();
    static Schema historyResult();

private:
    store::DeviceQueries& m_devices;
};

} // namespace platen::api
