// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/me_clean/huffman_chunks.h"
#include "toolkit/images/formats/me_clean/module_cleaning.h"
#include "toolkit/images/formats/me_clean/relocation.h"

namespace romwright::images {

namespace {

constexpr std::string_view what = "FTPR: module table";
constexpr std::uint64_t count_at = 0x20, headers_at = 0x290;
constexpr std::array<std::string_view, 3> compressions = {"none", "Huffman", "LZMA"};
constexpr unsigned huffman = 1;
/// More than any code partition has; bounds the time, as each may be as large as the region.
constexpr std::size_t most_modules = 256;

bool begins_with_tag(ConstBytes header) {
  return std::ranges::equal(header.first(4), as_bytes("$MME"));
}

/// Of one header: 0x60 or, in newer firmware, 0x80 bytes; 0 where there is none.
std::uint64_t header_size(ConstBytes start, std::uint32_t count) {
  if (!begins_with_tag(start)) return 0;
  if (begins_with_tag(start.subspan(0x60)) || count == 1) return 0x60;
  return begins_with_tag(start.subspan(0x80)) ? 0x80 : 0;
}

/// All headers, or nothing where they are not as the manifest says. A copy: the modules are
/// removed while it is read.
struct Headers {
  Buffer bytes;
  std::uint64_t size = 0;

  [[nodiscard]] std::size_t count() const { return bytes.size() / size; }
  [[nodiscard]] ConstBytes operator[](std::size_t index) const {
    return slice(ConstBytes(bytes), {index * size, size}, what);
  }
};

/// What the image ends before is zeros: no header begins so.
Buffer read_padded(const MeWindow& region, std::uint64_t offset, std::uint64_t size) {
  const ConstBytes there = region.read_some(offset, size, what);
  Buffer bytes(there.begin(), there.end());
  bytes.resize(static_cast<std::size_t>(size));
  return bytes;
}

std::optional<Headers> read_headers(const MeWindow& region, std::uint64_t code) {
  const std::uint32_t count = region.dword(code + count_at, what);
  const std::uint64_t size = header_size(read_padded(region, code + headers_at, 0x84), count);
  if (size == 0) return std::nullopt;
  Headers headers{read_padded(region, code + headers_at, size * count), size};
  for (std::size_t i = 0; i < headers.count(); ++i)
    if (!begins_with_tag(headers[i])) return std::nullopt;
  if (headers.count() > most_modules)
    throw ImageError(fmt::format("{}: {} modules", what, headers.count()));
  return headers;
}

unsigned compression_of(ConstBytes header) {
  return (load_le<std::uint32_t>(header, 0x50) >> 4) & 7;
}

/// Removes modules one after the other.
class Remover {
 public:
  Remover(MeWindow& region, std::uint64_t code) : region_(region), code_(code) {}

  void module(ConstBytes header) {
    const auto name = me_name(header.subspan(4, 16));
    const unsigned compression = compression_of(header);
    if (!name || compression >= compressions.size())
      throw ImageError(name ? fmt::format("FTPR: module {}: unknown compression {}",
                                          shown_me_name(*name), compression)
                            : fmt::format("{}: the name of a module is no text", what));
    const bool kept = *name == "ROMP" || *name == "BUP";
    MeModuleFate fate{
        shown_me_name(*name),
        compressions.at(compression),
        {code_ + load_le<std::uint32_t>(header, 0x38), load_le<std::uint32_t>(header, 0x40)},
        compression == huffman,
        kept ? MeFate::kept : MeFate::removed};
    if (compression == huffman) {
      if (!chunks_ || chunks_->empty()) chunks_.emplace(region_, fate.range.offset);
      const MeMemory memory{load_le<std::uint32_t>(header, 0x34),
                            load_le<std::uint32_t>(header, 0x3c)};
      fate.range = {0, chunks_->size(memory)};
      if (kept) chunks_->keep(memory);
    } else if (kept) {
      end_ = std::max(end_, fate.range.end());
    } else {
      region_.fill(fate.range.offset, std::min(fate.range.end(), region_.end()),
                   "FTPR: module " + fate.name);
    }
    fates_.push_back(std::move(fate));
  }

  /// Removes the chunks that no module needs; returns where what is left ends.
  std::uint64_t finish() {
    if (chunks_ && !chunks_->empty()) end_ = std::max(end_, chunks_->remove_others(region_));
    return end_;
  }
  std::vector<MeModuleFate> take_fates() { return std::move(fates_); }

 private:
  MeWindow& region_;
  std::uint64_t code_;
  std::optional<HuffmanChunks> chunks_;
  std::vector<MeModuleFate> fates_;
  std::uint64_t end_ = 0;
};

std::optional<std::uint64_t> huffman_table(const Headers& headers) {
  for (std::size_t i = 0; i < headers.count(); ++i)
    if (compression_of(headers[i]) == huffman) return load_le<std::uint32_t>(headers[i], 0x38);
  return std::nullopt;
}

}  // namespace

MeModules clean_modules_gen2(MeWindow& region, const MeFirmware& firmware,
                             const MeModuleChoice& choice) {
  MeModules result;
  result.code_offset = firmware.code_offset;
  const auto headers = read_headers(region, firmware.code_offset);
  if (!headers) return result;
  if (choice.keep_all) {
    result.end = static_cast<std::int64_t>(firmware.code_offset + firmware.code_length);
  } else {
    Remover remover(region, firmware.code_offset);
    for (std::size_t i = 0; i < headers->count(); ++i) remover.module((*headers)[i]);
    result.end = static_cast<std::int64_t>(remover.finish());
    result.modules = remover.take_fates();
  }
  if (choice.relocate) {
    result.code_offset = relocate_first_partition(region, huffman_table(*headers));
    result.end += static_cast<std::int64_t>(result.code_offset) -
                  static_cast<std::int64_t>(firmware.code_offset);
  }
  return result;
}

}  // namespace romwright::images
