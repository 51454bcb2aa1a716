// SPDX-License-Identifier: GPL-2.0-or-later
// One thing in a UEFI image, named by the way to it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toolkit/images/formats/uefi/uefi_tree.h"

namespace romwright::images {

/// The kinds of sections that a step can name.
enum class UefiSectionKind { raw, pe32, te, ui, depex, freeform, volume };

/// The kind of that name ("raw"); nothing for another.
[[nodiscard]] std::optional<UefiSectionKind> parse_uefi_section_kind(
    std::string_view name) noexcept;

/// One step of the way: a volume, file or section with a GUID, or a section of a kind.
struct UefiStep {
  std::optional<UefiGuid> guid;
  std::optional<UefiSectionKind> section;  ///< where there is no GUID
  std::optional<std::uint32_t> index;      ///< the place among all neighbours, padding included
};

/// "8C8CE578-...[4]", "raw[0]"
[[nodiscard]] std::string to_string(const UefiStep& step);

/// The first node, in the image's order, that all steps lead to; nullptr where none is. Each step
/// goes to something within what the step before led to: directly where there is such a one, else
/// anywhere deeper. A GUID says more than its index: where nothing with it has that index, others
/// with it are taken.
[[nodiscard]] const UefiNode* find_uefi_node(const UefiTree& tree, std::span<const UefiStep> path);

/// What a node is for: the whole of a volume, the (decompressed) content of anything else.
[[nodiscard]] ConstBytes uefi_payload(const UefiNode& node) noexcept;

}  // namespace romwright::images
