// SPDX-License-Identifier: GPL-2.0-or-later
// The styles and scripts of the pages, built in.
#pragma once

#include <string_view>

namespace romwright::pipeline {

/// The style of what is drawn, in the page and in the picture, light and dark.
[[nodiscard]] std::string_view drawing_css();
/// The style of the page around it.
[[nodiscard]] std::string_view page_css();
/// What the page of boards adds to the page's style.
[[nodiscard]] std::string_view boards_page_css();
/// The style of the picture around it.
[[nodiscard]] std::string_view picture_css();
/// The page's script: hover, choice, keyboard, zoom.
[[nodiscard]] std::string_view page_js();

}  // namespace romwright::pipeline
