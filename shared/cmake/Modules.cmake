# Build rules of the house. A folder is a module; a module is a target; linking is permission to include.

add_library(platen_options INTERFACE)
target_compile_features(platen_options INTERFACE cxx_std_23)
target_compile_options(platen_options INTERFACE
    $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wall;-Wextra;-Wpedantic;-Wshadow;-Wnon-virtual-dtor;-Werror=return-type;-Werror=switch>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage> # in a unity build it takes a coroutine's frame for a header's class
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> # GCC 14 is wrong about QVarLengthArray; the asan preset and clang-tidy look for real ones
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-fPIC> # ccache sees through the precompiled header; programs take the libraries' one
    $<$<CXX_COMPILER_ID:MSVC>:/W4;/utf-8;/permissive->)
target_compile_definitions(platen_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING
    QT_NO_FOREACH QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_MESSAGELOGCONTEXT PLATEN_VERSION="${PROJECT_VERSION}")

# What nearly every file includes, compiled once: for the targets without widgets, for those with, and for tests. The headers of
# Network, Sql and QCoro are in it by their folders only: who may link them is still said by USES.
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/pch/Pch.cpp" CONTENT "// Only carries the precompiled header.\n")
function(platen_precompiled name)
    add_library(${name} STATIC "${CMAKE_BINARY_DIR}/pch/Pch.cpp")
    target_link_libraries(${name} PRIVATE platen_options ${ARGN})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    foreach(library IN ITEMS Qt6::Network Qt6::Sql Qt6::Test QCoro6::Core)
        target_include_directories(${name} SYSTEM PRIVATE $<TARGET_PROPERTY:${library},INTERFACE_INCLUDE_DIRECTORIES>)
    endforeach()
    target_precompile_headers(${name} PRIVATE <QCoreApplication> <QJsonDocument> <QJsonObject> <QJsonArray> <QCborMap> <QCborArray> <QCborValue> <QDateTime>
        <QFile> <QDir> <QHash> <QMap> <QList> <QString> <QTimer> <QLoggingCategory> <QObject> <QVariant> <QHostAddress> <QUrl> <QSqlDatabase> <QSqlQuery>
        <QCoro/QCoroTask> <QCoro/QCoroFuture> <algorithm> <chrono> <expected> <functional> <memory> <optional> <ranges> <vector>)
endfunction()
platen_precompiled(platen_pch Qt6::Core)
platen_precompiled(platen_pch_gui Qt6::Widgets)
platen_precompiled(platen_pch_test Qt6::Core)
target_compile_definitions(platen_pch_test PRIVATE QT_NETWORK_LIB QT_TESTLIB_LIB QT_WEBSOCKETS_LIB) # as testkit's users have them
target_precompile_headers(platen_pch_test PRIVATE <QTest> <QSignalSpy>) # <QtTest> is all of Qt Core
target_precompile_headers(platen_pch_gui PRIVATE <QApplication> <QWidget> <QPainter> <QLabel> <QBoxLayout> <QAbstractItemModel>)

# Ninja runs moc again when a header changes that moc has read before, not when one joins. So we take its time stamp away then.
function(platen_moc_again target)
    set(list "${CMAKE_CURRENT_BINARY_DIR}/${target}_headers.txt")
    set(known "none yet")
    if(EXISTS "${list}")
        file(READ "${list}" known)
    endif()
    if(NOT known STREQUAL "${ARGN}")
        file(WRITE "${list}" "${ARGN}")
        file(REMOVE "${CMAKE_CURRENT_BINARY_DIR}/${target}_autogen/timestamp")
    endif()
endfunction()

# platen_module(<name> USES <module or library target>...): every file of this folder, as target platen_<name>,
# included as <name/File.h> by those who list <name> under USES. "server/store" is a module of app-server.
function(platen_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES")
    string(REPLACE "/" "_" target "platen_${name}")
    file(GLOB headers CONFIGURE_DEPENDS *.h)
    file(GLOB sources CONFIGURE_DEPENDS *.cpp *.qrc)
    list(LENGTH sources count)
    add_library(${target} STATIC ${headers} ${sources})
    platen_moc_again(${target} ${headers})
    if(count EQUAL 0)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
    endif()
    target_link_libraries(${target} PUBLIC platen_options Qt6::Core)
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wconversion>) # not for tests: QTRY_ macros of Qt 6.8 narrow
    foreach(header IN LISTS headers) # forwarding headers, as Qt's syncqt makes them
        cmake_path(GET header FILENAME file)
        file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/include/${target}/${name}/${file}" CONTENT "#include \"${header}\"\n")
    endforeach()
    target_include_directories(${target} PUBLIC "${CMAKE_BINARY_DIR}/include/${target}")
    platen_use(${target} ${name} ${arg_USES})
    platen_share_precompiled(${target} ${arg_USES})
