// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

namespace platen::test {

/// One test class of a program that holds those of a whole module (platen_tests in shared/cmake/Modules.cmake).
struct TestClass {
    const char* name;
    int (*run)(int argc, char** argv); ///< argv as QTest::qExec wants it
    TestClass* next = nullptr;

    TestClass(const char* name, int (*run)(int, char**));
};

/// Runs the class named by the first argument, or all of them. What failed, 0 when nothing did, 2 when there is no such class.
int runTests(int argc, char** argv);

} // namespace platen::test

#define PLATEN_TEST_NAME2(line) registeredInLine##line
#define PLATEN_TEST_NAME(line) PLATEN_TEST_NAME2(line)

/// Makes a test class one of its program's: `program CLASS [QTest's arguments]` runs it, `program` alone all of them.
#define PLATEN_TEST(Class)                                                                                             \
    namespace {                                                                                                        \
    [[maybe_unused]] const platen::test::TestClass PLATEN_TEST_NAME(__COUNTER__)(#Class, [](int argc, char** argv) {   \
        Class test;                                                                                                    \
        return QTest::qExec(&test, argc, argv);                                                                        \
    });                                                                                                                \
    }
