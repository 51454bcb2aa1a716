// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/check.h"

#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_view.h"
#include "toolkit/images/formats/fmap.h"
#include "toolkit/images/formats/gbe.h"
#include "toolkit/images/formats/ifd.h"
#include "toolkit/images/formats/me.h"
#include "toolkit/images/padding.h"

namespace romwright::images {

namespace {

void append(Problems& all, Problems more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Runs `body`; an error that leaves it is one more problem.
template <typename Body>
void collect(Problems& all, std::string_view where, Body body) {
  try {
    body();
  } catch (const Error& error) {
    all.push_back({Severity::error, std::string(where), error.what(), error.hint()});
  }
}

void check_size(Problems& all, ConstBytes image) {
  switch (padding_of(image)) {
    case Padding::none:
      return;
    case Padding::byte:
      all.push_back({Severity::error, "image",
                     "it still has its padding byte: vendor files are missing",
                     "romwright prepare"});
      return;
    case Padding::wrong:
      all.push_back({Severity::error, "image",
                     fmt::format("{} are no flash chip's size", human_size(image.size())), ""});
  }
}

/// The part of the image that a region names, where it lies inside.
std::optional<ConstBytes> region_bytes(ConstBytes image, const IfdView& ifd,
                                       std::string_view name) {
  const auto range = ifd.region(name);
  if (!range || !Range{0, image.size()}.contains(*range)) return std::nullopt;
  return image.subspan(range->offset, range->size);
}

void check_descriptor(Problems& all, ConstBytes image) {
  const auto ifd = find_ifd(image);
  if (!ifd) return;
  append(all, ifd->check());
  if (const auto gbe = region_bytes(image, *ifd, "gbe"))
    collect(all, "region gbe", [&] { append(all, GbeView(*gbe).check()); });
  const auto me = region_bytes(image, *ifd, "me");
  if (me && !all_equal(*me, 0xff))
    collect(all, "region me", [&] { append(all, MeView(*me).check()); });
}

}  // namespace

Problems check_image(ConstBytes image) {
  Problems all;
  check_size(all, image);
  collect(all, "flash descriptor", [&] { check_descriptor(all, image); });
  collect(all, "FMAP", [&] { (void)find_fmap(image); });
  collect(all, "CBFS", [&] {
    if (const auto region = locate_cbfs(image)) (void)CbfsView(image, *region).files();
  });
  return all;
}

}  // namespace romwright::images
