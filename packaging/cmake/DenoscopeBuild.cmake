# SPDX-License-Identifier: GPL-3.0-or-later
# What every target of this project shares.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The two sloppiness flags are what ccache asks for before it caches users of precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

add_library(denoscope_flags INTERFACE)
target_include_directories(denoscope_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(denoscope_flags INTERFACE QT_NO_KEYWORDS DENOSCOPE_VERSION="${PROJECT_VERSION}")
target_compile_options(denoscope_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
if(DENOSCOPE_SANITIZE)
    target_compile_options(denoscope_flags INTERFACE -fsanitize=${DENOSCOPE_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(denoscope_flags INTERFACE -fsanitize=${DENOSCOPE_SANITIZE})
endif()

# denoscope_library(name SOURCES ... [PUBLIC libs] [PRIVATE libs]): a static library with our flags.
function(denoscope_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC denoscope_flags ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# denoscope_test(name [LIBS ...]): name.cpp, a Qt Test program, run without a display.
function(denoscope_test name)
    cmake_parse_arguments(ARG "" "" "LIBS;SOURCES" ${ARGN})
    add_executable(${name} ${name}.cpp ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE denoscope_flags Qt6::Test ${ARG_LIBS})
    target_compile_definitions(${name} PRIVATE DENOSCOPE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                               DENOSCOPE_SHARED="${PROJECT_SOURCE_DIR}/../shared")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8")
endfunction()
