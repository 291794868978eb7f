// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <agent/cli/CommandLine.h>
#include <base/CoreDumps.h>

#include <QCoreApplication>

int main(int argc, char** argv)
{
    platen::refuseCoreDumps();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("platen-agent"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PLATEN_VERSION));
    return platen::agent::runCommandLine(QCoreApplication::arguments().sliced(1));
}
