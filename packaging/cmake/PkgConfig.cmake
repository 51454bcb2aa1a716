# romwright_pkgconfig(NAME DESCRIPTION text LIBRARY library REQUIRES module...)
#
# Writes and installs NAME.pc for a static library. What it stands on is in Requires, since whoever
# links it links those too. The prefix is found from the file's own place, so that the installation
# can be moved.
function(romwright_pkgconfig name)
  cmake_parse_arguments(P "" "DESCRIPTION;LIBRARY" "REQUIRES" ${ARGN})
  set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  file(RELATIVE_PATH up /${folder} /)
  string(REGEX REPLACE "/$" "" up ${up})
  list(JOIN P_REQUIRES " " requires)
  set(file ${PROJECT_BINARY_DIR}/pkgconfig/${name}.pc)
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT [[
prefix=${pcfiledir}/@up@
libdir=${prefix}/@CMAKE_INSTALL_LIBDIR@
includedir=${prefix}/@CMAKE_INSTALL_INCLUDEDIR@/romwright

Name: @name@
Description: @P_DESCRIPTION@
Version: @PROJECT_VERSION@
Requires: @requires@
Libs: -L${libdir} -l@P_LIBRARY@
Cflags: -I${includedir}
]])
  install(FILES ${file} DESTINATION ${folder} COMPONENT development)
endfunction()
