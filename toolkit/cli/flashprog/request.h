// SPDX-License-Identifier: GPL-2.0-or-later
// flashprog's and flashrom's command line, as a value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/base/range.h"

namespace romwright::cli::flashprog {

enum class Operation { none, read, write, verify, erase };

/// -i REGION[:FILE].
struct Include {
  std::string region;
  std::string file;  ///< takes the region's content, or has it; empty: the operation's own file
};

struct Request {
  Operation operation = Operation::none;
  std::string file;  ///< of -r, -w, -v; empty where the included regions have files of their own
  std::string programmer, chip;
  std::vector<Include> includes;
  std::string layout_file, fmap_file;
  bool ifd = false, fmap = false;
  bool no_verify = false;      ///< -n
  bool no_verify_all = false;  ///< -N: only the included regions
  bool flash_name = false, flash_size = false;
  bool progress = false;
  int verbosity = 0;
  std::string log_file;
  bool help = false, version = false, list = false;
  bool wp_status = false, wp_list = false, wp_enable = false, wp_disable = false;
  std::optional<Range> wp_range;
  std::string wp_region;

  [[nodiscard]] bool protects() const {
    return wp_status || wp_list || wp_enable || wp_disable || wp_range || !wp_region.empty();
  }
};

/// Reads the options behind the program's name. Throws UsageError for what flashprog refuses:
/// unknown options, two operations, a layout from two places.
Request parse_request(const std::vector<std::string>& arguments);

/// The text of --help.
std::string_view help_text();

}  // namespace romwright::cli::flashprog
