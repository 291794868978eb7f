// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Commands.h"

#include "Times.h"

#include <server/store/PinStore.h>

#include <QCommandLineParser>

using namespace Qt::StringLiterals;

namespace platen::cli {

namespace {

const QString usage = uR"(platen-server: receives, stores and shows what Platen's agents read.

  platen-server run --data DIR            runs the server; the first start makes everything in DIR (only run does)
      --listen ADDR:PORT                  with TLS (default 0.0.0.0:8443; may be given several times)
      --listen-plain ADDR:PORT            also without TLS (default: not at all); agents must allow it, too
      --force-https                       --listen-plain only sends on to https (308)
      --tls-certificate FILE              the certificate with its chain, PEM (default: one of its own, in DIR)
      --tls-key FILE                      its key, PEM; both files are read again when they change, and on SIGHUP
      --most-connections N                how many at once (default 20000)
      --most-per-address N                and from one address, an IPv6 /64 (default 1000): more where all sites come through
                                          one front or gateway
      --ready-file PATH                   writes PATH once it listens
)"
#ifdef PLATEN_LEGACY_3DES
    uR"(      --legacy-3des                       obsolete: takes the file submission of 4.x, too (docs/legacy-3des.md)
)"
#endif
    uR"(  platen-server admin create NAME --data DIR
                                          makes an administrator; asks for the password, or makes one
      --password-stdin                    takes the password from the first line of standard input
  platen-server pin create --data DIR     makes a PIN that activates one agent
      --uses N                            that activates N agents, for a roll-out: longer, keep it as you keep a password
      --group NAME                        the group the agent will belong to
      --hours N                           how long it can be used (default 72, at most 720)
      --server URL                        the server's address as the site sees it
  platen-server pin list --data DIR       shows the PINs that can still be used, by their first four characters
  platen-server pin revoke LLLL --data DIR
                                          takes a PIN back
  platen-server agent list --data DIR     shows the agents
  platen-server agent show AGENT --data DIR
                                          what happened to an agent (copies of it, new keys) and which envelopes it lost
  platen-server agent rekey AGENT --data DIR
                                          a new key for an agent. After an alarm of a copy: the one that calls next gets it and
                                          goes on, every other stays out
  platen-server agent expire AGENT --data DIR --at TIME | --now | --never
                                          says until when an agent is let in: 2026-12-31, '2026-12-31 18:00'
  platen-server agent deactivate AGENT --data DIR
                                          shuts an agent out at once and for good: its key is destroyed
  platen-server kek rotate --data DIR     seals every secret anew under a new key-encryption key; stop the server first
      --json                              of create, list and show: for machines

AGENT is an agent's name or the start of its id. Commands for PINs and agents work while the server runs, and it follows within a second.
The data folder may also be given by PLATEN_DATA; a key-encryption key that is not in it by PLATEN_KEK. Results on standard output, errors on standard error.
)"_s;

Error wrong(const QString& sentence) { return {ErrorCode::InvalidInput, sentence + u" See platen-server --help."_s}; }

void addCommonOptions(QCommandLineParser& parser)
{
    parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
    parser.addOption({u"data"_s, {}, u"DIR"_s, qEnvironmentVariable("PLATEN_DATA")});
}

/// The data folder and what is left without a name; nothing may be left but `positional` words.
Result<QString> dataOf(QCommandLineParser& parser, const QStringList& arguments, qsizetype positional)
{
    if (!parser.parse(arguments))
        return fail(wrong(parser.errorText() + (parser.errorText().endsWith(u'.') ? QString() : u"."_s)));
    if (parser.positionalArguments().size() > positional)
        return fail(wrong(u"What is '%1' for?"_s.arg(parser.positionalArguments().at(positional))));
    if (parser.value(u"data"_s).isEmpty())
        return fail(wrong(u"Say where the server's data is: --data DIR."_s));
    return parser.value(u"data"_s);
}

Result<QList<Endpoint>> endpointsOf(const QStringList& texts)
{
    QList<Endpoint> endpoints;
    for (const QString& text : texts) {
        const auto endpoint = Endpoint::parse(text);
        if (!endpoint)
            return fail(endpoint.error());
        endpoints.append(*endpoint);
    }
    return endpoints;
}

