// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "PasswordWorkers.h"
#include "UserStore.h"

#include <base/Clock.h>

namespace platen::access {

/// Makes users. Lives as long as the program.
class Users {
public:
    Users(storage::Database& database, const Clock& clock);

    /// A user with the role "administrator". Fails with InvalidInput (a name or password against the rules), Conflict (the
    /// name is taken) or StorageFailed; each in one sentence for the command line.
    QCoro::Task<Status> createAdministrator(QString name, Secret password);

    /// The same with any roles, none included.
    QCoro::Task<Status> create(QString name, Secret password, QStringList roles);

private:
    const Clock& m_clock;
    UserStore m_store;
    PasswordWorkers m_workers;
};

} // namespace platen::access
