// SPDX-License-Identifier: GPL-2.0-or-later
// What tells apart the files of writes that begin in the same second.
#pragma once

#include <string>
#include <string_view>

#include "flash/base/digest.h"

namespace romwright::flash {

/// Twelve hexadecimal digits from a content's digest and the programmer that its chip is on: the
/// same image may go to several devices at once, each by a process of its own.
inline std::string record_tag(std::string_view content_sha512, std::string_view programmer) {
  std::string both(content_sha512);
  both += '\n';
  both += programmer;
  return hex_digest(Hash::sha512, as_bytes(both)).substr(0, 12);
}

}  // namespace romwright::flash
