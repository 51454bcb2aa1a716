// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/hash_list.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::size_t sha512_digits = 128;
constexpr std::size_t sha1_digits = 40;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

struct Line {
  std::string digits;
  std::string_view name;
};

/// Takes apart `<hex>  ./NAME`; the second blank is '*' for a binary file.
Line read_line(std::string_view line) {
  const auto digits =
      static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_hex) - line.begin());
  if (digits != sha512_digits && digits != sha1_digits)
    throw ImageError(fmt::format("{} hexadecimal digits are no SHA-512 and no SHA-1", digits),
                     "a line is HASH  ./NAME, as sha512sum prints it");
  std::string hash(line.substr(0, digits));
  std::transform(hash.begin(), hash.end(), hash.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  line.remove_prefix(digits);
  if (!line.starts_with("  ") && !line.starts_with(" *"))
    throw ImageError("two blanks must follow the hash");
  line.remove_prefix(2);
  if (line.starts_with("./")) line.remove_prefix(2);
  if (line.empty() || line.find('/') != std::string_view::npos)
    throw ImageError(fmt::format("'{}' is no name of a file beside the list", line));
  return {std::move(hash), line};
}

}  // namespace

HashList HashList::parse(std::string_view text, std::string_view file) {
  HashList list;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    within(fmt::format("{}:{}", file, number), [&] {
      Line read = read_line(line);
      const Hash hash = read.digits.size() == sha512_digits ? Hash::sha512 : Hash::sha1;
      if (list.entries_.empty()) list.hash_ = hash;
      if (hash != list.hash_) throw ImageError("SHA-512 and SHA-1 are mixed");
      if (!list.entries_.emplace(read.name, std::move(read.digits)).second)
        throw ImageError(fmt::format("'{}' has a hash already", read.name));
    });
  }
  if (list.entries_.empty()) throw ImageError(fmt::format("{}: no hashes in it", file));
  return list;
}

std::optional<std::string> HashList::find(std::string_view name) const {
  const auto at = entries_.find(name);
  return at == entries_.end() ? std::nullopt : std::optional(at->second);
}

void HashList::add(std::string_view name, ConstBytes content) {
  entries_.insert_or_assign(std::string(name), hex_digest(hash_, content));
}

std::optional<std::string> HashList::verify(std::string_view name, ConstBytes content) const {
  const auto wanted = find(name);
  if (!wanted) return std::nullopt;
  std::string found = hex_digest(hash_, content);
  if (found != *wanted)
    throw ImageError(fmt::format("{}: its {} is {}, the release's list says {}", name,
                                 hash_ == Hash::sha512 ? "SHA-512" : "SHA-1", found, *wanted),
                     "the vendor files are not the ones that the release was made with, or the "
                     "ROM was changed");
  return found;
}

std::string HashList::text() const {
  std::string text;
  for (const auto& [name, hash] : entries_) text += fmt::format("{}  ./{}\n", hash, name);
  return text;
}

}  // namespace romwright::images
