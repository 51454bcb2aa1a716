# romwright_embed(OUT var NAMESPACE ns HEADER header file...)
#
# Turns text files into functions: FOLDER/page.css becomes `std::string_view page_css()`, which
# HEADER declares. The sources go to OUT.
function(romwright_embed)
  cmake_parse_arguments(E "" "OUT;NAMESPACE;HEADER" "" ${ARGN})
  set(sources "")
  foreach(path IN LISTS E_UNPARSED_ARGUMENTS)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${path})
    get_filename_component(name ${path} NAME)
    string(REPLACE "." "_" function ${name})
    file(READ ${PROJECT_SOURCE_DIR}/${path} text)
    set(source ${PROJECT_BINARY_DIR}/embedded/${function}.cpp)
    file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
// Generated from @path@.
#include "@E_HEADER@"

std::string_view @E_NAMESPACE@::@function@() {
  return R"embedded(@text@)embedded";
}
]])
    list(APPEND sources ${source})
  endforeach()
  set(${E_OUT} ${sources} PARENT_SCOPE)
endfunction()
