// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

namespace platen::api {

class Notices;

/// agents.list.
class AgentCalls {
public:
    explicit AgentCalls(Notices& notices);

    QCoro::Task<Answer> list(Context context, QJsonObject parameters);

    static Schema listResult();

private:
    Notices& m_notices;
};

} // namespace platen::api
