// SPDX-License-Identifier: GPL-2.0-or-later
// A file that is whole or not there: written under another name, renamed when it is complete.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "flash/base/bytes.h"

namespace romwright {

/// A file under way. Until `commit`, `path` holds what it held before; an object that is destroyed
/// uncommitted leaves nothing behind. Where `path` is a symbolic link, the file it points to is
/// replaced; a device or pipe is written in place. All failures are an Error
/// "PATH: cannot ...: REASON" with the system's reason.
class OutputFile {
 public:
  /// Makes the temporary file in the folder of `path`, which must exist.
  explicit OutputFile(const std::filesystem::path& path) : OutputFile(path, path) {}
  /// The same, called `shown` in messages.
  OutputFile(std::filesystem::path path, std::filesystem::path shown);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  /// Appends `bytes`.
  void write(ConstBytes bytes);
  /// Appends `pieces` straight to the disk, past the system's cache of files, where the file system
  /// can do that and all of them begin and end on pages (see PageBuffer); else as `write` does.
  void write_past_cache(std::span<const ConstBytes> pieces);
  /// Sets the time of the last change, in seconds since 1970; to be called behind the last `write`.
  void set_time(std::int64_t seconds);
  /// Closes the file and gives it its name and the mode 0666 less the umask. With `durable`, data
  /// and name are on the disk (fsync) when it returns.
  void commit(bool durable = false);

  /// The name that the file will have.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Bytes written so far.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  [[noreturn]] void fail(const char* what, int error) const;
  [[nodiscard]] std::size_t write_directly(std::span<const ConstBytes> pieces);
  void discard() noexcept;

  std::filesystem::path path_;
  std::filesystem::path shown_;
  std::filesystem::path target_;  ///< `path_` with symbolic links resolved
  std::string temporary_;         ///< empty when the file is written in place
  int file_ = -1;
  std::uint64_t size_ = 0;
};

/// Writes `bytes` as the whole of `path`, or leaves what is there.
void write_whole(const std::filesystem::path& path, ConstBytes bytes, bool durable = false);

}  // namespace romwright
