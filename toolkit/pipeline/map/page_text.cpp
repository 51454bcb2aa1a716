// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/map/page_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <fmt/format.h>

namespace romwright::pipeline {

namespace {

constexpr std::size_t longest_name = 80;

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

/// The character at the start of `text` (not empty), in the shortest form only, as Unicode demands.
std::optional<Character> first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t head = byte(0);
  if (head < 0x80) return Character{head, 1};
  struct Form {
    std::uint8_t mask, head;
    char32_t least;
  };
  constexpr std::array forms{Form{0xe0, 0xc0, 0x80}, Form{0xf0, 0xe0, 0x800},
                             Form{0xf8, 0xf0, 0x10000}};
  for (std::size_t more = 1; more <= forms.size(); ++more) {
    const Form& form = forms[more - 1];
    if ((head & form.mask) != form.head) continue;
    if (text.size() <= more) return std::nullopt;
    char32_t code = head & static_cast<std::uint8_t>(~form.mask);
    for (std::size_t i = 1; i <= more; ++i) {
      if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
      code = code << 6 | (byte(i) & 0x3fU);
    }
    if (code < form.least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      return std::nullopt;
    return Character{code, more + 1};
  }
  return std::nullopt;
}

/// Characters that a page cannot hold, or that would make it read as something else.
bool hidden(char32_t code) {
  struct Span {
    char32_t first, last;
  };
  constexpr std::array spans{Span{0x00, 0x1f},     Span{0x7f, 0x9f},      Span{0xad, 0xad},
                             Span{0x61c, 0x61c},   Span{0x200b, 0x200f},  Span{0x2028, 0x202e},
                             Span{0x2060, 0x206f}, Span{0xfdd0, 0xfdef},  Span{0xfeff, 0xfeff},
                             Span{0xfff9, 0xfffb}, Span{0xe0000, 0xe007f}};
  return (code & 0xfffe) == 0xfffe || std::ranges::any_of(spans, [code](const Span& span) {
           return code >= span.first && code <= span.last;
         });
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string out;
  for (std::size_t count = 0; !bytes.empty(); ++count) {
    if (count == longest_name) return out + "…";
    const auto character = first_character(bytes);
    const std::size_t size = character ? character->bytes : 1;
    if (!character)
      out += fmt::format("\\x{:02x}", static_cast<std::uint8_t>(bytes.front()));
    else if (hidden(character->code))
      out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(character->code));
    else
      out += bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string shown_name(std::string_view bytes) { return escaped(printable(bytes)); }

}  // namespace romwright::pipeline
