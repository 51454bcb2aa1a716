// SPDX-License-Identifier: GPL-2.0-or-later
// e6400_vga: modules of the BIOS in an older Dell package, the graphics option ROM among them.
#include <array>
#include <optional>

#include <fmt/format.h>

#include "toolkit/vendor/dell/rom_bios_plus.h"
#include "toolkit/vendor/each_file.h"
#include "toolkit/vendor/file_pattern.h"
#include "toolkit/vendor/inflate.h"

namespace romwright::vendor {

namespace {

constexpr std::uint64_t largest_image = 64ULL << 20;
constexpr std::uint64_t largest_modules = 64ULL << 20;
constexpr std::array<std::uint8_t, 3> gzip_signature = {0x1f, 0x8b, 0x08};

bool is_gzip(ConstBytes package, std::uint64_t at) {
  return find_bytes(package.first(std::min<std::size_t>(package.size(), at + 3)), gzip_signature,
                    static_cast<std::size_t>(at)) == at;
}

/// Where the compressed image begins. Recipes may count from 1, as `tail -c` does.
std::optional<std::uint64_t> image_at(ConstBytes package, std::optional<std::uint64_t> offset) {
  if (!offset) return find_bytes(package, gzip_signature);
  if (*offset > package.size()) return std::nullopt;
  if (is_gzip(package, *offset)) return offset;
  if (*offset > 0 && is_gzip(package, *offset - 1)) return *offset - 1;
  return std::nullopt;
}

/// The BIOS in `package`. Without an offset every gzip stream is tried: the updater may hold
/// others.
RomBiosPlus find_bios(ConstBytes package, std::optional<std::uint64_t> offset, Buffer& image) {
  constexpr int most_tries = 64;
  std::optional<std::uint64_t> at = image_at(package, offset);
  if (!at)
    throw ImageError(
        offset ? fmt::format("has no compressed part at {:#x}", *offset) : "has no compressed part",
        "it is another package than the recipe is for");
  for (int tries = 1;; ++tries) {
    try {
      image = inflate_stream(slice(package, {*at, package.size() - *at}, "package"), largest_image);
      return read_rom_bios_plus(image, largest_modules);
    } catch (const ImageError&) {
      if (offset || tries == most_tries) throw;
      at = find_bytes(package, gzip_signature, static_cast<std::size_t>(*at + 1));
      if (!at) throw;
    }
  }
}

void add_modules(const ExtractedFile& file, const nlohmann::json& parameters,
                 ExtractedFiles& found) {
  std::optional<std::uint64_t> offset;
  if (parameters.contains("offset")) offset = parameters["offset"].get<std::uint64_t>();
  const std::string wanted = parameters.value("module", "");
  Buffer image;
  RomBiosPlus bios = find_bios(file.content.bytes(), offset, image);
  std::string names;
  const auto add = [&](const std::string& name, Buffer content) {
    names += (names.empty() ? "" : ", ") + name;
    if (wanted.empty() || name_matches(wanted, name))
      found.push_back({fmt::format("{}/{}", file.path, name), Content(std::move(content))});
  };
  const ConstBytes controller = slice(ConstBytes(image), bios.controller, "controller");
  add("EC.bin", {controller.begin(), controller.end()});
  for (BiosModule& module : bios.modules)
    add(fmt::format("mod_{:02X}.bin", module.type), std::move(module.content));
  if (found.empty())
    throw ImageError(fmt::format("has no BIOS module {}", wanted), "there is " + names);
}

ExtractedFiles e6400_vga(const ExtractedFiles& files, const nlohmann::json& parameters,
                         Workshop& workshop) {
  return from_each_file(files, workshop, "e6400_vga: there is no file",
                        [&](const ExtractedFile& file, ExtractedFiles& found) {
                          add_modules(file, parameters, found);
                        });
}

}  // namespace

extern const ExtractorEntry extractor_e6400_vga{"e6400_vga", e6400_vga};

}  // namespace romwright::vendor
