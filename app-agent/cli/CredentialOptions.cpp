// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CredentialOptions.h"

#include <base/File.h>

#include <QCommandLineParser>

#include <array>
#include <csignal>
#include <cstdio>
#include <termios.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

constexpr qsizetype mostCommunities = 8;

/// How one of the two passphrases of v3 is given.
struct PassphraseWay {
    QString option; ///< "auth": --auth PROTOCOL[:PASSPHRASE], --auth-file FILE
    const char* variable;
    QString question;
};

const PassphraseWay authWay{u"auth"_s, "PLATEN_AUTH_PASSPHRASE", u"Authentication passphrase: "_s};
const PassphraseWay privWay{u"priv"_s, "PLATEN_PRIV_PASSPHRASE", u"Privacy passphrase: "_s};

termios usual{}; ///< how the terminal was; for the signal that ends us while it shows nothing

extern "C" void endAsUsual(int number)
{
    ::tcsetattr(STDIN_FILENO, TCSANOW, &usual);
    ::raise(number); // by now its default: to end
}

/// The terminal shows nothing of what is typed for as long as this lives, and again when Ctrl-C ends the program meanwhile.
class Unseen {
public:
    Unseen()
    {
        ::tcgetattr(STDIN_FILENO, &usual);
        struct sigaction restore = {};
        restore.sa_handler = endAsUsual;
        restore.sa_flags = SA_RESETHAND;
        for (size_t i = 0; i < m_signals.size(); ++i)
            ::sigaction(m_signals[i], &restore, &m_before[i]);
        termios quiet = usual;
        quiet.c_lflag &= ~tcflag_t(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Unseen()
    {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &usual);
        for (size_t i = 0; i < m_signals.size(); ++i)
            ::sigaction(m_signals[i], &m_before[i], nullptr);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    const std::array<int, 3> m_signals{SIGINT, SIGTERM, SIGHUP};
    std::array<struct sigaction, 3> m_before{};
};

/// A line of the terminal, not shown while it is typed; empty without a terminal.
QByteArray asked(const QString& question)
{
    if (!::isatty(STDIN_FILENO) || !::isatty(STDERR_FILENO))
        return {};
    std::fputs(qPrintable(question), stderr);
    char line[1100] = {};
    bool isRead = false;
    {
        const Unseen unseen;
        isRead = std::fgets(line, sizeof line, stdin) != nullptr;
    }
    std::fputc('\n', stderr);
    return isRead ? QByteArray(line).trimmed() : QByteArray();
}

struct Protocol {
    QString name;
    Secret passphrase;
};

Result<Protocol> protocolOf(const QCommandLineParser& parser, const PassphraseWay& way)
{
    const QString given = parser.value(way.option);
    if (given.isEmpty())
        return Protocol{};
    Protocol protocol{given.section(u':', 0, 0), Secret(given.section(u':', 1).toUtf8())};
    const QString file = parser.value(way.option + u"-file"_s);
    if (!file.isEmpty()) {
        const Result<QByteArray> text = readFile(file, 64 << 10);
        if (!text)
            return fail(text.error());
        protocol.passphrase = Secret(text->left(text->indexOf('\n')).trimmed());
    }
    if (protocol.passphrase.isEmpty())
        protocol.passphrase = Secret(qgetenv(way.variable));
    if (protocol.passphrase.isEmpty())
        protocol.passphrase = Secret(asked(way.question));
    return protocol;
}

Status takeUser(const QCommandLineParser& parser, Settings& settings)
{
    const QStringList needUser{u"auth"_s, u"auth-file"_s, u"priv"_s, u"priv-file"_s, u"priv-extension"_s, u"context"_s};
    if (!parser.isSet(u"v3"_s)) {
        for (const QString& option : needUser)
            if (parser.isSet(option))
                return fail(ErrorCode::InvalidInput, u"--%1 is of SNMP v3: name its user by --v3 USER"_s.arg(option));
        return {};
    }
    const Result<Protocol> auth = protocolOf(parser, authWay);
    const Result<Protocol> priv = auth ? protocolOf(parser, privWay) : fail(auth.error());
    if (!priv)
        return fail(priv.error());
    snmp::Credentials given;
    given.version = snmp::Version::V3;
    given.community = {};
    given.user = parser.value(u"v3"_s);
    given.authProtocol = auth->name;
    given.authPassphrase = auth->passphrase;
    given.privProtocol = priv->name;
    given.privPassphrase = priv->passphrase;
    given.privExtension = parser.value(u"priv-extension"_s);
    given.contextName = parser.value(u"context"_s);
    const Result<snmp::Credentials> fine = snmp::checkedCredentials(given);
    if (!fine)
        return fail(fine.error().code, u"--v3 %1: %2"_s.arg(given.user, fine.error().detail));
    settings.credentials = {{u"v3"_s, *fine}};
    return {};
}

Result<QByteArrayList> communityTexts(const QCommandLineParser& parser)
{
    QByteArrayList texts;
    for (const QString& text : parser.values(u"community"_s))
        texts.append(text.toUtf8());
    if (parser.isSet(u"community-file"_s)) {
        const Result<QByteArray> file = readFile(parser.value(u"community-file"_s), 64 << 10);
        if (!file)
            return fail(file.error());
        for (const QByteArray& line : file->split('\n'))
            texts.append(line.trimmed());
    }
    for (const QByteArray& text : qgetenv("PLATEN_COMMUNITIES").split(','))
        texts.append(text.trimmed());
    return texts;
}

} // namespace

void addCredentialOptions(QCommandLineParser& parser)
{
    parser.addOptions({
        {u"community"_s,
            u"An SNMP v1/v2c community to try; may be repeated. Default: public. Others on this computer can see it in the list of "
            u"processes: use one of the two ways below for one that is a secret."_s,
            u"C"_s},
        {u"community-file"_s,
            u"A file with one community a line. The environment variable PLATEN_COMMUNITIES, separated by commas, does the same."_s,
            u"FILE"_s},
        {u"v3"_s, u"An SNMP v3 user; tried first, and communities only when they are given."_s, u"USER"_s},
        {u"auth"_s,
            u"How the user authenticates: %1. The passphrase comes from --auth-file, from the environment variable "
            u"PLATEN_AUTH_PASSPHRASE, or is asked for; behind a colon it works, too, but others can see it there."_s.arg(
                snmp::authProtocolNames().join(u", "_s)),
            u"PROTOCOL"_s},
        {u"auth-file"_s, u"A file whose first line is the authentication passphrase."_s, u"FILE"_s},
        {u"priv"_s,
            u"How the user encrypts: %1; the passphrase as above, PLATEN_PRIV_PASSPHRASE."_s.arg(
                snmp::privProtocolNames().join(u", "_s)),
            u"PROTOCOL"_s},
        {u"priv-file"_s, u"A file whose first line is the privacy passphrase."_s, u"FILE"_s},
        {u"priv-extension"_s, u"How AES-192 and AES-256 lengthen a short key: %1. Default: the first."_s.arg(snmp::keyExtensionNames().join(u", "_s)),
            u"NAME"_s},
        {u"context"_s, u"The v3 context; nearly every device has only the empty one."_s, u"NAME"_s},
    });
}

Status takeCredentials(const QCommandLineParser& parser, Settings& settings)
{
    if (const Status taken = takeUser(parser, settings); !taken)
        return taken;
    const Result<QByteArrayList> texts = communityTexts(parser);
    if (!texts)
        return fail(texts.error());
    settings.communities.clear();
    for (const QByteArray& text : *texts) {
        if (text.isEmpty() || settings.communities.contains(Secret(text)))
            continue;
        if (!isCommunity(text))
            return fail(ErrorCode::InvalidInput, u"a community has at most 255 bytes"_s);
        settings.communities.append(Secret(text));
    }
    if (settings.communities.isEmpty() && settings.credentials.isEmpty())
        settings.communities.append(Secret("public"));
    if (settings.communities.size() > mostCommunities)
        return fail(ErrorCode::InvalidInput,
            u"%1 communities are too many: name at most %2"_s.arg(settings.communities.size()).arg(mostCommunities));
    return {};
}

Result<int> numberOf(const QCommandLineParser& parser, const QString& option, int otherwise, int least, int most)
{
    if (!parser.isSet(option))
        return otherwise;
    bool isNumber = false;
    const int number = parser.value(option).toInt(&isNumber);
    if (!isNumber || number < least || number > most)
        return fail(ErrorCode::InvalidInput,
            u"--%1 must be a whole number from %2 to %3, not \"%4\""_s.arg(option).arg(least).arg(most).arg(
                parser.value(option)));
    return number;
}

} // namespace platen::agent
