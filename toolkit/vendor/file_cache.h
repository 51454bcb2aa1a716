// SPDX-License-Identifier: GPL-2.0-or-later
// Files that were got once, named by their SHA-512, for all processes of the user.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "flash/base/event.h"
#include "toolkit/vendor/content.h"

namespace romwright::vendor {

/// A folder: `files/HASH` is complete, `partial/HASH.part` is a download under way. Hashes are 128
/// lower-case digits. The folder is made on the first use that writes, for the user only. Failures
/// are an Error "PATH: cannot ...: REASON". Callable from several threads and processes.
class FileCache {
 public:
  explicit FileCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  /// The file of this name, where there is one. Its content is not looked at.
  [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& sha512) const;
  /// The file, mapped, once its content was found to be the right one. A damaged file is removed
  /// with a warning, and counts as absent.
  [[nodiscard]] std::optional<Content> load(const std::string& sha512, EventSink& events) const;

  /// Stores `bytes`, whose hash the caller has verified, under it; returns the file. What is there
  /// is replaced at once, without a moment in between.
  std::filesystem::path add(ConstBytes bytes, const std::string& sha512) const;
  /// The same with a file of the caller's, which is moved; it must lie on the same file system,
  /// such as `part`.
  std::filesystem::path add(const std::filesystem::path& file, const std::string& sha512) const;

  /// Where a download is collected; whoever holds the lock may write it. The folder exists.
  [[nodiscard]] std::filesystem::path part(const std::string& sha512) const;

  /// Held by the one who makes a file. Released when it is destroyed.
  class Lock {
   public:
    Lock(Lock&& other) noexcept;
    Lock& operator=(Lock&&) = delete;
    ~Lock();

   private:
    friend class FileCache;
    Lock(int file, std::filesystem::path path) : file_(file), path_(std::move(path)) {}
    int file_;
    std::filesystem::path path_;
  };
  /// Waits until nobody else makes this file, and says so once; look again with `load` then. Throws
  /// InterruptedError where `run.stop` was requested meanwhile.
  [[nodiscard]] Lock lock(const std::string& sha512, Run& run) const;

 private:
  [[nodiscard]] std::filesystem::path subfolder(const char* name) const;

  std::filesystem::path folder_;
};

}  // namespace romwright::vendor
