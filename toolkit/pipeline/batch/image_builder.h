// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the images of a batch: a ROM is completed once, and each of its images differs from that in
// its GbE region alone.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "flash/base/page_buffer.h"
#include "toolkit/pipeline/batch/batch_setup.h"
#include "toolkit/pipeline/prepare.h"

namespace romwright::pipeline {

/// A ROM with its vendor files and the plan's files.
struct BaseImage {
  PreparedRom rom;  ///< its content is in `image`
  PageBuffer image;
  std::vector<std::string> added;
};

/// An image as pieces that follow each other: those of the base, and its own GbE region. Valid as
/// long as the base.
class ImagePieces {
 public:
  /// The base with another MAC, or as it is. Warns and throws as mac_patch.
  ImagePieces(ConstBytes base, const std::optional<images::Mac>& mac, EventSink& events);

  [[nodiscard]] const std::array<ConstBytes, 3>& pieces() const noexcept { return pieces_; }
  [[nodiscard]] std::uint64_t size() const noexcept;
  [[nodiscard]] Buffer whole() const;

 private:
  PageBuffer region_;
  std::array<ConstBytes, 3> pieces_;
};

/// So many images of one base are hashed in the time of two.
inline constexpr std::size_t images_at_once = 4;

/// The SHA-512 of each; all are of one base, and have another MAC than that.
std::vector<std::string> sha512_of(std::span<const ImagePieces> images);

/// Completes `rom` as prepare_rom does, then adds the build's files. Throws as prepare_rom, and
/// ImageError where a file does not fit, is there already, or is not the one any more that the plan
/// was read with.
BaseImage make_base(const BatchBuild& build, images::Rom rom, const images::HashList* hashes,
                    const VendorFiles& files, Run& run);

}  // namespace romwright::pipeline
