// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/kernel_facts.h"

#include <charconv>
#include <sstream>
#include <zlib.h>

#include <fmt/format.h>

namespace romwright::flash {

namespace {

constexpr std::size_t largest_config = std::size_t{2} << 20;

/// The text of a gzip file; as far as it is sound and within the limit.
std::string unzip(const Buffer& packed) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return {};
  std::string text(largest_config, '\0');
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  inflate(&stream, Z_FINISH);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

std::string kernel_config(const SystemFiles& files) {
  if (const auto packed = files.bytes("/proc/config.gz", 0, largest_config)) return unzip(*packed);
  return files.text("/boot/config-" + files.release()).value_or("");
}

/// Of a configuration that names the option at all; an empty one tells nothing.
std::optional<bool> option(const std::string& config, std::string_view name) {
  if (config.empty()) return std::nullopt;
  return ("\n" + config).find(fmt::format("\n{}=y", name)) != std::string::npos;
}

/// The word in brackets of "none [integrity] confidentiality".
std::optional<std::string> chosen(const std::optional<std::string>& words) {
  if (!words) return std::nullopt;
  const std::size_t open = words->find('['), close = words->find(']');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  return words->substr(open + 1, close - open - 1);
}

/// UEFI 2.10, 3.3: the global variable SecureBoot; efivarfs puts 4 bytes of attributes in front.
std::optional<bool> secure_boot(const SystemFiles& files) {
  const auto variable = files.bytes(
      "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", 0, 5);
  if (variable && variable->size() == 5) return variable->back() == 1;
  if (!files.exists("/sys/firmware") || files.exists("/sys/firmware/efi")) return std::nullopt;
  return false;
}

bool claims_flash(std::string_view module) {
  return module.starts_with("spi_intel") || module.starts_with("intel_spi") || module == "lpc_ich";
}

bool has_word(const std::string& text, std::string_view word) {
  std::istringstream words(text);
  for (std::string next; words >> next;)
    if (next == word) return true;
  return false;
}

std::vector<std::string> mtd_devices(const SystemFiles& files) {
  std::vector<std::string> found;
  for (const std::string& name : files.names("/sys/class/mtd")) {
    if (!name.starts_with("mtd") || name.ends_with("ro")) continue;
    const std::string folder = "/sys/class/mtd/" + name + "/";
    found.push_back(fmt::format("{} ({}, {})", name, files.text(folder + "name").value_or("?"),
                                files.text(folder + "type").value_or("?")));
  }
  return found;
}

}  // namespace

KernelFacts read_kernel_facts(const SystemFiles& files) {
  KernelFacts facts;
  facts.root = files.user() == 0;
  facts.memory_there = files.exists("/dev/mem");
  facts.memory_readable = files.readable("/dev/mem");
  const std::string config = kernel_config(files);
  facts.strict_memory = option(config, "CONFIG_STRICT_DEVMEM");
  facts.strict_registers = option(config, "CONFIG_IO_STRICT_DEVMEM");
  facts.memory_relaxed = has_word(files.text("/proc/cmdline").value_or(""), "iomem=relaxed");
  facts.lockdown = chosen(files.text("/sys/kernel/security/lockdown"));
  facts.secure_boot = secure_boot(files);
  for (const std::string& module : files.names("/sys/module"))
    if (claims_flash(module)) facts.modules.push_back(module);
  facts.mtd = mtd_devices(files);
  return facts;
}

std::optional<unsigned> mtd_in_place_of_memory(const KernelFacts& facts) {
  if (facts.memory_readable && facts.lockdown.value_or("none") == "none") return std::nullopt;
  for (const std::string& device : facts.mtd) {
    unsigned number = 0;
    const char* const end = device.data() + device.size();
    if (device.ends_with(", nor)") &&
        std::from_chars(device.data() + 3, end, number).ec == std::errc{})
      return number;
  }
  return std::nullopt;
}

}  // namespace romwright::flash
