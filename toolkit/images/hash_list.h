// SPDX-License-Identifier: GPL-2.0-or-later
// vendorhashes and blobhashes: the hashes that a release's ROMs have once they are complete.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "flash/base/bytes.h"
#include "flash/base/digest.h"

namespace romwright::images {

/// Names (without prefix and folder) and the hashes of the complete ROMs, as sha512sum or sha1sum
/// print them: `<hex>  ./NAME` a line.
class HashList {
 public:
  explicit HashList(Hash hash = Hash::sha512) : hash_(hash) {}

  /// Reads a list; all lines have the same kind of hash, 128 (SHA-512) or 40 (SHA-1) digits.
  /// Throws ImageError "FILE:LINE: ..." for a line that is of another form, a name with a folder, a
  /// name twice, and for a list without any line.
  static HashList parse(std::string_view text, std::string_view file);

  [[nodiscard]] Hash hash() const noexcept { return hash_; }
  /// The hash of ROM `name` in lower-case hexadecimal digits; nothing where the list lacks it.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  /// Every name with its hash, sorted by name.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& entries() const noexcept {
    return entries_;
  }
  /// Notes the hash of `content` as that of ROM `name`.
  void add(std::string_view name, ConstBytes content);
  /// The hash of `content` where it is the list's for ROM `name`; nothing where that lacks the name.
  /// Throws ImageError with both hashes where they differ.
  std::optional<std::string> verify(std::string_view name, ConstBytes content) const;
  /// The list as a file, sorted by name: what `parse` reads.
  [[nodiscard]] std::string text() const;

 private:
  Hash hash_;
  std::map<std::string, std::string, std::less<>> entries_;
};

}  // namespace romwright::images
