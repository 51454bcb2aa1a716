// SPDX-License-Identifier: GPL-2.0-or-later
// A tar archive read as a stream, by libarchive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "flash/base/bytes.h"

struct archive;
struct archive_entry;

namespace romwright::images {

/// Reads one tar archive from its first member to its last: plain, or compressed by gzip, xz,
/// zstd, bzip2, lzma or lz4. A damaged or truncated archive, and one with more than 100 000 members
/// or 4 GiB, is an ImageError "PATH: ...", with the member where one is under way.
class ArchiveReader {
 public:
  enum class Type { file, folder, link, other };
  struct Member {
    std::string path;        ///< as stored, without leading "./"
    Type type = Type::file;  ///< `link`: symbolic or hard; `other`: devices, pipes, sockets
    std::uint64_t size = 0;
  };

  explicit ArchiveReader(const std::filesystem::path& path, std::stop_token stop = {});
  /// An archive in memory, called `name` in messages; `bytes` must outlive the reader.
  ArchiveReader(ConstBytes bytes, std::string name);

  /// Goes on to the next member; false behind the last. Throws ImageError for a path that is
  /// absolute, empty, leaves the archive or is no printable text.
  bool next(Member& member);
  /// The content of the current member, `largest` bytes at most.
  Buffer content(std::uint64_t largest);

 private:
  struct Close {
    void operator()(archive* reader) const noexcept;
  };
  [[noreturn]] void fail(std::string_view member);
  void check_stop() const;

  std::string name_;
  std::stop_token stop_;
  std::unique_ptr<archive, Close> archive_;
  Member member_;
  std::uint64_t members_ = 0;
  std::uint64_t bytes_ = 0;  ///< of all members so far
};

}  // namespace romwright::images