endfunction()

# Targets that know widgets share the one precompiled header, all others the other.
function(platen_share_precompiled target)
    if(ARGN MATCHES "Qt6::Widgets|widgets|console/|QCustomPlot")
        target_precompile_headers(${target} REUSE_FROM platen_pch_gui)
        target_link_libraries(${target} PRIVATE Qt6::Widgets)
    elseif(target MATCHES "(_tests|Test)$")
        target_compile_options(${target} PRIVATE -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR) # of one folder each: no header could be shared
        target_precompile_headers(${target} REUSE_FROM platen_pch_test)
    else()
        target_precompile_headers(${target} REUSE_FROM platen_pch)
    endif()
endfunction()

# A module may use what was declared before it (so no cycles), and never another app's module.
function(platen_use target name)
    foreach(used IN LISTS ARGN)
        if(used MATCHES "::|^qca-qt6$|^QCustomPlot")
            target_link_libraries(${target} PUBLIC ${used})
            continue()
        endif()
        string(REPLACE "/" "_" library "platen_${used}")
        if(NOT TARGET ${library})
            message(FATAL_ERROR "${name} uses ${used}, which is not declared before it: layers go one way")
        endif()
        string(REGEX MATCH "^[^/]+/" owner "${used}") # "server/", or empty for shared modules
        if(owner AND NOT name MATCHES "^${owner}" AND NOT name MATCHES "^tests/")
            message(FATAL_ERROR "${name} may not use ${used}: it belongs to another app")
        endif()
        target_link_libraries(${target} PUBLIC ${library})
    endforeach()
endfunction()

# platen_app(<program> COMPONENT <component> USES ...): main.cpp of this folder, linked with the modules it puts together.
function(platen_app program)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "COMPONENT" "USES")
    add_executable(${program} main.cpp)
    target_link_libraries(${program} PRIVATE platen_options Qt6::Core)
    foreach(used IN LISTS arg_USES)
        if(used MATCHES "::|^qca-qt6$|^QCustomPlot")
            target_link_libraries(${program} PRIVATE ${used})
        else()
            string(REPLACE "/" "_" library "platen_${used}")
            target_link_libraries(${program} PRIVATE ${library})
        endif()
    endforeach()
    platen_share_precompiled(${program} ${arg_USES})
    install(TARGETS ${program} RUNTIME COMPONENT ${arg_COMPONENT})
endfunction()

# platen_test_moc(<target> <file>): for a test that includes its own .moc. CMake's own way looks at everything around the file and
# takes longer for it than the compiler.
function(platen_test_moc target file)
    cmake_path(GET file STEM stem)
    set(moc "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc/${stem}.moc")
    add_custom_command(OUTPUT "${moc}" COMMAND Qt6::moc "${file}" -o "${moc}" DEPENDS "${file}" VERBATIM)
    target_sources(${target} PRIVATE "${moc}")
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc")
    set_target_properties(${target} PROPERTIES AUTOMOC OFF)
endfunction()

# platen_tests(<module> [USES ...]): one program <module>_tests of all *Test.cpp in this folder's <module>/, linked with that module (and
# what else its tests need to stand in for the world), and one ctest for each of their classes. APART: files that share names.
function(platen_tests module)
    cmake_parse_arguments(PARSE_ARGV 1 arg "APART" "" "USES")
    string(REPLACE "/" "_" name "${module}")
    file(GLOB files CONFIGURE_DEPENDS ${module}/*Test.cpp)
    platen_test_program(${name}_tests ${module} ${files})
    platen_use(${name}_tests tests/${module} ${module} ${arg_USES})
    platen_share_precompiled(${name}_tests ${module} ${arg_USES})
    if(arg_APART)
        set_target_properties(${name}_tests PROPERTIES UNITY_BUILD OFF)
    endif()
endfunction()

# A program of test classes (testkit/Program.h), several to a compilation: each would take seconds by itself.
function(platen_test_program program label)
    add_executable(${program} ${ARGN} "${CMAKE_SOURCE_DIR}/tests/Main.cpp")
    target_link_libraries(${program} PRIVATE platen_options platen_testkit Qt6::Test)
    target_compile_definitions(${program} PRIVATE PLATEN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    set_target_properties(${program} PROPERTIES UNITY_BUILD_BATCH_SIZE 6)
    foreach(file IN LISTS ARGN)
        platen_test_moc(${program} ${file})
        cmake_path(GET file STEM test)
        add_test(NAME ${label}/${test} COMMAND ${program} ${test})
        set_tests_properties(${label}/${test} PROPERTIES TIMEOUT 120
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TZ=UTC;LC_ALL=C.UTF-8;ASAN_OPTIONS=detect_leaks=0")
    endforeach()
endfunction()