/// A number of connections.
Result<int> crowdOf(const QCommandLineParser& parser, const QString& option)
{
    bool isNumber = false;
    const int count = parser.value(option).toInt(&isNumber);
    if (!isNumber || count < 1 || count > 1'000'000)
        return fail(wrong(u"'%1' is no number for --%2: give 1 to 1000000."_s.arg(parser.value(option), option)));
    return count;
}

Status checkRun(const QCommandLineParser& parser)
{
    if (parser.isSet(u"tls-certificate"_s) != parser.isSet(u"tls-key"_s))
        return fail(wrong(u"A certificate needs its key: give both --tls-certificate and --tls-key, or neither."_s));
    if (parser.isSet(u"force-https"_s) && !parser.isSet(u"listen-plain"_s))
        return fail(wrong(u"--force-https sends on what comes without TLS: say where that is, --listen-plain ADDR:PORT."_s));
    return {};
}

Result<Command> parseRun(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    parser.addOption({u"listen"_s, {}, u"ADDR:PORT"_s, u"0.0.0.0:8443"_s});
    parser.addOption({u"listen-plain"_s, {}, u"ADDR:PORT"_s});
    parser.addOption({u"force-https"_s, {}});
    parser.addOption({u"tls-certificate"_s, {}, u"FILE"_s});
    parser.addOption({u"tls-key"_s, {}, u"FILE"_s});
    parser.addOption({u"most-connections"_s, {}, u"N"_s, u"20000"_s});
    parser.addOption({u"most-per-address"_s, {}, u"N"_s, u"1000"_s});
    parser.addOption({u"ready-file"_s, {}, u"PATH"_s});
#ifdef PLATEN_LEGACY_3DES
    parser.addOption({u"legacy-3des"_s, {}}); // docs/legacy-3des.md
#endif
    const auto data = dataOf(parser, arguments, 0);
    if (!data)
        return fail(data.error());
    const auto encrypted = endpointsOf(parser.values(u"listen"_s));
    if (!encrypted)
        return fail(encrypted.error());
    const auto plain = endpointsOf(parser.values(u"listen-plain"_s));
    if (!plain)
        return fail(plain.error());
    if (const Status fits = checkRun(parser); !fits)
        return fail(fits.error());
    const auto most = crowdOf(parser, u"most-connections"_s);
    if (!most)
        return fail(most.error());
    const auto perAddress = crowdOf(parser, u"most-per-address"_s);
    if (!perAddress)
        return fail(perAddress.error());
    return RunCommand{{.data = *data,
        .encrypted = *encrypted,
        .plain = *plain,
        .certificate = {parser.value(u"tls-certificate"_s), parser.value(u"tls-key"_s)},
        .forceHttps = parser.isSet(u"force-https"_s),
        .connections = *most,
        .connectionsPerAddress = *perAddress,
        .legacy3des = parser.optionNames().contains(u"legacy-3des"_s),
        .readyFile = parser.value(u"ready-file"_s)}};
}

Result<Command> parseAdminCreate(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    parser.addOption({u"password-stdin"_s, {}});
    const auto data = dataOf(parser, arguments, 1);
    if (!data)
        return fail(data.error());
    if (parser.positionalArguments().isEmpty())
        return fail(wrong(u"Say what the administrator is called: platen-server admin create NAME."_s));
    return AdminCreateCommand{*data, parser.positionalArguments().first(), parser.isSet(u"password-stdin"_s)};
}

Result<Command> parsePinCreate(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    parser.addOption({u"group"_s, {}, u"NAME"_s});
    parser.addOption({u"uses"_s, {}, u"N"_s, u"1"_s});
    parser.addOption({u"hours"_s, {}, u"N"_s, u"72"_s});
    parser.addOption({u"server"_s, {}, u"URL"_s});
    parser.addOption({u"json"_s, {}});
    const auto data = dataOf(parser, arguments, 0);
    if (!data)
        return fail(data.error());
    bool isNumber = false;
    const int hours = parser.value(u"hours"_s).toInt(&isNumber);
    if (!isNumber || hours < 1 || hours > 720)
        return fail(wrong(u"'%1' is no number of hours: give 1 to 720."_s.arg(parser.value(u"hours"_s))));
    const int uses = parser.value(u"uses"_s).toInt(&isNumber);
    if (!isNumber || uses < 1 || uses > store::pinLimit::mostUses)
        return fail(wrong(u"'%1' is no number of agents: give 1 to %2."_s.arg(parser.value(u"uses"_s)).arg(store::pinLimit::mostUses)));
    return PinCreateCommand{
        *data, parser.value(u"group"_s), uses, hours, parser.value(u"server"_s), parser.isSet(u"json"_s)};
}

