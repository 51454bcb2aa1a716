// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/uefi/uefi_unpack.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/uefi/tiano.h"
#include "toolkit/images/formats/uefi/uefi_lzma.h"

namespace romwright::images {
namespace {

/// Takes what is declared from the budget.
std::uint64_t spend(std::uint64_t declared, UefiBudget& budget) {
  const std::uint64_t limit = std::min(budget.one, budget.all);
  if (declared > limit)
    throw ImageError(fmt::format("expands to {}, where {} are allowed", human_size(declared),
                                 human_size(limit)));
  budget.all -= declared;
  return declared;
}

Buffer tiano(TianoVariant variant, ConstBytes body, UefiBudget& budget) {
  return tiano_decompress(variant, body, spend(tiano_size(body), budget));
}

Buffer lzma(LzmaFilter filter, ConstBytes body, UefiBudget& budget) {
  return uefi_lzma_decompress(filter, body, spend(uefi_lzma_size(body), budget));
}

/// Whether the content consists of sections from its start to its end.
bool is_sections(ConstBytes content) noexcept {
  std::uint64_t at = 0;
  try {
    while (at < content.size() && content.size() - at >= UefiSectionHeader::smallest)
      at += align_up(read_uefi_section(content.subspan(static_cast<std::size_t>(at))).size, 4);
  } catch (const Error&) {
    return false;
  }
  return true;
}

/// Wrong variants mostly fail, and where they do not, what comes out is not sections.
Buffer standard(ConstBytes body, UefiBudget& budget) {
  std::optional<Buffer> content;
  try {
    content = tiano(TianoVariant::tiano, body, budget);
    if (is_sections(*content)) return *std::move(content);
  } catch (const ImageError&) {
  }
  try {
    return tiano(TianoVariant::efi11, body, budget);
  } catch (const ImageError&) {
    if (!content) throw;
  }
  return *std::move(content);
}

}  // namespace

Buffer uefi_unpack(UefiPacking packing, ConstBytes body, UefiBudget& budget) {
  switch (packing) {
    case UefiPacking::standard:
      return standard(body, budget);
    case UefiPacking::tiano:
      return tiano(TianoVariant::tiano, body, budget);
    case UefiPacking::customized:
    case UefiPacking::lzma:
      return lzma(LzmaFilter::none, body, budget);
    case UefiPacking::lzma_x86:
      return lzma(LzmaFilter::x86, body, budget);
    case UefiPacking::plain:
    case UefiPacking::crc32:
    case UefiPacking::unknown:
      break;
  }
  return {body.begin(), body.end()};
}

}  // namespace romwright::images
