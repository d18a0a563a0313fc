# How other projects find an installed lazypass, besides lazycc: by find_package(lazypass) and by pkg-config.
#
#   find_package(lazypass REQUIRED)
#   target_link_libraries(program PRIVATE lazypass::lazypass)
#
# compiles the program's C sources with the plugin and links it to liblazy.

include(CMakePackageConfigHelpers)

add_library(lazypass-use INTERFACE)
set_target_properties(lazypass-use PROPERTIES EXPORT_NAME lazypass)
target_compile_options(lazypass-use INTERFACE
                       "$<$<COMPILE_LANGUAGE:C>:-fplugin=$<INSTALL_PREFIX>/${LAZY_PLUGIN_DIR}/lazypass.so>")
target_link_libraries(lazypass-use INTERFACE lazy)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/lazypass)
install(TARGETS lazypass-use EXPORT lazypass)
install(EXPORT lazypass NAMESPACE lazypass:: FILE lazypassTargets.cmake DESTINATION ${package_dir})
configure_file(cmake/lazypassConfig.cmake.in lazypassConfig.cmake @ONLY)
write_basic_package_version_file(lazypassConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/lazypassConfig.cmake ${CMAKE_BINARY_DIR}/lazypassConfigVersion.cmake
        DESTINATION ${package_dir})

cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig
           OUTPUT_VARIABLE LAZY_PC_TO_PREFIX)
configure_file(cmake/lazypass.pc.in lazypass.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/lazypass.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

file(GLOB manuals CONFIGURE_DEPENDS docs/man/*.1)
install(FILES ${manuals} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
