// SPDX-License-Identifier: GPL-2.0-or-later
// Writes a tar archive as a stream, the same bytes for the same members.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "flash/base/bytes.h"

struct archive;

namespace romwright::images {

/// A tar archive (ustar; pax headers for names that do not fit) whose members belong to root, have
/// the mode 0644 (folders 0755) and all the same time. Folders come before what lies in them. The
/// bytes go to `sink` as they come; what it throws comes out of the call that caused it.
class ArchiveWriter {
 public:
  using Sink = std::function<void(ConstBytes)>;

  /// `date`: the members' time in seconds since 1970.
  ArchiveWriter(std::int64_t date, Sink sink);
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;
  ~ArchiveWriter();

  /// Appends the file `path` (relative), and its folders where they are new.
  void add(const std::string& path, ConstBytes content);
  /// Writes the end of the archive.
  void finish();

 private:
  struct Close {
    void operator()(archive* writer) const noexcept;
  };
  static std::int64_t on_write(archive* writer, void* self, const void* bytes, std::size_t size);
  void add_folders(const std::string& path);
  void header(const std::string& path, bool folder, std::uint64_t size);
  void check(int result);

  std::int64_t date_;
  Sink sink_;
  std::exception_ptr thrown_;  ///< by `sink_`, under libarchive
  std::set<std::string> folders_;
  std::unique_ptr<archive, Close> archive_;
};

}  // namespace romwright::images
