// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "StartOptions.h"

#include <base/File.h>
#include <console/session/ServerAddress.h>

#include <QCommandLineParser>

using namespace Qt::StringLiterals;

namespace platen::console {

namespace {

const QStringList screens{u"devices"_s, u"login"_s, u"details"_s, u"device"_s, u"agents"_s};

Result<QSize> sizeFrom(const QString& text)
{
    const QStringList parts = text.split(u'x');
    const QSize size(parts.value(0).toInt(), parts.value(1).toInt());
    if (parts.size() != 2 || size.width() < 320 || size.height() < 240 || size.width() > 8000 || size.height() > 8000)
        return fail(ErrorCode::InvalidInput, u"--size %1 is not a size: give width x height, for example 1440x900."_s.arg(text));
    return size;
}

Result<widgets::Theme::Choice> themeFrom(const QString& text)
{
    if (text == "light"_L1)
        return widgets::Theme::Choice::Light;
    if (text == "dark"_L1)
        return widgets::Theme::Choice::Dark;
    if (text == "system"_L1)
        return widgets::Theme::Choice::System;
    return fail(ErrorCode::InvalidInput, u"--theme %1 is not known: use light, dark or system."_s.arg(text));
}

Status readSecrets(const QCommandLineParser& parser, StartOptions& options)
{
    if (parser.isSet(u"token-file"_s)) {
        const Result<QByteArray> token = readFile(parser.value(u"token-file"_s), 4096);
        if (!token)
            return fail(token.error());
        options.token = Secret(token->trimmed());
    }
    if (parser.isSet(u"fingerprint"_s)) {
        QString hex = parser.value(u"fingerprint"_s);
        options.fingerprint = QByteArray::fromHex(hex.remove(u':').toLatin1());
        if (options.fingerprint.size() != 32)
            return fail(ErrorCode::InvalidInput, u"--fingerprint is not a SHA-256: give 64 hexadecimal digits, with or without colons."_s);
    }
    return {};
}

} // namespace

Result<StartOptions> StartOptions::parse(const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Platen's administration console."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {u"server"_s, u"The server to log in to."_s, u"URL"_s},
        {u"user"_s, u"The name to log in with."_s, u"NAME"_s},
        {u"token-file"_s, u"Goes on with the session whose token is in FILE."_s, u"FILE"_s},
        {u"fingerprint"_s, u"Trusts the server's certificate if its SHA-256 is this."_s, u"HEX"_s},
        {u"theme"_s, u"light, dark or system."_s, u"THEME"_s},
        {u"screenshot"_s, u"Takes a picture of a screen and ends."_s, u"FILE"_s},
        {u"size"_s, u"The picture's size (1440x900)."_s, u"WxH"_s, u"1440x900"_s},
        {u"screen"_s, u"The picture's screen: %1."_s.arg(screens.join(u", "_s)), u"NAME"_s, u"devices"_s},
        {u"device"_s, u"The model or serial number of the device in the picture's details (the first)."_s, u"TEXT"_s},
    });
    parser.process(arguments);

    StartOptions options;
    options.user = parser.value(u"user"_s);
    options.picture = parser.value(u"screenshot"_s);
    options.screen = parser.value(u"screen"_s);
    options.device = parser.value(u"device"_s);
    options.serverTyped = parser.value(u"server"_s);
    if (!parser.positionalArguments().isEmpty())
        return fail(ErrorCode::InvalidInput, u"'%1' was not expected: see --help."_s.arg(parser.positionalArguments().first()));
    if (!screens.contains(options.screen))
        return fail(ErrorCode::InvalidInput, u"--screen %1 is not known: use one of %2."_s.arg(options.screen, screens.join(u", "_s)));
    const Result<QSize> size = sizeFrom(parser.value(u"size"_s));
    if (!size)
        return fail(size.error());
    options.size = *size;
    if (parser.isSet(u"theme"_s)) {
        const auto theme = themeFrom(parser.value(u"theme"_s));
        if (!theme)
            return fail(theme.error());
        options.theme = *theme;
    }
    if (!options.serverTyped.isEmpty()) {
        const Result<QUrl> url = serverUrl(options.serverTyped);
        if (!url)
            return fail(url.error());
        options.server = *url;
    }
    if (const Status secrets = readSecrets(parser, options); !secrets)
        return fail(secrets.error());
    if (!options.token.isEmpty() && options.server.isEmpty())
        return fail(ErrorCode::InvalidInput, u"--token-file needs --server: say whose session it is."_s);
    return options;
}

} // namespace platen::console
