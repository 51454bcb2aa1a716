// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/shapes.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "toolkit/manifests/scalars.h"

namespace romwright::manifests {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool is_name(std::string_view text) {
  constexpr std::size_t longest = 64;
  constexpr std::string_view also = "_-.+,";
  return !text.empty() && text.size() <= longest && is_alphanumeric(text.front()) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return is_alphanumeric(c) || also.find(c) != std::string_view::npos;
         });
}

/// `form` has an 'x' for each hexadecimal digit.
bool has_form(std::string_view text, std::string_view form) {
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(),
                    [](char c, char f) { return f == 'x' ? is_hex(c) : c == f; });
}

bool is_mac_policy(std::string_view text) {
  if (text == "keep" || text == "random") return true;
  std::string digits(text);
  for (char& c : digits)
    if (c == 'x' || c == 'X' || c == '?') c = '0';
  return has_form(digits, "xx:xx:xx:xx:xx:xx");
}

bool is_url(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.starts_with(scheme) && text.size() > scheme.size())
      return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return false;
}

/// A number without a unit.
bool is_plain_number(std::string_view text) {
  return !text.ends_with("iB") && parse_size(text).has_value();
}

bool is_choice(const Schema& schema, std::string_view text) {
  return std::find(schema.choices.begin(), schema.choices.end(), text) != schema.choices.end();
}

std::string outside(const Schema& schema) {
  return schema.most == UINT64_MAX
             ? fmt::format("is less than {:#x}", schema.least)
             : fmt::format("is not within {:#x} and {:#x}", schema.least, schema.most);
}

std::string refuse_number(const Schema& schema, std::string_view text, std::string_view what) {
  const bool number = schema.shape == Shape::size || is_plain_number(text);
  const auto value = parse_size(text);
  if (!number || !value) return fmt::format("is no {}", what);
  return *value < schema.least || *value > schema.most ? outside(schema) : std::string();
}

std::string refuse_if(bool wrong, std::string_view why) { return wrong ? std::string(why) : ""; }

}  // namespace

std::string refuse_scalar(const Schema& schema, std::string_view text, bool quoted) {
  switch (schema.shape) {
    case Shape::text:
    case Shape::pattern:
      return refuse_if(text.empty(), "is empty");
    case Shape::name:
      return refuse_if(!is_name(text), "is no name");
    case Shape::sha512:
      return refuse_if(text.size() != 128 || !std::all_of(text.begin(), text.end(), is_lower_hex),
                       "is no SHA-512");
    case Shape::mac:
      return refuse_if(!has_form(text, "xx:xx:xx:xx:xx:xx"), "is no MAC address");
    case Shape::mac_policy:
      return refuse_if(!is_mac_policy(text), "is no MAC policy");
    case Shape::guid:
      return refuse_if(!has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"), "is no GUID");
    case Shape::hex:
      return refuse_if(
          text.empty() || text.size() % 2 != 0 || !std::all_of(text.begin(), text.end(), is_hex),
          "are no hexadecimal bytes");
    case Shape::url:
      return refuse_if(!is_url(text), "is no address");
    case Shape::integer:
      return refuse_number(schema, text, "number");
    case Shape::size:
      return refuse_number(schema, text, "size");
    case Shape::offset:
      return refuse_if(!parse_offset(text), "is no offset");
    case Shape::range:
      return refuse_if(!parse_range(text), "is no range");
    case Shape::boolean:
      return refuse_if(quoted || !parse_boolean(text), "is neither true nor false");
    case Shape::choice:
      return refuse_if(!is_choice(schema, text), "is not known here");
    case Shape::number_or_choice:
      if (is_choice(schema, text)) return {};
      return quoted || !is_plain_number(text) ? "is not known here"
                                              : refuse_number(schema, text, "number");
    case Shape::list:
    case Shape::one_or_list:
    case Shape::map:
    case Shape::object:
    case Shape::step:
      break;
  }
  return "has a wrong form";
}

std::string describe_shape(const Schema& schema) {
  switch (schema.shape) {
    case Shape::text:
      return "a text";
    case Shape::pattern:
      return "a name or path, with * and ? as a shell matches";
    case Shape::name:
      return "letters, digits, '_', '-', '.', '+' and ',', at most 64, a letter or digit first";
    case Shape::sha512:
      return "128 hexadecimal digits, lower case";
    case Shape::mac:
      return "such as 00:1f:16:12:34:56";
    case Shape::mac_policy:
      return "keep, random, or a MAC such as 00:1f:16:xx:xx:xx, where x is random";
    case Shape::guid:
      return "such as 7A9354D9-0468-444A-81CE-0BF617D890DF";
    case Shape::hex:
      return "two hexadecimal digits a byte";
    case Shape::url:
      return "http://... or https://...";
    case Shape::integer:
      return "such as 4096 or 0x1000";
    case Shape::size:
      return "12MiB, 64KiB, 0x1000 or a number of bytes";
    case Shape::offset:
      return "a size that may be negative, such as -0x208000";
    case Shape::range:
      return "OFFSET+SIZE, such as 0x3000+0x18000";
    case Shape::boolean:
      return "true or false";
    case Shape::choice:
      return fmt::format("one of {}", fmt::join(schema.choices, ", "));
    case Shape::number_or_choice:
      return fmt::format("a number, or one of {}", fmt::join(schema.choices, ", "));
    case Shape::list:
      return "a list of at least one";
    case Shape::one_or_list:
      return "one, or a list";
    case Shape::map:
    case Shape::object:
      return "keys with their values";
    case Shape::step:
      return "the name of a step, or a step with its parameters";
  }
  return {};
}

std::string_view pattern_of(Shape shape) {
  switch (shape) {
    case Shape::name:
      return "^[A-Za-z0-9][A-Za-z0-9_.+,-]{0,63}$";
    case Shape::sha512:
      return "^[0-9a-f]{128}$";
    case Shape::mac:
      return "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$";
    case Shape::mac_policy:
      return "^(keep|random|[0-9A-Fa-fxX?]{2}(:[0-9A-Fa-fxX?]{2}){5})$";
    case Shape::guid:
      return "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
    case Shape::hex:
      return "^([0-9A-Fa-f]{2})+$";
    case Shape::url:
      return "^https?://[!-~]+$";
    case Shape::integer:
    case Shape::number_or_choice:
      return "^(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)$";
    case Shape::size:
      return "^(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)([KMG]iB)?$";
    case Shape::offset:
      return "^-?(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)([KMG]iB)?$";
    case Shape::range:
      return "^(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)([KMG]iB)?\\+(0x[0-9A-Fa-f]+|0|[1-9][0-9]*)([KMG]iB)?"
             "$";
    default:  // any text, or no text
      return {};
  }
}

}  // namespace romwright::manifests
