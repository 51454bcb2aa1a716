// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/batch/seeded_mac.h"

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "toolkit/pipeline/steps/mac.h"

namespace romwright::pipeline {

images::Mac seeded_mac(std::string_view pattern, std::string_view seed) {
  Buffer bytes;
  std::size_t used = 0;
  unsigned block = 0;
  const images::RandomByte next = [&]() -> std::uint8_t {
    if (used == bytes.size()) {
      bytes = digest(Hash::sha512, as_bytes(fmt::format("{}:{}", block++, seed)));
      used = 0;
    }
    return bytes[used++];
  };
  return images::make_mac(parse_mac_policy(pattern).pattern, next);
}

}  // namespace romwright::pipeline
