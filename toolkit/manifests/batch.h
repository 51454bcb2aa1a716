// SPDX-License-Identifier: GPL-2.0-or-later
// A plan for `romwright batch` as plain values; docs/batch.md tells what each key means.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/manifests/yaml_reader.h"

namespace romwright::manifests {

/// A file that is added to the images' CBFS.
struct BatchFile {
  std::filesystem::path file;
  std::string cbfs;
  std::string type;         ///< by name, or as a decimal number
  std::string compression;  ///< "none", "lzma", "lz4"
  std::optional<std::uint32_t> address;
  std::optional<std::int64_t> offset;
  std::uint32_t alignment = 0;  ///< a power of two; 0: any
  bool replace = false;
};

/// A MAC policy and where the plan says so.
struct BatchMac {
  std::string policy;   ///< "keep", "random", or a pattern with x, X and ?
  bool random = false;  ///< some digits are
  Mark mark;
  std::string line;  ///< the plan's text there, for messages
};

/// Images of one board: releases x ROMs x MACs x copies.
struct BatchBuild {
  std::string board;                  ///< a name, an alias, or the path of a manifest
  std::vector<std::string> releases;  ///< absolute or from the working folder; shell patterns
  std::vector<std::string> roms;      ///< shell patterns; none: all
  std::vector<BatchMac> macs;         ///< at least one
  std::uint64_t copies = 1;           ///< of each random one
  std::string suffix;                 ///< behind the ROMs' names; may be empty
  std::vector<BatchFile> files;       ///< in this order
  Mark mark;
  std::string line;
  Mark board_mark;
  std::string board_line;
};

enum class BatchFormat { folder, tarballs };

/// Paths are as they are found from the working folder.
struct BatchPlan {
  std::string name;
  std::filesystem::path output;
  BatchFormat format = BatchFormat::folder;
  std::string seed;  ///< empty: no MAC is random
  std::vector<std::filesystem::path> manifests;
  std::vector<std::filesystem::path> vendor_directories;
  std::vector<BatchBuild> builds;
  std::filesystem::path file;  ///< where it was read from
};

/// The plan of a document. Throws ManifestError with every problem: what the schema refuses, or,
/// where it refuses nothing, what does not fit together (random MACs without a seed, a MAC twice,
/// two files in one place of a CBFS).
BatchPlan parse_batch(const YamlDocument& document);

/// Reads a plan. Throws as read_yaml and parse_batch.
BatchPlan load_batch(const std::filesystem::path& path, const std::stop_token& stop = {});

}  // namespace romwright::manifests
