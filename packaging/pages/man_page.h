// SPDX-License-Identifier: GPL-2.0-or-later
// Manual pages in man(7), section 1, from the texts of `--help`.
#pragma once

#include <string>
#include <string_view>

#include "packaging/pages/command_line.h"

namespace romwright::pages {

/// The page of `command`; `program` is the whole command line, whose options every command takes.
[[nodiscard]] std::string man_page(const Command& command, const Command& program);

/// Text that troff prints as it stands: words that begin with '-' or hold a '/' keep their hyphens,
/// and no line is taken for a request.
[[nodiscard]] std::string roff(std::string_view text);

}  // namespace romwright::pages
