// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Terminal.h"

#include <crypto/Crypto.h>
#include <server/access/Users.h>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

/// 100 bits in letters that nobody mistakes for another.
Secret madePassword()
{
    constexpr char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    QByteArray password;
    for (const char byte : crypto::randomBytes(20)) {
        if (!password.isEmpty() && password.size() % 6 == 5)
            password += '-';
        password += letters[static_cast<unsigned char>(byte) % 32];
    }
    return Secret(password);
}

} // namespace

QCoro::Task<Status> carryOut(AdminCreateCommand command)
{
    const auto folder = co_await DataFolder::open(command.data); // before anything is asked
    if (!folder)
        co_return fail(folder.error());
    const bool made = !command.passwordFromStdin && !isTerminal();
    auto password = command.passwordFromStdin ? readSecretLine()
        : made                                ? Result<Secret>(madePassword())
                                              : askNewPassword(u"Password for %1"_s.arg(command.name));
    if (!password)
        co_return fail(password.error());
    access::Users users((*folder)->database(), Clock::system());
    if (const Status created = co_await users.createAdministrator(command.name, *password); !created)
        co_return created;
    say(made ? u"administrator %1 created, password %2\n"_s.arg(command.name, QString::fromLatin1(password->reveal()))
             : u"administrator %1 created\n"_s.arg(command.name));
    co_return {};
}

QCoro::Task<Status> start(std::shared_ptr<Server> server)
{
    const Status started = co_await server->start();
    for (const QString& line : server->readyLines())
        if (started)
            say(line + u'\n');
    co_return started;
}

} // namespace platen::cli
