// SPDX-License-Identifier: GPL-2.0-or-later
// linux_mtd: a flash chip that Linux drives, by its MTD device.
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/wires/mtd/mtd_flash.h"
#include "flash/wires/parameter_values.h"

namespace romwright::flash {
namespace {

constexpr std::array<ParameterHelp, 3> parameters{{
    {"dev", "N", "of /dev/mtdN, the whole chip's; 0 by default"},
    {"boardmismatch", "force", "writes another board's image to this machine all the same"},
    {"allow_ram", "yes|no", "takes RAM (mtdram) for a chip, for tests; no by default"},
}};

/// "3", "mtd3" or "/dev/mtd3".
unsigned number_of(const Parameters& given) {
  const std::string text = given.get("dev").value_or("0");
  std::string_view digits = text;
  if (digits.starts_with("/dev/")) digits.remove_prefix(5);
  if (digits.starts_with("mtd")) digits.remove_prefix(3);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw UsageError(fmt::format("programmer linux_mtd: dev={} is no MTD device", text),
                     "the number N of /dev/mtdN");
  return number;
}

class LinuxMtd final : public Programmer {
 public:
  explicit LinuxMtd(const Parameters& given)
      : flash_(open_mtd(machine_kernel(), clock_, number_of(given),
                        flag_parameter(given, "allow_ram"))) {}

  [[nodiscard]] std::string description() const override {
    const MtdInfo& info = flash_->info();
    return fmt::format("{} ('{}', {}, {} in blocks of {}{})", info.device(), info.name, info.type,
                       human_size(info.size), human_size(info.erase_size),
                       info.partition ? ", from the chip's start on" : "");
  }
  [[nodiscard]] Flash* flash() noexcept override { return flash_.get(); }
  [[nodiscard]] std::vector<Finding> findings() override {
    const Access access = flash_->access({0, flash_->info().size});
    if (access.writable)
      return {{"mtd_access", FindingStatus::ok, "the kernel's driver lets it be written", ""}};
    return {{"mtd_access", FindingStatus::problem, access.reason,
             "-p internal goes by the controller itself, where the kernel lets it"}};
  }

 private:
  SystemClock clock_;
  std::unique_ptr<MtdFlash> flash_;
};

}  // namespace

extern const ProgrammerEntry programmer_linux_mtd{
    "linux_mtd", "a flash chip that Linux drives, by its MTD device", parameters,
    [](const Parameters& given) -> std::unique_ptr<Programmer> {
      return std::make_unique<LinuxMtd>(given);
    }};

}  // namespace romwright::flash
