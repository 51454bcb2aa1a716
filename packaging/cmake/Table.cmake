# romwright_table(OUT VAR FOLDER dir TYPE type HEADER header PREFIX prefix FUNCTION function)
#
# Collects the files of a folder in a table: each FOLDER/x.cpp defines `const TYPE PREFIX_x`, and the
# generated source defines `Table<TYPE> FUNCTION()` over all of them. Nothing is listed twice.
function(romwright_table)
  cmake_parse_arguments(T "" "OUT;FOLDER;TYPE;HEADER;PREFIX;FUNCTION;NAMESPACE" "" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${T_FOLDER}/*.cpp)
  list(SORT files)
  set(declarations "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(stem ${file} NAME_WE)
    if(stem STREQUAL "table")
      continue()
    endif()
    string(APPEND declarations "extern const ${T_TYPE} ${T_PREFIX}_${stem};\n")
    string(APPEND entries "    &${T_PREFIX}_${stem},\n")
  endforeach()
  string(REPLACE "/" "_" flat ${T_FOLDER})
  set(source ${PROJECT_BINARY_DIR}/tables/${flat}_${T_FUNCTION}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
// Generated from the files of @T_FOLDER@.
#include "@T_HEADER@"

namespace @T_NAMESPACE@ {

@declarations@
Table<@T_TYPE@> @T_FUNCTION@() {
  static const @T_TYPE@* const entries[] = {
@entries@  };
  return entries;
}

}  // namespace @T_NAMESPACE@
]])
  set(${T_OUT} ${source} PARENT_SCOPE)
endfunction()
