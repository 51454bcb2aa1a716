// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/kernel_facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <sstream>
#include <utility>
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

/// Drivers of the controller itself, and of the watchdog, whose register lies in the page of the
/// controller's from ICH6 to the 9 series.
constexpr std::array<std::pair<const char*, const char*>, 3> claiming_drivers{
    {{"pci", "intel-spi"}, {"platform", "intel-spi"}, {"platform", "iTCO_wdt"}}};

std::vector<RegisterClaim> register_claims(const SystemFiles& files) {
  constexpr std::array<std::string_view, 7> own_files{
      "bind", "unbind", "uevent", "module", "new_id", "remove_id", "driver_override"};
  std::vector<RegisterClaim> found;
  for (const auto& [bus, driver] : claiming_drivers)
    for (const std::string& name : files.names(fmt::format("/sys/bus/{}/drivers/{}", bus, driver)))
      if (std::ranges::find(own_files, name) == own_files.end())
        found.push_back({driver, bus, name});
  return found;
}

/// What follows `key` in a word of the kernel's command line.
std::optional<std::string> word_behind(const std::string& text, std::string_view key) {
  std::istringstream words(text);
  std::optional<std::string> found;  // the last one counts
  for (std::string next; words >> next;)
    if (next.starts_with(key)) found = next.substr(key.size());
  return found;
}

/// iomem= takes several words, with commas between.
bool relaxed(const std::string& command_line) {
  std::istringstream values(word_behind(command_line, "iomem=").value_or(""));
  for (std::string one; std::getline(values, one, ',');)
    if (one == "relaxed") return true;
  return false;
}

std::vector<MtdDevice> mtd_devices(const SystemFiles& files) {
  constexpr unsigned long writable = 0x400;  // MTD_WRITEABLE
  std::vector<MtdDevice> found;
  for (const std::string& name : files.names("/sys/class/mtd")) {
    if (!name.starts_with("mtd") || name.ends_with("ro")) continue;
    const auto text = [&](const char* file) {
      return files.text(fmt::format("/sys/class/mtd/{}/{}", name, file)).value_or("");
    };
    const unsigned long flags = std::strtoul(text("flags").c_str(), nullptr, 0);
    found.push_back({name, text("name"), text("type"), (flags & writable) != 0});
  }
  return found;
}

/// A line of /proc/iomem, "  fed1f410-fed1f414 : iTCO_wdt".
struct IomemLine {
  std::size_t depth = 0;
  Range range;
  std::string name;
};

std::optional<IomemLine> iomem_line(const std::string& text) {
  IomemLine line;
  const std::size_t from = text.find_first_not_of(' ');
  const std::size_t dash = text.find('-'), colon = text.find(" : ");
  if (from == std::string::npos || dash == std::string::npos || colon == std::string::npos ||
      dash > colon)
    return std::nullopt;
  std::uint64_t first = 0, last = 0;
  const char* const start = text.data();
  if (std::from_chars(start + from, start + dash, first, 16).ptr != start + dash ||
      std::from_chars(start + dash + 1, start + colon, last, 16).ptr != start + colon ||
      last < first || last == UINT64_MAX)
    return std::nullopt;
  line.depth = from;
  line.range = {first, last - first + 1};
  line.name = text.substr(colon + 3);
  return line;
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
  const std::string command_line = files.text("/proc/cmdline").value_or("");
  facts.memory_relaxed = relaxed(command_line);
  facts.lockdown_asked = word_behind(command_line, "lockdown=").value_or("");
  facts.lockdown = chosen(files.text("/sys/kernel/security/lockdown"));
  facts.secure_boot = secure_boot(files);
  facts.claims = register_claims(files);
  facts.mtd = mtd_devices(files);
  return facts;
}

bool memory_closed(const KernelFacts& facts) {
  return !facts.memory_readable || facts.lockdown.value_or("none") != "none";
}

std::vector<std::string> holders(std::string_view iomem, Range range) {
  std::istringstream text{std::string(iomem)};
  std::vector<IomemLine> lines;
  for (std::string one; std::getline(text, one);)
    if (auto line = iomem_line(one)) lines.push_back(std::move(*line));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const IomemLine& line = lines[i];
    const bool innermost = i + 1 == lines.size() || lines[i + 1].depth <= line.depth;
    if (!innermost || line.range.end() == 1 || !line.range.overlaps(range)) continue;
    const std::string name = line.name.substr(0, line.name.find(' '));
    if (name == "Reserved" || name == "PCI" || name == "pnp") continue;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace romwright::flash
