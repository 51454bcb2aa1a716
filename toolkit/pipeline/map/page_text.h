// SPDX-License-Identifier: GPL-2.0-or-later
// Text of an image, which may hold any bytes, for a page.
#pragma once

#include <string>
#include <string_view>

namespace romwright::pipeline {

/// What can be shown of `bytes`: valid UTF-8 as it is; control characters and those that change the
/// direction or are none, as `\u{202e}`; bytes that are no UTF-8 as `\xff`. Of more than 80
/// characters the first ones and "…".
[[nodiscard]] std::string printable(std::string_view bytes);

/// `text` for the content or a quoted attribute of an HTML or SVG element: `& < > " '` as
/// references.
[[nodiscard]] std::string escaped(std::string_view text);

/// Both, for what an image names.
[[nodiscard]] std::string shown_name(std::string_view bytes);

}  // namespace romwright::pipeline
