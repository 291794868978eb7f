// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Users.h"

#include "Log.h"
#include "PasswordRules.h"

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcAccess, "platen.access", QtInfoMsg)

namespace platen::access {

Users::Users(storage::Database& database, const Clock& clock)
    : m_clock(clock)
    , m_store(database)
{
}

QCoro::Task<Status> Users::createAdministrator(QString name, Secret password)
{
    return create(std::move(name), std::move(password), {u"administrator"_s});
}

QCoro::Task<Status> Users::create(QString name, Secret password, QStringList roles)
{
    const Result<QString> accepted = acceptUserName(name);
    if (!accepted)
        co_return fail(accepted.error());
    const Result<Secret> fit = acceptPassword(password);
    if (!fit)
        co_return fail(fit.error());
    const Result<QString> hash = co_await m_workers.hash(*fit);
    if (!hash)
        co_return fail(hash.error());
    const Result<qint64> id = co_await m_store.add(*accepted, *hash, roles, m_clock.now());
    if (!id)
        co_return fail(id.error());
    qCInfo(lcAccess).noquote() << "made user" << *accepted << "with the roles" << roles.join(u", "_s);
    co_return Status();
}

} // namespace platen::access
