// SPDX-License-Identifier: GPL-2.0-or-later
// Is this image the board's, and is everything in it that the board needs to boot?
#pragma once

#include <span>
#include <string>

#include "flash/base/bytes.h"
#include "flash/base/problem.h"
#include "toolkit/manifests/board.h"
#include "toolkit/pipeline/insertion.h"

namespace romwright::pipeline {

/// What was found, told apart by what it means: the image is damaged, it is another board's, or
/// vendor files are missing.
struct Findings {
  Problems image;
  Problems board;
  Problems vendor;

  /// Adds what was found in `rom`, whose name goes in front.
  void add(const Findings& other, const std::string& rom);
  [[nodiscard]] Problems all() const;
  /// True when nothing stands against flashing it: warnings and notes do not count.
  [[nodiscard]] bool sound() const;
  /// Throws RefusedError for another board's image, ImageError for a damaged one, VendorError for a
  /// missing file, in this order, with every other error behind it; returns when `sound`.
  void require_sound() const;
};

/// Size, descriptor and platform against the manifest; what is wrong with the image in itself; and
/// each vendor file's presence, seen in the image itself. `image` may still have its padding byte.
Findings check_for_board(ConstBytes image, const manifests::Board& board,
                         std::span<const Insertion> insertions);

}  // namespace romwright::pipeline
