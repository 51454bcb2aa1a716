// SPDX-License-Identifier: GPL-2.0-or-later
// A board manifest as plain values; docs/manifests.md tells what each key means.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "flash/base/range.h"
#include "toolkit/manifests/file_reference.h"
#include "toolkit/manifests/yaml_reader.h"

namespace romwright::manifests {

/// Shell patterns; an empty one matches everything.
struct DmiPattern {
  std::string vendor, product, version, board;
};

/// Shell patterns against what coreboot tells of itself.
struct CorebootPattern {
  std::string vendor, part;
};

/// What the running machine must be before an internal write: one of each list must match. Both
/// empty: nothing is known.
struct Machine {
  std::vector<DmiPattern> dmi;
  std::vector<CorebootPattern> coreboot;
};

/// What coreboot calls the board; texts may be empty.
struct CorebootBuild {
  std::string tree, mainboard, variant;
};

struct BoardDescriptor {
  std::string platform;                 ///< "sklkbl"; empty: guessed from the descriptor
  std::map<std::string, Range> expect;  ///< region, by ifdtool's short name
};

struct BoardImage {
  std::uint64_t size = 0;
  bool part_of_chip = false;  ///< the chips are larger than the image
  std::optional<BoardDescriptor> descriptor;
};

struct BoardChip {
  std::string name;
  std::uint64_t size = 0;
};

struct BoardCbfs {
  std::optional<std::uint64_t> size;
  std::map<std::string, std::uint64_t> options;
};

struct RegionTarget {
  std::string region;
};

struct CbfsTarget {
  std::string name;
  std::string type;                      ///< by name, or as a decimal number
  std::optional<std::uint32_t> address;  ///< in memory, the image ending at 4 GiB
  std::optional<std::int64_t> offset;    ///< in CBFS; negative: before its end
  bool xip = false;
};

struct Insert {
  FileReference file;
  std::variant<RegionTarget, CbfsTarget> target;
};

/// A chip beside those of the image.
struct SeparateChip {
  std::string name;
  std::uint64_t size = 0;
  FileReference file;
};

enum class FromVendorFirmware { unknown, never, always, with_notes };

struct InternalWrite {
  std::map<std::string, std::string> options;  ///< parameters of -p internal
  FromVendorFirmware from_vendor_firmware = FromVendorFirmware::unknown;
  std::optional<std::uint64_t> boot_block_swap;  ///< bytes that its firmware locks at the top
};

enum class NoteTime { always, prepare, internal, external, boot };

struct Note {
  NoteTime before = NoteTime::always;
  std::string text;  ///< one line
};

struct Board {
  std::string name;
  std::string title;
  std::vector<std::string> aliases;
  Machine machine;
  CorebootBuild coreboot;
  BoardImage image;
  std::vector<BoardChip> chips;  ///< ascending; empty: nothing is known
  BoardCbfs cbfs;
  std::vector<Insert> insert;  ///< in this order
  std::vector<SeparateChip> separate_chips;
  std::string default_mac;  ///< empty: the release holds none
  InternalWrite internal;
  std::vector<Note> notes;
  std::filesystem::path file;  ///< where it was read from
};

/// The board of a document. Throws ManifestError with every problem: what the schema refuses, or,
/// where it refuses nothing, what does not fit together (regions beyond the image, chips of another
/// size than the image, two vendor files in one place).
Board parse_board(const YamlDocument& document);

/// Reads a board manifest. Throws as read_yaml and parse_board.
Board load_board(const std::filesystem::path& path);

}  // namespace romwright::manifests
