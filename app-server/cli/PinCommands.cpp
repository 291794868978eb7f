// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Terminal.h"
#include "Times.h"

#include <server/store/PinStore.h>

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

QString pinText(const crypto::Pin& pin, const PinCreateCommand& command, const QString& server)
{
    const QString typed = u"platen-agent activate --server %1 --pin %2"_s.arg(server, pin.toString());
    const auto expires = QDateTime::currentDateTimeUtc().addSecs(command.hours * 3600ll);
    if (!command.json)
        return u"PIN %1, for %2, until %3\nAt the site: %4\n"_s.arg(pin.toString(),
            command.uses == 1 ? u"one agent"_s : u"%1 agents"_s.arg(command.uses), shown(fromMs(expires.toMSecsSinceEpoch())), typed);
    const QJsonObject json{{u"pin"_s, pin.toString()}, {u"uses"_s, command.uses},
        {u"expiresAt"_s, expires.toString(Qt::ISODateWithMs)},
        {u"server"_s, server}, {u"command"_s, typed},
        {u"group"_s, command.group.isEmpty() ? QJsonValue() : QJsonValue(command.group)}};
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)) + u'\n';
}

QJsonObject toJson(const store::PinRow& row)
{
    return {{u"locator"_s, row.locator}, {u"group"_s, row.group.isEmpty() ? QJsonValue() : QJsonValue(row.group)},
        {u"usesLeft"_s, row.usesLeft}, {u"failures"_s, row.failures}, {u"createdAt"_s, iso(row.createdAt)},
        {u"expiresAt"_s, iso(row.expiresAt)}};
}

} // namespace

QCoro::Task<Status> carryOut(PinCreateCommand command)
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
    store::PinStore pins((*folder)->database(), (*folder)->kek(), Clock::system(), (*folder)->endings());
    const auto pin =
        co_await pins.create({.group = command.group, .uses = command.uses, .life = std::chrono::hours(command.hours)});
    if (!pin)
        co_return fail(pin.error());
    say(pinText(*pin, command, command.server));
    co_return {};
}

QCoro::Task<Status> carryOut(PinListCommand command)
{
    const auto folder = co_await DataFolder::open(command.data);
    if (!folder)
        co_return fail(folder.error());
    store::PinStore pins((*folder)->database(), (*folder)->kek(), Clock::system(), (*folder)->endings());
    const auto rows = co_await pins.list();
    if (!rows)
        co_return fail(rows.error());
    QJsonArray array;
    QList<QStringList> table;
    for (const store::PinRow& row : *rows) {
        array.append(toJson(row));
        table.append({row.locator + u"-…"_s, row.group.isEmpty() ? u"-"_s : row.group, QString::number(row.usesLeft),
            QString::number(row.failures), shown(row.expiresAt)});
    }
    if (command.json)
        say(QString::fromUtf8(QJsonDocument(QJsonObject{{u"pins"_s, array}}).toJson()));
    else
        sayTable({u"PIN"_s, u"Group"_s, u"Uses left"_s, u"Wrong tries"_s, u"Until"_s}, table,
            u"No PIN waits to be used. platen-server pin create makes one."_s);
    co_return {};
}

QCoro::Task<Status> carryOut(PinRevokeCommand command)
{
    const auto folder = co_await DataFolder::open(command.data);
    if (!folder)
        co_return fail(folder.error());
    // The whole PIN may be given, as somebody reads it from the paper; the dots of the list as well.
    const auto whole = crypto::Pin::parse(command.pin);
    const QString locator =
        whole ? whole->locator : command.pin.trimmed().toUpper().left(crypto::Pin::locatorChars);
    store::PinStore pins((*folder)->database(), (*folder)->kek(), Clock::system(), (*folder)->endings());
    if (const Status gone = co_await pins.revoke(locator); !gone)
        co_return gone;
    say(u"PIN %1-… revoked: nobody can use it any more\n"_s.arg(locator));
    co_return {};
}

} // namespace platen::cli
