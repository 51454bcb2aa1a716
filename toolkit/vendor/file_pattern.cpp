// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/file_pattern.h"

#include <algorithm>
#include <fnmatch.h>

#include <fmt/format.h>

namespace romwright::vendor {

namespace {

bool matches(std::string_view pattern, std::string_view text, int flags) {
  return fnmatch(std::string(pattern).c_str(), std::string(text).c_str(),
                 flags | FNM_NOESCAPE | FNM_CASEFOLD) == 0;
}

}  // namespace

bool name_matches(std::string_view pattern, std::string_view name) {
  return matches(pattern, name, 0);
}

bool path_matches(std::string_view pattern, std::string_view path) {
  auto parts = std::ranges::count(pattern, '/') + 1;
  std::size_t start = path.size();
  while (parts > 0 && start > 0)
    if (path[--start] == '/' && --parts == 0) ++start;
  return parts <= 1 && matches(pattern, path.substr(start), FNM_PATHNAME);
}

std::string list_paths(const ExtractedFiles& files) {
  constexpr std::size_t shown = 5;
  if (files.empty()) return "nothing";
  std::string text;
  for (std::size_t i = 0; i < std::min(files.size(), shown); ++i)
    text += (i == 0 ? "" : ", ") + files[i].path;
  if (files.size() > shown) text += fmt::format(" and {} more", files.size() - shown);
  return text;
}

}  // namespace romwright::vendor
