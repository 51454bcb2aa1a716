// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a release: a .tar.xz, a folder, or one ROM, each whole or not there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::images {

enum class ReleaseOutput { tar_xz, folder, rom };

/// What a user who names `path` as output means: ".tar.xz" is a tarball, ".rom" one ROM, a device
/// or pipe (written in place) one ROM where the output is `single` and a tarball otherwise,
/// everything else a folder. Throws UsageError for other archives' names, such as ".zip" or
/// ".tar.gz".
[[nodiscard]] ReleaseOutput output_of(const std::filesystem::path& path, bool single);

/// What is written: the members, and the time that all of them get.
struct ReleaseContents {
  std::vector<std::string> members;  ///< relative paths, such as "bin/x230_12mb/.version"
  std::int64_t date = 0;             ///< seconds since 1970
  std::uint64_t largest = std::uint64_t{16} << 20;  ///< about the size of the largest, in bytes
};

/// A release under way. Members are handed over in any order and from several threads; a tarball
/// has them sorted by name, and the same members give the same bytes everywhere. Nothing is at the
/// output's path before `finish`, and nothing of it is left where the object is destroyed before.
/// Failures are an Error with the path and the system's reason.
class ReleaseWriter {
 public:
  /// `output` `rom` takes exactly one member, whose name is not used.
  static std::unique_ptr<ReleaseWriter> create(const std::filesystem::path& path,
                                               ReleaseOutput output, ReleaseContents contents,
                                               std::stop_token stop = {});
  ReleaseWriter(const ReleaseWriter&) = delete;
  ReleaseWriter& operator=(const ReleaseWriter&) = delete;
  virtual ~ReleaseWriter() = default;

  /// Hands over the content of a member that was announced, once. Memory stays bounded: what has to
  /// wait for its turn in a tarball lies in an unnamed file beside it. Throws InterruptedError on
  /// a requested stop.
  virtual void put(std::string_view member, Buffer content) = 0;
  /// Completes the output and gives it its name. Every member has been put.
  virtual void finish() = 0;

 protected:
  ReleaseWriter() = default;
};

}  // namespace romwright::images
