// SPDX-License-Identifier: GPL-2.0-or-later
// The beginning of every page that romwright makes.
#pragma once

#include <string>
#include <string_view>

namespace romwright::pipeline {

/// Up to and with `</head>`. The page may use `style` and `script` and nothing else: no network. An
/// empty `script` forbids all. `title` is escaped already.
[[nodiscard]] std::string html_head(std::string_view title, std::string_view style,
                                    std::string_view script = {});

}  // namespace romwright::pipeline
