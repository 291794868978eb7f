// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A server made up for looking at the console: platen-fake-server [--port N] [--devices N] [--fail METHOD=ERROR] [--token FILE].
#include <testkit/FakeServer.h>

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>

#include <cstdio>

using namespace Qt::StringLiterals;

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"port"_s, u"Port to listen on."_s, u"N"_s, u"18443"_s}, {u"devices"_s, u"Size of the fleet."_s, u"N"_s, u"300"_s},
        {u"fail"_s, u"Refuses a call always."_s, u"METHOD=ERROR"_s}, {u"token"_s, u"Accepts this token."_s, u"TEXT"_s, u"fake"_s}});
    parser.process(application);
    platen::test::FakeServer server(parser.value(u"devices"_s).toInt());
    server.acceptToken(parser.value(u"token"_s));
    if (parser.isSet(u"fail"_s))
        server.failAlways(parser.value(u"fail"_s).section(u'=', 0, 0), parser.value(u"fail"_s).section(u'=', 1));
    if (!server.listen({}, {}, static_cast<quint16>(parser.value(u"port"_s).toUInt())))
        return 1;
    if (!server.fleet.devices().isEmpty())
        server.liven(700);
    std::printf("%s\n", qUtf8Printable(server.url().toString()));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
