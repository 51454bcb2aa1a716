// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mtd/mtd_info.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/bytes.h"
#include "flash/base/error.h"

namespace romwright::flash {
namespace {

constexpr const char* folder = "/sys/class/mtd";
/// No NOR flash is larger; erase regions count in 32 bits.
constexpr std::uint64_t largest_size = 2ULL << 30;

/// "mtd12" is 12; "mtd12ro" and "mtdblock1" are nothing.
std::optional<unsigned> number_of(std::string_view name) {
  if (!name.starts_with("mtd")) return std::nullopt;
  name.remove_prefix(3);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return number;
}

/// A number as sysfs writes it, 65536 or 0xc00.
std::optional<std::uint64_t> number_in(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Entry {
 public:
  Entry(Kernel& kernel, unsigned number)
      : kernel_(kernel), path_(fmt::format("{}/mtd{}/", folder, number)) {}

  [[nodiscard]] std::optional<std::string> text(std::string_view file) const {
    return kernel_.text(path_ + std::string(file));
  }
  [[nodiscard]] std::uint64_t number(std::string_view file, std::optional<std::uint64_t> fallback,
                                     std::uint64_t largest) const {
    const std::optional<std::string> content = text(file);
    if (!content && fallback) return *fallback;
    const std::optional<std::uint64_t> value = number_in(content.value_or(""));
    if (!value || *value > largest)
      throw NoDeviceError(
          fmt::format("{}{}: '{}' is no usable number", path_, file, content.value_or("")));
    return *value;
  }

 private:
  Kernel& kernel_;
  std::string path_;
};

/// The folder that the device's own lies in, in the tree of devices; empty where that is not told.
std::string folder_above(Kernel& kernel, unsigned number) {
  const std::string real = kernel.resolve(fmt::format("{}/mtd{}", folder, number)).value_or("");
  return real.substr(0, std::min(real.rfind('/'), real.size()));
}

/// A partition's folder is its master's, where that is shown.
std::optional<unsigned> master_of(const std::string& above) {
  const std::size_t last = above.rfind('/');
  return last == std::string::npos ? std::nullopt
                                   : number_of(std::string_view(above).substr(last + 1));
}

bool alone_in(Kernel& kernel, const std::string& above, unsigned number) {
  if (above.empty()) return false;
  for (const unsigned other : mtd_numbers(kernel))
    if (other != number && folder_above(kernel, other) == above) return false;
  return true;
}

}  // namespace

std::vector<unsigned> mtd_numbers(Kernel& kernel) {
  std::vector<unsigned> numbers;
  for (const std::string& name : kernel.names(folder))
    if (const auto number = number_of(name)) numbers.push_back(*number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

MtdInfo mtd_info(Kernel& kernel, unsigned number) {
  const Entry entry(kernel, number);
  MtdInfo info;
  info.number = number;
  const std::optional<std::string> type = entry.text("type");
  if (!type) {
    std::vector<std::string> others;
    for (const unsigned other : mtd_numbers(kernel)) others.push_back(fmt::format("mtd{}", other));
    throw_not_opened(info.device(), ENOENT, "", others);
  }
  constexpr std::uint64_t any = std::numeric_limits<std::uint32_t>::max();
  info.type = *type;
  info.name = entry.text("name").value_or("");
  info.size = entry.number("size", std::nullopt, std::numeric_limits<std::uint64_t>::max());
  info.erase_size = entry.number("erasesize", std::nullopt, any);
  info.write_size = std::max<std::uint64_t>(entry.number("writesize", 1, any), 1);
  info.flags = static_cast<std::uint32_t>(entry.number("flags", std::nullopt, any));
  info.regions = static_cast<std::uint32_t>(entry.number("numeraseregions", 0, any));
  // Only a partition has a place inside something else.
  const std::optional<std::string> offset = entry.text("offset");
  const std::string above = folder_above(kernel, number);
  info.master = master_of(above);
  info.partition = offset.has_value() || info.master.has_value();
  info.stands_for_chip = offset && !info.master && number_in(*offset) == std::uint64_t{0} &&
                         alone_in(kernel, above, number);
  return info;
}

std::optional<MtdRefusal> refuse_mtd(const MtdInfo& info, bool allow_ram) {
  const std::string what = fmt::format("{} ('{}')", info.device(), info.name);
  if (info.type == "ram" && !allow_ram)
    return MtdRefusal{what + " is RAM, not a flash chip",
                      "allow_ram=yes takes it all the same, for tests with mtdram"};
  if (info.type != "nor" && info.type != "ram")
    return MtdRefusal{fmt::format("{} is of type {}, not NOR flash", what, info.type),
                      "romwright writes NOR flash"};
  if (info.partition && info.master)
    return MtdRefusal{fmt::format("{} is a partition, not a whole chip", what),
                      fmt::format("dev={} is the chip", *info.master)};
  if (info.partition && !info.stands_for_chip)
    return MtdRefusal{what + " is a partition, not a whole chip",
                      "the kernel shows the chip itself with mtdcore's option "
                      "CONFIG_MTD_PARTITIONED_MASTER, or without a partition table"};
  if (info.regions != 0)
    return MtdRefusal{what + " has erase blocks of different sizes", "romwright needs equal ones"};
  if (info.size == 0 || info.size > largest_size)
    return MtdRefusal{fmt::format("{} has {}", what, human_size(info.size)),
                      fmt::format("more than 0, at most {}", human_size(largest_size))};
  if (info.erase_size == 0 || info.size % info.erase_size != 0)
    return MtdRefusal{fmt::format("{} has {} in blocks of {}", what, human_size(info.size),
                                  human_size(info.erase_size)),
                      "that is no whole number of blocks"};
  if (info.erase_size % info.write_size != 0)
    return MtdRefusal{fmt::format("{} is written in pieces of {}, in blocks of {}", what,
                                  human_size(info.write_size), human_size(info.erase_size)),
                      "that is no whole number of pieces"};
  return std::nullopt;
}

std::vector<MtdInfo> nor_chips(Kernel& kernel) {
  std::vector<MtdInfo> chips;
  for (const unsigned number : mtd_numbers(kernel)) {
    try {
      MtdInfo info = mtd_info(kernel, number);
      if (info.type == "nor" && (!info.partition || info.stands_for_chip))
        chips.push_back(std::move(info));
    } catch (const NoDeviceError&) {
      continue;
    }
  }
  return chips;
}

std::optional<unsigned> only_nor_chip(Kernel& kernel) {
  const std::vector<MtdInfo> chips = nor_chips(kernel);
  if (chips.empty()) return std::nullopt;
  if (chips.size() == 1) return chips.front().number;
  std::vector<std::string> names;
  for (const MtdInfo& chip : chips)
    names.push_back(fmt::format("mtd{} ('{}', {})", chip.number, chip.name, human_size(chip.size)));
  throw NoDeviceError(fmt::format("Linux itself drives several chips: {}", fmt::join(names, ", ")),
                      "-p linux_mtd:dev=N, once a chip");
}

}  // namespace romwright::flash
