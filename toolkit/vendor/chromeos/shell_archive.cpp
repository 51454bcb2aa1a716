// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/chromeos/shell_archive.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/vendor/archive_extent.h"
#include "toolkit/vendor/container_reader.h"

namespace romwright::vendor {

namespace {

using namespace std::string_view_literals;

/// Of each kind, that may hold an archive.
constexpr std::size_t most_places = 16;

struct Place {
  std::size_t offset;
  ContainerKind kind;
};

/// "begin 644 NAME" or "begin-base64 644 NAME" at the start of `line`.
bool begins_encoded(ConstBytes line) {
  std::size_t at = 0;
  for (const std::string_view word : {"begin-base64 "sv, "begin "sv})
    if (line.size() >= word.size() && std::ranges::equal(line.first(word.size()), as_bytes(word))) {
      at = word.size();
      break;
    }
  if (at == 0) return false;
  const std::size_t mode = at;
  while (at < line.size() && at - mode < 4 && line[at] >= '0' && line[at] <= '7') ++at;
  return at - mode >= 3 && at + 1 < line.size() && line[at] == ' ' && line[at + 1] > ' ';
}

/// Where a line of the script begins an archive, in order.
std::vector<Place> places_within(ConstBytes script) {
  std::vector<Place> places;
  constexpr std::uint8_t newline[] = {'\n'};
  for (auto at = find_bytes(script, newline); at && places.size() < most_places;
       at = find_bytes(script, newline, *at + 1)) {
    const ConstBytes line = script.subspan(*at + 1);
    if (begins_encoded(line) || container_kind(line.first(std::min<std::size_t>(
                                    line.size(), 16))) == ContainerKind::compressed)
      places.push_back({*at + 1, ContainerKind::script_tar});
  }
  return places;
}

}  // namespace

bool is_shell_script(ConstBytes bytes) {
  return bytes.size() >= 2 && bytes[0] == '#' && bytes[1] == '!';
}

ExtractedFiles read_shell_archive(const ExtractedFile& script, UnpackBudget& budget,
                                  Workshop& workshop) {
  const ConstBytes bytes = script.content.bytes();
  std::vector<Place> places;
  // The offsets within it count from the start of the script or of the archive: the reader tells.
  if (find_zip_end(bytes, longest_zip_tail)) places.push_back({0, ContainerKind::zip});
  std::ranges::copy(places_within(bytes), std::back_inserter(places));
  std::optional<ImageError> damaged;
  for (const Place& place : places) {
    const ExtractedFile archive{
        script.path, script.content.part({place.offset, bytes.size() - place.offset}, script.path)};
    try {
      UnpackBudget trial = budget;
      ExtractedFiles files = read_container(archive, place.kind, trial, workshop);
      if (files.empty()) continue;
      budget = trial;
      return files;
    } catch (const LimitError&) {
      throw;
    } catch (const ImageError& error) {
      if (!damaged) damaged = error;
    }
  }
  if (damaged) throw *damaged;
  throw ImageError(fmt::format("{}: a script with no archive in it", script.path));
}

}  // namespace romwright::vendor
