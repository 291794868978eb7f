// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CoreDumps.h"

#include <QtEnvironmentVariables>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace platen {

void refuseCoreDumps()
{
    if (qEnvironmentVariableIsSet("PLATEN_CORE_DUMPS"))
        return;
    const rlimit none{0, 0};
    (void)::setrlimit(RLIMIT_CORE, &none);
    (void)::prctl(PR_SET_DUMPABLE, 0); // also for cores that are piped to a program, which no limit stops
}

} // namespace platen
