# What most files include and what takes long to read is read once: by the rooms, and by the tests.
#
# A file still includes what it uses; -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds without, and shows
# what one forgot.
set(standard_headers <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <optional>
                     <span> <string> <string_view> <vector>)
set(precompiled_source ${PROJECT_BINARY_DIR}/precompiled.cpp)
file(CONFIGURE OUTPUT ${precompiled_source} CONTENT "int main() {}\n")

add_library(romwright-precompiled OBJECT ${precompiled_source})
target_precompile_headers(romwright-precompiled PRIVATE ${standard_headers} <fmt/format.h> <fmt/ranges.h>
                          <nlohmann/json.hpp>)
target_link_libraries(romwright-precompiled PRIVATE fmt::fmt nlohmann_json::nlohmann_json
                                                    romwright-warnings)

if(ROMWRIGHT_TESTS)
  # Some rooms are also in a shared library of the tests; all are compiled alike.
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  set_target_properties(romwright-precompiled PROPERTIES POSITION_INDEPENDENT_CODE ON)
  # A program, as the tests are, for code of a program is compiled otherwise than a library's.
  add_executable(romwright-precompiled-tests ${precompiled_source})
  target_precompile_headers(romwright-precompiled-tests PRIVATE ${standard_headers} <fmt/format.h>
                            <nlohmann/json.hpp> <gmock/gmock.h> <gtest/gtest.h>)
  target_link_libraries(romwright-precompiled-tests PRIVATE fmt::fmt nlohmann_json::nlohmann_json
                        GTest::gmock romwright-warnings romwright-test-support)
endif()
