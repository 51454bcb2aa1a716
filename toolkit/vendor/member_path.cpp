// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/member_path.h"

#include <algorithm>
#include <cctype>

namespace romwright::vendor {

std::optional<std::string> member_path(std::string_view path) {
  constexpr std::size_t longest = 4096;
  if (path.empty() || path.size() > longest) return std::nullopt;
  if (path.front() == '/' || path.front() == '\\') return std::nullopt;
  if (path.size() > 1 && path[1] == ':' && std::isalpha(static_cast<unsigned char>(path[0])) != 0)
    return std::nullopt;
  const bool printable = std::none_of(path.begin(), path.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (!printable) return std::nullopt;
  std::string clean;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find_first_of("/\\"));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    if (!clean.empty()) clean += '/';
    clean += part;
  }
  if (clean.empty()) return std::nullopt;
  return clean;
}

}  // namespace romwright::vendor
