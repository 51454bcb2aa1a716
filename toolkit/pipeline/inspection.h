// SPDX-License-Identifier: GPL-2.0-or-later
// Everything that can be told of an image without knowing its board.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/problem.h"
#include "toolkit/images/formats/cbfs/cbfs_file.h"
#include "toolkit/images/formats/gbe.h"
#include "toolkit/images/formats/me.h"
#include "toolkit/images/layout.h"

namespace romwright::pipeline {

struct Inspection {
  std::uint64_t size = 0;
  std::string chipset;  ///< that the descriptor is for; empty without one
  images::Layout layout;
  std::vector<std::uint64_t> components;  ///< sizes of the descriptor's chips
  std::vector<images::CbfsFile> cbfs;
  std::optional<images::Mac> mac;
  std::optional<images::MeView> me;  ///< reads in the image, which must outlive it
  bool me_disabled = false;
  Problems problems;
};

/// Never throws on bad input: what cannot be read is among the problems.
Inspection inspect_image(ConstBytes image);

/// True for a file that is no archive by its first bytes.
bool is_plain_file(const std::filesystem::path& path);

}  // namespace romwright::pipeline
