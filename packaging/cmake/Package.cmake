# Debian packages by CPack: `cpack -G DEB` makes romwright (the program) and libromwright-dev.
set(deb ${PROJECT_BINARY_DIR}/deb)
configure_file(packaging/deb/copyright ${deb}/copyright COPYONLY)
execute_process(COMMAND ${GZIP} -9nc ${PROJECT_SOURCE_DIR}/packaging/deb/changelog
                OUTPUT_FILE ${deb}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS packaging/deb/changelog)

foreach(part IN ITEMS program:romwright development:libromwright-dev)
  string(REPLACE ":" ";" part ${part})
  list(GET part 0 component)
  list(GET part 1 package)
  install(FILES ${deb}/copyright ${deb}/changelog.gz DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
          COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME romwright)
# Each package has its own.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_PACKAGE_CONTACT "romwright maintainers <maintainers@romwright.example>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME romwright)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS innoextract)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
"prepares Libreboot and coreboot images and flashes them
romwright takes a release tarball and the manifest of a board, inserts the
vendor files, proves the result against the hashes of the release, checks
it against the chip that it finds, makes a backup, writes, and verifies.

It drives the flash of the machine itself, FT2232H, CH341A, CH347 and
serprog programmers, spidev and MTD devices.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libromwright-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
string(REPLACE ";" ", " CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libfmt-dev;libssl-dev;nlohmann-json3-dev;libusb-1.0-0-dev;libftdi1-dev;libpci-dev;zlib1g-dev;\
libarchive-dev;liblzma-dev;liblz4-dev;libyaml-cpp-dev;libtbb-dev;libcurl4-openssl-dev;libext2fs-dev;\
comerr-dev")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
"libraries for ROM images and flash chips (development files)
Static libraries, headers, a CMake package and pkg-config files of
romwright: programmers and flash chips, formats of ROM images, board
manifests and vendor files.")
include(CPack)
