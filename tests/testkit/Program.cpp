// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Program.h"

#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace platen::test {

namespace {

TestClass* first = nullptr;

const char* shortName(const char* name)
{
    const char* colon = std::strrchr(name, ':');
    return colon ? colon + 1 : name;
}

} // namespace

TestClass::TestClass(const char* givenName, int (*givenRun)(int, char**))
    : name(shortName(givenName))
    , run(givenRun)
    , next(std::exchange(first, this))
{
}

int runTests(int argc, char** argv)
{
    std::vector<char*> arguments(argv, argv + argc);
    const char* wanted = argc > 1 && argv[1][0] != '-' ? argv[1] : nullptr;
    if (wanted)
        arguments.erase(arguments.begin() + 1);
    int failed = 0;
    bool found = false;
    for (const TestClass* test = first; test; test = test->next) {
        if (wanted && std::strcmp(wanted, test->name) != 0)
            continue;
        found = true;
        failed += test->run(int(arguments.size()), arguments.data());
    }
    if (found)
        return failed;
    std::fprintf(stderr, "There is no test %s in this program; it has:\n", wanted ? wanted : "at all");
    for (const TestClass* test = first; test; test = test->next)
        std::fprintf(stderr, "  %s\n", test->name);
    return 2;
}

} // namespace platen::test
