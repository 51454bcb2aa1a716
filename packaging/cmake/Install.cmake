# What `cmake --install` puts down, as two components: `program` with manifests, manual pages,
# completions and udev rules; `development` with libraries, headers, CMake and pkg-config files.
if(CMAKE_LIBRARY_ARCHITECTURE)
  set(CMAKE_INSTALL_LIBDIR lib/${CMAKE_LIBRARY_ARCHITECTURE} CACHE PATH "Folder of the libraries")
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS romwright RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(TARGETS romwright-base romwright-flash romwright-toolkit EXPORT romwright-targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY flash toolkit DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/romwright
        COMPONENT development FILES_MATCHING PATTERN "*.h" PATTERN cli EXCLUDE PATTERN vendors EXCLUDE
        PATTERN drivers EXCLUDE PATTERN extractors EXCLUDE)
install(DIRECTORY layouts vendorfiles DESTINATION ${CMAKE_INSTALL_DATADIR}/romwright
        COMPONENT program FILES_MATCHING PATTERN "*.yaml")
install(DIRECTORY docs/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/romwright COMPONENT program)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program
        FILES_MATCHING PATTERN "*.md" PATTERN "*.png" PATTERN examples EXCLUDE PATTERN schema EXCLUDE)
install(DIRECTORY docs/examples DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libromwright-dev
        COMPONENT development)
# A distribution has the licence once, for all packages.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT licence)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/romwright)
install(EXPORT romwright-targets NAMESPACE romwright:: DESTINATION ${package}
        COMPONENT development)
configure_package_config_file(packaging/cmake/romwright-config.cmake.in
  ${PROJECT_BINARY_DIR}/romwright-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/romwright-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/romwright-config.cmake
              ${PROJECT_BINARY_DIR}/romwright-config-version.cmake DESTINATION ${package}
        COMPONENT development)

include(packaging/cmake/PkgConfig.cmake)
romwright_pkgconfig(romwright-base LIBRARY romwright-base
                    DESCRIPTION "Bytes, ranges, errors and digests of romwright"
                    REQUIRES fmt libcrypto)
romwright_pkgconfig(romwright-flash LIBRARY romwright-flash
                    DESCRIPTION "Programmers and flash chips"
                    REQUIRES romwright-base nlohmann_json libusb-1.0 libftdi1 libpci zlib)
romwright_pkgconfig(romwright LIBRARY romwright-toolkit
                    DESCRIPTION "ROM images, board manifests, vendor files, and the chips they go to"
                    REQUIRES romwright-flash libarchive liblzma liblz4 yaml-cpp tbb libcurl ext2fs
                             com_err)

# Manual pages and completions come from the command line's own texts.
set(pages ${PROJECT_BINARY_DIR}/pages)
find_program(GZIP gzip REQUIRED)
add_custom_command(OUTPUT ${pages}.done
                   COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
                   COMMAND romwright-pages ${pages}
                   COMMAND sh -c "${GZIP} -9n ${pages}/man1/*.1"
                   COMMAND ${CMAKE_COMMAND} -E touch ${pages}.done
                   DEPENDS romwright-pages VERBATIM)
add_custom_target(pages ALL DEPENDS ${pages}.done)
install(DIRECTORY ${pages}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT program)
install(FILES ${pages}/bash/romwright
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
# zsh looks in another folder for what a distribution installs.
install(CODE "
  set(folder site-functions)
  if(CMAKE_INSTALL_PREFIX STREQUAL \"/usr\")
    set(folder vendor-completions)
  endif()
  file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${folder}\"
       TYPE FILE FILES \"${pages}/zsh/_romwright\")" COMPONENT program)
install(FILES ${pages}/fish/romwright.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)

# The rules for the USB devices come from the programmers' own tables.
set(udev_rules ${PROJECT_BINARY_DIR}/60-romwright.rules)
add_custom_command(OUTPUT ${udev_rules} COMMAND sh -c "$<TARGET_FILE:romwright> programmers --udev >${udev_rules}"
                   DEPENDS romwright VERBATIM)
add_custom_target(udev-rules ALL DEPENDS ${udev_rules})
install(FILES ${udev_rules} DESTINATION lib/udev/rules.d COMPONENT program)
