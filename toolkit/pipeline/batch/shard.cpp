// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/shard.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::pipeline {

namespace {

constexpr std::size_t most_shards = 100'000;

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Shard parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto index = number(text.substr(0, slash));
    const auto count = number(text.substr(slash + 1));
    if (index && count && *index >= 1 && *index <= *count && *count <= most_shards)
      return {*index, *count};
  }
  throw UsageError(fmt::format("--shard {}: is no part of a plan", text),
                   "write I/N, such as 3/8 for the third of eight; they count from 1");
}

std::string to_string(const Shard& shard) { return fmt::format("{}/{}", shard.index, shard.count); }

}  // namespace romwright::pipeline
