// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/rmodule.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {
namespace {

constexpr std::uint16_t magic = 0xf8fe;
constexpr std::uint8_t version = 1;
constexpr std::uint64_t header_size = 64;

// The words of the header from 0x04 on.
enum Word : std::size_t {
  payload_begin,
  payload_end,
  relocations_begin,
  relocations_end,
  link_address,
  memory_size,
  entry,
  parameters_begin,
  parameters_end,
  bss_begin,
  bss_end,
  word_count
};

Range between(std::uint32_t begin, std::uint32_t end, std::string_view what) {
  if (end < begin) throw ImageError(fmt::format("its {} end before they begin", what));
  return {begin, end - begin};
}

}  // namespace

bool is_rmodule(ConstBytes bytes) noexcept {
  return bytes.size() >= header_size && load_le<std::uint16_t>(bytes) == magic &&
         bytes[2] == version;
}

Rmodule Rmodule::parse(ConstBytes rmodule) {
  if (!is_rmodule(rmodule)) throw ImageError("is no rmodule");
  std::array<std::uint32_t, word_count> words{};
  for (std::size_t i = 0; i < word_count; ++i)
    words[i] = load_le<std::uint32_t>(rmodule, 4 + 4 * i);
  const ConstBytes payload =
      slice(rmodule, between(words[Word::payload_begin], words[Word::payload_end], "program bytes"),
            "program");
  const ConstBytes addresses = slice(
      rmodule, between(words[Word::relocations_begin], words[Word::relocations_end], "relocations"),
      "relocations");
  Rmodule module;
  module.link_address = words[Word::link_address];
  module.memory_size = words[Word::memory_size];
  module.entry = words[Word::entry];
  module.parameters_begin = words[Word::parameters_begin];
  module.parameters_end = words[Word::parameters_end];
  module.bss_begin = words[Word::bss_begin];
  module.bss_end = words[Word::bss_end];
  module.program.assign(payload.begin(), payload.end());
  for (std::size_t at = 0; addresses.size() - at >= 4; at += 4)
    module.relocations.push_back(load_le<std::uint32_t>(addresses, at));
  return module;
}

Buffer Rmodule::serialize() const {
  const std::uint64_t payload_size = program.size();
  const std::uint64_t size = header_size + payload_size + 4 * relocations.size();
  if (size > UINT32_MAX) throw ImageError("is too large for an rmodule");
  std::array<std::uint32_t, word_count> words{};
  words[Word::payload_begin] = static_cast<std::uint32_t>(header_size);
  words[Word::payload_end] = static_cast<std::uint32_t>(header_size + payload_size);
  words[Word::relocations_begin] = words[Word::payload_end];
  words[Word::relocations_end] = static_cast<std::uint32_t>(size);
  words[Word::link_address] = link_address;
  words[Word::memory_size] = memory_size;
  words[Word::entry] = entry;
  words[Word::parameters_begin] = parameters_begin;
  words[Word::parameters_end] = parameters_end;
  words[Word::bss_begin] = bss_begin;
  words[Word::bss_end] = bss_end;
  Buffer bytes(static_cast<std::size_t>(size));
  store_le(bytes, 0, magic);
  store_le(bytes, 2, version);
  for (std::size_t i = 0; i < word_count; ++i) store_le(bytes, 4 + 4 * i, words[i]);
  std::ranges::copy(program, bytes.begin() + header_size);
  for (std::size_t i = 0; i < relocations.size(); ++i)
    store_le(bytes, static_cast<std::size_t>(header_size + payload_size) + 4 * i, relocations[i]);
  return bytes;
}

}  // namespace romwright::images
