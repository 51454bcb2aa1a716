// SPDX-License-Identifier: GPL-2.0-or-later
// The files that the user has: in directories, alone, or in bundles (tar archives).
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "toolkit/vendor/content.h"

namespace romwright::vendor {

/// No vendor file that is inserted is larger.
inline constexpr std::uint64_t largest_vendor_file = 64U << 20;
/// No package that vendor files come out of is larger.
inline constexpr std::uint64_t largest_package = 8ULL << 30;
/// What a directory is searched for: this many files, this many folders deep.
inline constexpr std::size_t most_searched_files = 20000;
inline constexpr int deepest_searched_folder = 8;

/// One of them. It is hashed at most once, and not before somebody asks.
class UserFile {
 public:
  using Open = std::function<Content()>;

  /// `shown` is its path as the user knows it; `open` reads it, and throws ImageError where it
  /// cannot.
  UserFile(std::string shown, std::uint64_t size, Open open)
      : shown_(std::move(shown)), size_(size), open_(std::move(open)) {}

  /// "DIR/me.bin"; "BUNDLE.tar/me.bin" for a member.
  [[nodiscard]] const std::string& shown() const noexcept { return shown_; }
  /// The last part of it.
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// SHA-512 in lower-case digits; empty for a file that cannot be read. Callable from several
  /// threads.
  [[nodiscard]] const std::string& hash() const;
  /// What it holds now; nothing where it cannot be read.
  [[nodiscard]] std::optional<Content> content() const;

 private:
  std::string shown_;
  std::uint64_t size_;
  Open open_;
  mutable std::once_flag hashed_;
  mutable std::string hash_;
};

/// All of them, in the order of the places, then of the paths.
class UserFiles {
 public:
  /// `places` are directories, tar archives (plain or compressed), or single files.
  explicit UserFiles(std::vector<std::filesystem::path> places) : places_(std::move(places)) {}

  [[nodiscard]] const std::vector<std::filesystem::path>& places() const noexcept {
    return places_;
  }
  /// Symbolic links are followed to files within the same directory, no further. The first call
  /// searches. Throws UsageError for a place that cannot be read, ImageError for a damaged archive.
  /// Callable from several threads.
  [[nodiscard]] const std::deque<UserFile>& all() const;
  /// The directories that were not searched to their end.
  [[nodiscard]] const std::vector<std::filesystem::path>& incomplete() const;

 private:
  void search() const;

  std::vector<std::filesystem::path> places_;
  mutable std::once_flag searched_;
  mutable std::deque<UserFile> files_;
  mutable std::vector<std::filesystem::path> incomplete_;
};

}  // namespace romwright::vendor
