// SPDX-License-Identifier: GPL-2.0-or-later
// A machine's files below a folder of the test's own.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "flash/host/system_files.h"
#include "tests/support/fixtures.h"

namespace romwright::test {

class MachineRoot {
 public:
  void put(const std::string& path, std::string_view text) {
    const auto at = folder_.path() / path.substr(1);
    std::filesystem::create_directories(at.parent_path());
    write_file(at, as_bytes(text));
  }
  void put(const std::string& path, ConstBytes bytes) {
    const auto at = folder_.path() / path.substr(1);
    std::filesystem::create_directories(at.parent_path());
    write_file(at, bytes);
  }
  void dmi(std::string_view vendor, std::string_view product, std::string_view version,
           std::string_view chassis = "10") {
    put("/sys/class/dmi/id/sys_vendor", vendor);
    put("/sys/class/dmi/id/product_name", product);
    put("/sys/class/dmi/id/product_version", version);
    put("/sys/class/dmi/id/chassis_type", chassis);
  }
  [[nodiscard]] flash::SystemFiles files(unsigned user = 0) const {
    return {folder_.path(), user, "6.1.0-test"};
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace romwright::test
