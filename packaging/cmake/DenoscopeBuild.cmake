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

# bfd takes a second for each of our many test programs, mold a tenth of one.
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
    add_link_options(-fuse-ld=mold)
endif()

# GCC from 13 on warns of more, in libraries' headers too; whoever builds with it is not held up by that.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    set(WARNINGS_ARE_ERRORS)
else()
    set(WARNINGS_ARE_ERRORS -Werror)
endif()

add_library(denoscope_flags INTERFACE)
target_include_directories(denoscope_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(denoscope_flags INTERFACE QT_NO_KEYWORDS DENOSCOPE_VERSION="${PROJECT_VERSION}")
target_compile_options(denoscope_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor ${WARNINGS_ARE_ERRORS}
                       -Wno-restrict  # GCC 12 sees overlaps in std::string that are not there (its bug 105651)
                       -Wno-dangling-reference)  # GCC 13 and later take any temporary argument for the owner
if(DENOSCOPE_SANITIZE)
    target_compile_options(denoscope_flags INTERFACE -fsanitize=${DENOSCOPE_SANITIZE} -fno-omit-frame-pointer
                           -Wno-maybe-uninitialized)  # GCC 12 sees it in LibTorch's headers once these checks are in
    target_link_options(denoscope_flags INTERFACE -fsanitize=${DENOSCOPE_SANITIZE})
endif()

# denoscope_library(name SOURCES ... [PUBLIC libs] [PRIVATE libs]): a static library with our flags.
function(denoscope_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC denoscope_flags ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# denoscope_torch_pch(target...): compiles targets that link torch with LibTorch's tensors parsed once (6 s a file
# become 2; with all of <torch/torch.h> the header would take 630 MB and its users longer). Every file still includes
# what it uses: -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON, which packaging/lint sets, must build too. With GCC only. After
# find_package(Torch).
function(denoscope_torch_pch)
    if(CMAKE_DISABLE_PRECOMPILE_HEADERS OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        return()
    endif()
    if(NOT TARGET denoscope_torch_headers)
        file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/torch_headers.cpp CONTENT "" @ONLY)
        add_library(denoscope_torch_headers OBJECT ${PROJECT_BINARY_DIR}/torch_headers.cpp)
        target_link_libraries(denoscope_torch_headers PRIVATE denoscope_flags torch)
        # ccache can follow a precompiled header only where the preprocessed text still names it.
        target_compile_options(denoscope_torch_headers PRIVATE -fpch-preprocess)
        target_precompile_headers(denoscope_torch_headers PRIVATE <ATen/ATen.h>)
    endif()
    foreach(target ${ARGN})
        target_compile_options(${target} PRIVATE -fpch-preprocess)
        target_precompile_headers(${target} REUSE_FROM denoscope_torch_headers)
        get_target_property(type ${target} TYPE)
        if(type STREQUAL EXECUTABLE)  # compiled as the header was: -fPIC, not -fPIE
            set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
            target_compile_options(${target} PRIVATE -fPIC)
        endif()
    endforeach()
endfunction()

# The tests of threads, which run under ThreadSanitizer too.
add_custom_target(denoscope_thread_tests)

# denoscope_test(name [THREADS] [LIBS ...] [SOURCES ...]): name.cpp, a Qt Test program, run without a display.
# THREADS marks a test of threads: no widgets, and no Qt objects shared between threads, for Qt is not instrumented.
function(denoscope_test name)
    cmake_parse_arguments(ARG "THREADS" "" "LIBS;SOURCES" ${ARGN})
    add_executable(${name} ${name}.cpp ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE denoscope_flags Qt6::Test ${ARG_LIBS})
    target_compile_definitions(${name} PRIVATE DENOSCOPE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
                                               DENOSCOPE_SHARED="${PROJECT_SOURCE_DIR}/../shared")
    add_test(NAME ${name} COMMAND ${name})
    # Passive waiting: tests that run side by side must not spin on each other's cores.
    set_tests_properties(${name} PROPERTIES
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;OMP_WAIT_POLICY=passive")
    if(ARG_THREADS)
        set_tests_properties(${name} PROPERTIES LABELS threads)
        add_dependencies(denoscope_thread_tests ${name})
    endif()
endfunction()