template <typename ListCommand>
Result<Command> parseList(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    parser.addOption({u"json"_s, {}});
    const auto data = dataOf(parser, arguments, 0);
    if (!data)
        return fail(data.error());
    return ListCommand{*data, parser.isSet(u"json"_s)};
}

template <typename PlainCommand>
Result<Command> parseNothingElse(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    const auto data = dataOf(parser, arguments, 0);
    if (!data)
        return fail(data.error());
    return PlainCommand{*data};
}

/// A command about one thing that is named by a word; `missing` asks for it.
template <typename OneCommand>
Result<Command> parseOne(const QStringList& arguments, const QString& missing)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    const auto data = dataOf(parser, arguments, 1);
    if (!data)
        return fail(data.error());
    if (parser.positionalArguments().isEmpty())
        return fail(wrong(missing));
    return OneCommand{*data, parser.positionalArguments().first()};
}

Result<Command> parseAgentShow(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    parser.addOption({u"json"_s, {}});
    const auto data = dataOf(parser, arguments, 1);
    if (!data)
        return fail(data.error());
    if (parser.positionalArguments().isEmpty())
        return fail(wrong(u"Say which agent, by its name or id."_s));
    return AgentShowCommand{*data, parser.positionalArguments().first(), parser.isSet(u"json"_s)};
}

Result<Command> parseAgentExpire(const QStringList& arguments)
{
    QCommandLineParser parser;
    addCommonOptions(parser);
    parser.addOption({u"at"_s, {}, u"TIME"_s});
    parser.addOption({u"now"_s, {}});
    parser.addOption({u"never"_s, {}});
    const auto data = dataOf(parser, arguments, 1);
    if (!data)
        return fail(data.error());
    if (parser.positionalArguments().isEmpty())
        return fail(wrong(u"Say which agent: platen-server agent expire AGENT --at TIME."_s));
    if (int(parser.isSet(u"at"_s)) + int(parser.isSet(u"now"_s)) + int(parser.isSet(u"never"_s)) != 1)
        return fail(wrong(u"Say when the agent expires: --at TIME, --now or --never."_s));
    AgentExpireCommand command{*data, parser.positionalArguments().first(), std::nullopt};
    if (parser.isSet(u"now"_s))
        command.at = Clock::system().now();
    if (parser.isSet(u"at"_s)) {
        const auto at = instantFrom(parser.value(u"at"_s));
        if (!at)
            return fail(at.error());
        command.at = *at;
    }
    return command;
}

} // namespace

Result<Command> parse(const QStringList& arguments)
{
    const QString first = arguments.value(1);
    const QString both = first + u' ' + arguments.value(2);
    if (first == u"run")
        return parseRun(arguments.mid(1));
    if (both == u"admin create")
        return parseAdminCreate(arguments.mid(2));
    if (both == u"pin create")
        return parsePinCreate(arguments.mid(2));
    if (both == u"pin list")
        return parseList<PinListCommand>(arguments.mid(2));
    if (both == u"pin revoke")
        return parseOne<PinRevokeCommand>(arguments.mid(2), u"Say which PIN, by its first four characters."_s);
    if (both == u"agent list")
        return parseList<AgentListCommand>(arguments.mid(2));
    if (both == u"agent show")
        return parseAgentShow(arguments.mid(2));
    if (both == u"agent rekey")
        return parseOne<AgentRekeyCommand>(arguments.mid(2), u"Say which agent, by its name or id."_s);
    if (both == u"agent expire")
        return parseAgentExpire(arguments.mid(2));
    if (both == u"agent deactivate")
        return parseOne<AgentDeactivateCommand>(arguments.mid(2), u"Say which agent, by its name or id."_s);
    if (both == u"kek rotate")
        return parseNothingElse<KekRotateCommand>(arguments.mid(2));
    if (first == u"--version")
        return SayCommand{u"platen-server " PLATEN_VERSION "\n"_s};
    if (first == u"--help" || first == u"-h" || first == u"help")
        return SayCommand{usage};
    return fail(wrong(first.isEmpty() ? u"Say what to do: run, admin, pin, agent or kek."_s
                                      : u"There is no command '%1'."_s.arg(arguments.mid(1, 2).join(u' '))));
}

} // namespace platen::cli
