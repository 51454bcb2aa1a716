// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of a file that a batch made: what it was made from, and what came out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace romwright::pipeline {

/// An image, or firmware for a chip of its own.
struct ImageRecord {
  std::string image;    ///< its path below the output; in a tarball its path in that
  std::string board;    ///< as the manifest names it
  std::string release;  ///< the file name of the release
  std::string rom;      ///< the ROM's name there; empty for another chip's firmware
  std::uint64_t size = 0;
  std::string sha512;
  std::string mac;        ///< empty where it has none
  bool verified = false;  ///< equal to the release's hash before anything of the user's went in
  std::vector<std::string>
      inserted;  ///< vendor files that were absent: "me.bin (me-x) into region me"
  std::vector<std::string> added;  ///< the plan's files, by their names in CBFS
  double seconds = 0;
  friend bool operator==(const ImageRecord&, const ImageRecord&) = default;
};

/// One output file: an image, or a tarball with several.
struct OutputRecord {
  std::string path;   ///< below the output
  std::string key;    ///< hash of all that makes it
  std::string stamp;  ///< of the file, see file_stamp
  std::uint64_t size = 0;
  std::string sha512;
  std::vector<ImageRecord> images;
};

/// The records of an output folder, one file each; several processes may use it at once.
class OutputRecords {
 public:
  /// `output` holds what the records tell of, `folder` the records.
  OutputRecords(std::filesystem::path output, std::filesystem::path folder)
      : output_(std::move(output)), folder_(std::move(folder)) {}

  /// The record of `path`, if the file there is the one that was made under `key`: its stamp is the
  /// same, or its content.
  [[nodiscard]] std::optional<OutputRecord> current(const std::string& path,
                                                    const std::string& key) const;
  /// Takes the stamp of the file and keeps the record. Throws Error where it cannot be written.
  void keep(OutputRecord record) const;
  /// The same, size and hash taken from the file.
  void keep_file(OutputRecord record) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& path) const;
  std::filesystem::path output_;
  std::filesystem::path folder_;
};

}  // namespace romwright::pipeline
