// SPDX-License-Identifier: GPL-2.0-or-later
// Where an archive ends, by its own account: others, or a signature, may lie behind it.
#pragma once

#include <cstdint>
#include <optional>

#include "toolkit/vendor/container_kind.h"

namespace romwright::vendor {

/// Where the last zip archive in `bytes` ends, its comment left out. Only ends among the last
/// `behind` bytes count, and only those that a directory lies before.
[[nodiscard]] std::optional<std::uint64_t> find_zip_end(ConstBytes bytes, std::uint64_t behind);
/// The longest comment and the record before it: what lies at the end of a zip archive.
inline constexpr std::uint64_t longest_zip_tail = 0xffff + 22;

/// The size of the archive of `kind` at the start of `bytes`; all of them where it does not tell,
/// or tells more.
[[nodiscard]] std::uint64_t archive_size(ConstBytes bytes, ContainerKind kind);

}  // namespace romwright::vendor
