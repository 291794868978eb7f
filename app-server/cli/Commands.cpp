// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Terminal.h"

#include <crypto/Crypto.h>
#include <server/access/Users.h>
#include <server/store/PinStore.h>

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>

#include <cstdio>

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

void say(const QString& text) { QTextStream(stdout) << text << Qt::flush; }

QString pinText(const crypto::Pin& pin, const PinCreateCommand& command, const QString& server)
{
    const QString typed = u"platen-agent activate --server %1 --pin %2"_s.arg(server, pin.toString());
    const auto expires = QDateTime::currentDateTimeUtc().addSecs(command.hours * 3600ll);
    if (!command.json)
        return u"PIN %1, for one agent, until %2\nAt the site: %3\n"_s.arg(
            pin.toString(), expires.toLocalTime().toString(u"yyyy-MM-dd HH:mm"_s), typed);
    const QJsonObject json{{u"pin"_s, pin.toString()}, {u"expiresAt"_s, expires.toString(Qt::ISODateWithMs)},
        {u"server"_s, server}, {u"command"_s, typed},
        {u"group"_s, command.group.isEmpty() ? QJsonValue() : QJsonValue(command.group)}};
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)) + u'\n';
}

} // namespace

QCoro::Task<Status> createAdministrator(AdminCreateCommand command)
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

QCoro::Task<Status> createPin(PinCreateCommand command)
{
    const auto folder = co_await DataFolder::open(command.data);
    if (!folder)
        co_return fail(folder.error());
    if (command.server.isEmpty()) {
        const auto url = co_await fact((*folder)->database(), u"url"_s);
        if (!url)
            co_return fail(url.error());
        command.server = url->isEmpty() ? Endpoint{QHostAddress(QHostAddress::Any), 8443}.url(true) : *url;
    }
    store::PinStore pins((*folder)->database(), (*folder)->kek(), Clock::system());
    const auto pin =
        co_await pins.create({.group = command.group, .uses = 1, .life = std::chrono::hours(command.hours)});
    if (!pin)
        co_return fail(pin.error());
    say(pinText(*pin, command, command.server));
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
