// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/dell/pfs_package.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/dell/bios_guard.h"
#include "toolkit/vendor/dell/pfs_section.h"
#include "toolkit/vendor/dell/pfs_text.h"
#include "toolkit/vendor/dell/pfs_volume.h"
#include "toolkit/vendor/inflate.h"

namespace romwright::vendor {

namespace {

constexpr std::uint64_t largest_image = 64ULL << 20;  // that any flash chip holds

/// Where a volume stands in the package.
struct Place {
  std::string section;  // of the package itself
  std::string folder;   // "Firmware", "Firmware/2 Other v1/Firmware"
  std::string name;     // of the volume
  unsigned index = 1;   // and its number
};

class Reader {
 public:
  Reader(PfsPackage& package, const PfsLimits& limits) : package_(package), limits_(limits) {}

  /// Returns how many sections there were.
  std::size_t read_sections(const Content& content, const Place& place, bool inner) {
    if (depth_ == limits_.depth)
      throw ImageError(fmt::format("{}: packages lie {} levels deep", place.folder, depth_));
    ++depth_;
    const std::vector<PfsSection> sections = find_pfs_sections(content.bytes());
    for (const PfsSection& section : sections) {
      Place within_place = place;
      if (!inner) within_place.section = section.name();
      within_place.folder += (place.folder.empty() ? "" : "/") + section.name();
      within(within_place.folder,
             [&] { read_section(content.part(section.stream, "section"), within_place); });
    }
    --depth_;
    return sections.size();
  }

 private:
  void read_section(const Content& stream, const Place& place) {
    const Content content(inflate_stream(stream.bytes(), limits_.memory));
    limits_.memory -= content.size();
    if (is_pfs_volume(content.bytes()))
      read_volume(content, place);
    else
      package_.components.push_back(
          {place.section, "", "", fmt::format("{}/{}.bin", place.folder, place.name), content});
  }

  void read_volume(const Content& content, const Place& place) {
    const PfsVolume volume = read_pfs_volume(content.bytes());
    if (!volume.footer_fits)
      package_.warnings.push_back(
          fmt::format("{}: the checksum or size of the PFS volume is wrong", place.folder));
    std::vector<PfsName> names;
    for (const PfsEntry& entry : volume.entries)
      if (pfs_role(entry.guid) == PfsRole::names)
        names = read_pfs_names(content.part(entry.data, "names").bytes());
    const std::vector<PfsName> all_names = names;
    unsigned inner = place.index;
    for (const PfsEntry& entry : volume.entries)
      read_entry(content, place, entry, names, all_names, inner);
  }

  void read_entry(const Content& content, const Place& place, const PfsEntry& entry,
                  std::vector<PfsName>& names, const std::vector<PfsName>& all_names,
                  unsigned& inner) {
    PfsComponent component{place.section, "", entry.version, "", content.part(entry.data, "entry")};
    const PfsRole role = pfs_role(entry.guid);
    if (role == PfsRole::names || role == PfsRole::signatures) return;
    if (role == PfsRole::model) component.name = "Model Information";
    // Packages within this one share a GUID: each name is used once, in order.
    if (const auto name = std::ranges::find(names, entry.guid, &PfsName::guid);
        name != names.end()) {
      component.name = name->name;
      component.version = name->version;
      names.erase(name);
    }
    const ConstBytes data = component.content.bytes();
    if (is_bios_guard_volume(data)) {
      component.content =
          Content(join_bios_guard_blocks(data, std::min(largest_image, limits_.memory)));
      limits_.memory -= component.content.size();
    } else if (!find_pfs_sections(data).empty()) {
      read_inner(component.content, place, all_names, ++inner);
      component.content = content.part(entry.metadata, "metadata");
    }
    if (component.content.size() == 0) return;
    const char* extension = pfs_text(component.content);
    component.path =
        fmt::format("{}/{}{}", place.folder,
                    pfs_safe_name(fmt::format("{} {} -- {} {} v{}", place.index, place.name,
                                              entry.index, component.name, component.version)),
                    extension);
    package_.components.push_back(std::move(component));
  }

  /// Packages within a package are called as the first names of the outer one, the second volume
  /// as the first of them.
  void read_inner(const Content& content, const Place& place, const std::vector<PfsName>& names,
                  unsigned index) {
    Place inside = place;
    inside.index = index;
    inside.name = index - 2 < names.size()
                      ? fmt::format("{} v{}", names[index - 2].name, names[index - 2].version)
                      : "UNKNOWN";
    inside.folder += fmt::format("/{} {}", index, pfs_safe_name(inside.name));
    read_sections(content, inside, true);
  }

  PfsPackage& package_;
  PfsLimits limits_;
  int depth_ = 0;
};

}  // namespace

PfsPackage read_pfs_package(const Content& package, std::string_view stem,
                            const PfsLimits& limits) {
  PfsPackage result;
  if (Reader(result, limits).read_sections(package, {"", "", pfs_safe_name(stem), 1}, false) == 0)
    throw ImageError("is no Dell update package: it has no PFS section");
  return result;
}

}  // namespace romwright::vendor
