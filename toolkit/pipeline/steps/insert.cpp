// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/steps/insert.h"

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::pipeline {

namespace {

using images::CbfsType;

images::IfdView descriptor_of(ConstBytes image) {
  const auto ifd = images::find_ifd(image);
  if (!ifd) throw ImageError("the image has no flash descriptor", "is it the right board?");
  return *ifd;
}

ConstBytes region_of(ConstBytes image, const std::string& name) {
  const auto range = descriptor_of(image).region(name);
  if (!range)
    throw ImageError(fmt::format("the descriptor has no region {}", name),
                     "is it the right board?");
  return slice(image, *range, "region " + name);
}

Range cbfs_of(ConstBytes image) {
  const auto region = images::locate_cbfs(image);
  if (!region) throw ImageError("the image has no CBFS", "is it a coreboot image?");
  return *region;
}

/// Content that depends on where the file lies, or is made from it: the stored bytes are not the
/// file's.
bool is_converted(const IntoCbfs& into) { return into.xip || into.type == CbfsType::stage; }

bool is_pinned(ConstBytes content, const vendor::WantedFile& file) {
  return hex_digest(Hash::sha512, content) == file.sha512;
}

Presence presence_in_region(ConstBytes region, const vendor::WantedFile& file) {
  if (all_equal(region, 0xff) || all_equal(region, 0x00)) return Presence::absent;
  // Without a size it is not known where the file ends: it may fill the region, or be followed by
  // blank space.
  if (file.size)
    return *file.size <= region.size() && is_pinned(region.first(*file.size), file)
               ? Presence::pinned
               : Presence::other;
  return is_pinned(region, file) ? Presence::pinned : Presence::present;
}

}  // namespace

Presence presence_of(ConstBytes image, const Insertion& insertion) {
  if (const auto* into = std::get_if<IntoRegion>(&insertion.where))
    return presence_in_region(region_of(image, into->region), insertion.file);
  const auto& into = std::get<IntoCbfs>(insertion.where);
  const images::CbfsView cbfs(image, cbfs_of(image));
  const images::CbfsFile* file = cbfs.find(into.name);
  if (file == nullptr) return Presence::absent;
  if (is_converted(into)) return Presence::present;
  return is_pinned(cbfs.contents(*file), insertion.file) ? Presence::pinned : Presence::other;
}

void insert_file(Bytes image, const Insertion& insertion, ConstBytes file) {
  if (const auto* into = std::get_if<IntoRegion>(&insertion.where)) {
    images::IfdEditor(image).insert_region(into->region, file);
    return;
  }
  const auto& into = std::get<IntoCbfs>(insertion.where);
  images::CbfsEditor cbfs(image, cbfs_of(image));
  images::CbfsAddOptions options;
  options.type = into.type;
  options.position = into.position;
  if (into.xip)
    cbfs.add_fsp_xip(into.name, file, options);
  else if (into.type == CbfsType::stage)
    cbfs.add_stage(into.name, file, options);
  else
    cbfs.add(into.name, file, options);
}

void remove_file(Bytes image, const Insertion& insertion) {
  if (const auto* into = std::get_if<IntoRegion>(&insertion.where)) {
    images::IfdEditor(image).erase_region(into->region);
    return;
  }
  const auto& into = std::get<IntoCbfs>(insertion.where);
  images::CbfsEditor cbfs(image, cbfs_of(image));
  if (cbfs.view().find(into.name) != nullptr) cbfs.remove(into.name);
}

}  // namespace romwright::pipeline
