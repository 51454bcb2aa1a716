// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/cbfs_editor.h"

#include <bit>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_change.h"
#include "toolkit/images/formats/cbfs/cbfs_compression.h"
#include "toolkit/images/formats/cbfs/cbfs_entry.h"
#include "toolkit/images/formats/cbfs/cbfs_space.h"
#include "toolkit/images/formats/cbfs/cbfs_stage.h"
#include "toolkit/images/formats/cbfs/fsp_relocation.h"
#include "toolkit/images/formats/cbfs/metadata_hash.h"

namespace romwright::images {
namespace {

constexpr std::uint32_t fsp_alignment = 4096;
constexpr std::uint64_t top_of_memory = 1ULL << 32;
// What attributes add to a header, tag and length included.
constexpr std::uint64_t compression_size = 16, stage_size = 24, position_size = 12,
                        alignment_size = 12, hash_size = 12;

std::uint64_t digest_size(std::uint32_t algorithm) {
  return digest(vboot_hash(algorithm), {}).size();
}

/// The header's size as cbfstool takes it when it looks for an aligned place: before it knows
/// whether compression helps, and without padding.
std::uint64_t assumed_header_size(std::string_view name, bool stage, bool position,
                                  const CbfsAddOptions& options) {
  return plain_header_size(name) + (stage ? stage_size : 0) +
         (options.compression != CbfsCompression::none ? compression_size : 0) +
         (options.hash != 0 ? hash_size + digest_size(options.hash) : 0) +
         (options.generate_attributes
              ? (options.alignment != 0 ? alignment_size : 0) + (position ? position_size : 0)
              : 0);
}

/// What the position attribute holds: an offset in the region, or the address that was asked for.
std::uint32_t recorded_position(const std::optional<CbfsPosition>& asked, std::uint64_t at,
                                std::uint64_t image_size, const Range& region) {
  if (!asked || asked->kind() != CbfsPosition::Kind::address)
    return static_cast<std::uint32_t>(at - region.offset);
  return static_cast<std::uint32_t>(top_of_memory - image_size + at);
}

void check(const CbfsAddOptions& options) {
  if (options.type == CbfsType::deleted || options.type == CbfsType::null)
    throw ImageError(fmt::format("type {} is free space, no file", cbfs_type_name(options.type)));
  if (options.alignment != 0 && !std::has_single_bit(options.alignment))
    throw ImageError(fmt::format("alignment {:#x} is no power of two", options.alignment));
  if (options.alignment != 0 && options.position)
    throw ImageError("a position and an alignment exclude each other");
}

}  // namespace

/// What is to be added, whatever it was made from.
struct CbfsEditor::NewFile {
  std::string_view name;
  ConstBytes content;
  std::optional<CbfsStageHeader> stage;
  bool relocate = false;        ///< an FSP that is executed in place
  std::size_t source_size = 0;  ///< of what the content was made from: cbfstool aligns by that
};

void CbfsEditor::add_file(const NewFile& file, const CbfsAddOptions& given) {
  CbfsAddOptions options = given;
  check(options);
  const CbfsView view(image_, region_);
  if (view.find(file.name) != nullptr)
    throw ImageError("is in the image already", "remove it first");
  if (file.content.empty()) throw ImageError("is empty");
  const std::optional<MetadataHash> hash = MetadataHash::find(image_, region_, view.files());
  if (hash) {
    if (options.hash != 0 && options.hash != hash->algorithm())
      throw RefusedError("its hash is of another algorithm than the metadata hash of the image");
    options.hash = hash->algorithm();
  }
  const CbfsSpace space(view);
  std::optional<std::uint64_t> at;
  if (options.position) at = options.position->resolve(image_.size(), region_);
  if (options.alignment != 0)
    at =
        space.locate(assumed_header_size(file.name, file.stage.has_value(), file.relocate, options),
                     file.source_size, options.alignment);
  Buffer content(file.content.begin(), file.content.end());
  if (file.relocate) {
    const std::uint64_t address = top_of_memory - image_.size() + *at;
    content = relocate_fsp(content, static_cast<std::uint32_t>(address));
  }
  bool compressed = false;
  if (options.compression != CbfsCompression::none) {
    Buffer smaller = cbfs_compress(options.compression, content);
    compressed = smaller.size() < content.size();
    if (compressed) content = std::move(smaller);
  }
  CbfsHeader header(file.name, options.type, content.size());
  if (file.stage) header.add_stage(*file.stage);
  if (compressed) header.add_compression(options.compression, file.content.size());
  if (options.hash != 0) header.add_hash(options.hash, digest(vboot_hash(options.hash), content));
  if (options.generate_attributes) {
    if (options.position || file.relocate)
      header.add_position(recorded_position(options.position, *at, image_.size(), region_));
    if (options.alignment != 0) header.add_alignment(options.alignment);
  }
  if (options.padding != 0) header.add_padding(options.padding);
  const std::vector<CbfsWrite> writes = space.place({header.finish(), content, at});
  check_immovable(image_, writes);
  apply(image_, region_, writes, hash);
}

void CbfsEditor::add(std::string_view name, ConstBytes content, const CbfsAddOptions& options) {
  within(fmt::format("CBFS file {}", name), [&] {
    add_file({name, content, {}, false, content.size()}, options);
  });
}

void CbfsEditor::add_stage(std::string_view name, ConstBytes program,
                           const CbfsAddOptions& options) {
  within(fmt::format("CBFS file {}", name), [&] {
    const CbfsStage stage = stage_from_program(program);
    CbfsAddOptions of_stage = options;
    of_stage.type = CbfsType::stage;
    add_file({name, stage.content, stage.header, false, program.size()}, of_stage);
  });
}

void CbfsEditor::add_fsp_xip(std::string_view name, ConstBytes fsp, const CbfsAddOptions& options) {
  within(fmt::format("CBFS file {}", name), [&] {
    if (options.compression != CbfsCompression::none)
      throw ImageError("what is executed in place cannot be compressed");
    CbfsAddOptions in_place = options;
    in_place.type = CbfsType::fsp;
    if (!in_place.position && in_place.alignment == 0) in_place.alignment = fsp_alignment;
    add_file({name, fsp, {}, true, fsp.size()}, in_place);
  });
}

void CbfsEditor::remove(std::string_view name) {
  within(fmt::format("CBFS file {}", name), [&] {
    const CbfsView view(image_, region_);
    const CbfsFile* file = view.find(name);
    if (file == nullptr) throw ImageError("is not in the image");
    const std::optional<MetadataHash> hash = MetadataHash::find(image_, region_, view.files());
    check_removable(image_, *file, hash);
    const std::vector<CbfsWrite> writes = CbfsSpace(view, file).merge();
    check_immovable(image_, writes);
    apply(image_, region_, writes, hash);
  });
}

}  // namespace romwright::images
