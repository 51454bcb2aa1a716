// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/image_builder.h"

#include <utility>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "flash/base/read_file.h"
#include "flash/base/variants_digest.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/pipeline/steps/board_check.h"

namespace romwright::pipeline {

namespace {

constexpr std::uint64_t largest_file = std::uint64_t{64} << 20;

void add_file(Bytes image, const AddedFile& file) {
  const Buffer content = read_file(file.file, largest_file);
  if (hex_digest(Hash::sha512, content) != file.sha512)
    throw ImageError(fmt::format("{}: was changed meanwhile", file.file.string()), "run it again");
  const auto region = images::locate_cbfs(image);
  if (!region) throw ImageError("the image has no CBFS", "is it a coreboot image?");
  images::CbfsEditor cbfs(image, *region);
  if (cbfs.view().find(file.cbfs) != nullptr) {
    if (!file.replace)
      throw ImageError(fmt::format("CBFS file {}: is in the image already", file.cbfs),
                       "write replace: true in the plan");
    cbfs.remove(file.cbfs);
  }
  if (file.options.type == images::CbfsType::stage)
    cbfs.add_stage(file.cbfs, content, file.options);
  else
    cbfs.add(file.cbfs, content, file.options);
}

}  // namespace

ImagePieces::ImagePieces(ConstBytes base, const std::optional<images::Mac>& mac,
                         EventSink& events) {
  if (!mac) {
    pieces_ = {base, {}, {}};
    return;
  }
  const GbePatch patch = mac_patch(base, *mac, events);
  region_ = PageBuffer(patch.content);
  pieces_ = {base.first(patch.where.offset), region_.bytes(),
             base.subspan(patch.where.offset + patch.where.size)};
}

std::uint64_t ImagePieces::size() const noexcept {
  return pieces_[0].size() + pieces_[1].size() + pieces_[2].size();
}

Buffer ImagePieces::whole() const {
  Buffer image;
  image.reserve(size());
  for (const ConstBytes piece : pieces_) image.insert(image.end(), piece.begin(), piece.end());
  return image;
}

std::vector<std::string> sha512_of(std::span<const ImagePieces> images) {
  if (images.empty()) return {};
  std::vector<ConstBytes> own;
  for (const ImagePieces& image : images) own.push_back(image.pieces()[1]);
  return sha512_of_variants(images.front().pieces()[0], own, images.front().pieces()[2]);
}

BaseImage make_base(const BatchBuild& build, images::Rom rom, const images::HashList* hashes,
                    const VendorFiles& files, Run& run) {
  PreparePlan plan;
  plan.board = build.board;
  plan.insertions = build.insertions;
  plan.roms = {rom.entry};
  BaseImage base{prepare_rom(plan, std::move(rom), hashes, files, run), {}, {}};
  Buffer& content = base.rom.content;
  for (const AddedFile& file : build.files) {
    add_file(content, file);
    base.added.push_back(file.cbfs);
  }
  if (!build.files.empty()) {
    check_for_board(content, build.board, build.insertions).require_sound();
    base.rom.sha512 = hex_digest(Hash::sha512, content);
  }
  base.image = PageBuffer(content);
  content = Buffer();
  return base;
}

}  // namespace romwright::pipeline
