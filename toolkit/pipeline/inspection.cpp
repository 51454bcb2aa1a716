// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/inspection.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "flash/base/error.h"
#include "toolkit/images/check.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::pipeline {

namespace {

/// Runs `body`; what it could not read is told by `check_image`.
template <typename Body>
void as_far_as_possible(Body body) {
  try {
    body();
  } catch (const Error&) {
  }
}

void inspect_descriptor(Inspection& found, ConstBytes image) {
  const auto ifd = images::find_ifd(image);
  if (!ifd) return;
  found.chipset = images::to_string(ifd->chipset());
  found.components = ifd->components();
  found.me_disabled = ifd->me_disabled();
  as_far_as_possible([&] {
    if (const auto gbe = ifd->region("gbe"))
      found.mac = images::GbeView(slice(image, *gbe, "gbe")).mac();
  });
  as_far_as_possible([&] {
    if (const auto me = ifd->region("me")) found.me.emplace(slice(image, *me, "me"));
  });
}

}  // namespace

Inspection inspect_image(ConstBytes image) {
  Inspection found;
  found.size = image.size();
  as_far_as_possible([&] { found.layout = images::image_layout(image); });
  as_far_as_possible([&] { inspect_descriptor(found, image); });
  as_far_as_possible([&] {
    if (const auto region = images::locate_cbfs(image))
      found.cbfs = images::CbfsView(image, *region).files();
  });
  // A lone ME region is worth a look too.
  if (!found.me && images::is_me_region(image))
    as_far_as_possible([&] { found.me.emplace(image); });
  found.problems = images::check_image(image);
  return found;
}

bool is_plain_file(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) return false;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 262> head{};
  file.read(head.data(), head.size());
  const std::string_view start(head.data(), static_cast<std::size_t>(file.gcount()));
  constexpr std::array<std::string_view, 4> archives = {std::string_view("\xfd"
                                                                         "7zXZ"),
                                                        "\x1f\x8b", "\x28\xb5\x2f\xfd", "BZh"};
  return std::ranges::none_of(archives,
                              [&](std::string_view magic) { return start.starts_with(magic); }) &&
         (start.size() < head.size() || start.substr(257, 5) != "ustar");
}

}  // namespace romwright::pipeline
