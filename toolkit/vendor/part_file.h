// SPDX-License-Identifier: GPL-2.0-or-later
// A download under way: what came so far, its running hash, and what it was got from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "flash/base/digest.h"

namespace romwright::vendor {

/// The version of a file that a server gave the first bytes of.
struct PartOrigin {
  std::string url;
  std::string validator;  ///< a strong ETag or a date, for If-Range; never empty
};

/// Stays where it is when the object is destroyed. Failures are an Error "PATH: cannot ...:
/// REASON".
class PartFile {
 public:
  /// Opens or makes `path`; what is in it is hashed.
  explicit PartFile(std::filesystem::path path);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  void append(ConstBytes bytes);
  /// The SHA-512 of all of it; only `restart` may follow.
  [[nodiscard]] std::string hash();
  /// Whether that hash is `sha512`; reads it again, and goes on.
  [[nodiscard]] bool is(const std::string& sha512) const;
  /// Forgets all that came.
  void restart();

  [[nodiscard]] std::optional<PartOrigin> origin() const;
  void set_origin(const PartOrigin& origin) const;
  /// Removes the file and what it was got from.
  void remove() noexcept;

 private:
  [[nodiscard]] std::filesystem::path origin_path() const;

  std::filesystem::path path_;
  int file_;
  std::uint64_t size_ = 0;
  Digest digest_{Hash::sha512};
};

}  // namespace romwright::vendor
