# Chooses the LLVM to build for.  Included before project(), so nothing here may ask for a compiler; this is also why
# find_package(LLVM) is not used: it looks for the dozen libraries that LLVM itself links to, and none is needed here.
#
# 1. LLVM_DIR is the user's, or that of LLVM 22 where Debian's packages put it.
# 2. What is needed follows from it: LLVM_PREFIX, LLVM_VERSION, LLVM_VERSION_MAJOR.
# 3. The compilers are that LLVM's clang, unless the user named others.

find_path(LLVM_DIR LLVMConfig.cmake PATHS /usr/lib/llvm-22/lib/cmake/llvm /usr/local/lib/cmake/llvm
          DOC "Folder of LLVMConfig.cmake of the LLVM to build for" NO_DEFAULT_PATH)
if(NOT EXISTS ${LLVM_DIR}/LLVMConfigVersion.cmake)
  message(FATAL_ERROR "no LLVM in LLVM_DIR (${LLVM_DIR}): install llvm-22-dev and libclang-22-dev, "
                      "or name the folder of LLVMConfig.cmake by -DLLVM_DIR=...")
endif()

# Debian has a second, symbolic name for the folder, from which "three up" leads elsewhere.
file(REAL_PATH ${LLVM_DIR} llvm_real_dir)
cmake_path(SET LLVM_PREFIX NORMALIZE ${llvm_real_dir}/../../..)
string(REGEX REPLACE "/$" "" LLVM_PREFIX ${LLVM_PREFIX})

file(STRINGS ${LLVM_DIR}/LLVMConfigVersion.cmake LLVM_VERSION REGEX "^set\\(PACKAGE_VERSION \"")
string(REGEX REPLACE "^.*\"([0-9.]+).*$" "\\1" LLVM_VERSION "${LLVM_VERSION}")
string(REGEX REPLACE "\\..*$" "" LLVM_VERSION_MAJOR ${LLVM_VERSION})

if(NOT EXISTS ${LLVM_PREFIX}/include/clang/Frontend/FrontendAction.h)
  message(FATAL_ERROR "no Clang headers in ${LLVM_PREFIX}/include: install libclang-${LLVM_VERSION_MAJOR}-dev")
endif()
find_program(LAZY_CLANG NAMES clang HINTS ${LLVM_PREFIX}/bin NO_DEFAULT_PATH REQUIRED
             DOC "The clang that loads the plugin")

if(NOT DEFINED CMAKE_C_COMPILER AND NOT DEFINED ENV{CC})
  set(CMAKE_C_COMPILER ${LAZY_CLANG})
endif()
if(NOT DEFINED CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  set(CMAKE_CXX_COMPILER ${LLVM_PREFIX}/bin/clang++)
endif()
message(STATUS "Building for LLVM ${LLVM_VERSION} in ${LLVM_PREFIX}")
