// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/gbe.h"

#include <algorithm>
#include <memory>
#include <random>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::images {

namespace {

constexpr std::size_t nvm_size = 128;
constexpr std::size_t checksum_offset = 126;
constexpr std::uint16_t checksum_sum = 0xbaba;
constexpr std::size_t device_id_offset = 2 * 13;
constexpr std::size_t signature_offset = 2 * 0x13;

std::uint16_t sum_words(ConstBytes nvm, std::size_t end) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < end; at += 2) sum += load_le<std::uint16_t>(nvm, at);
  return static_cast<std::uint16_t>(sum);
}

GbePart parse_part(ConstBytes region, std::uint64_t offset) {
  const ConstBytes nvm = region.subspan(offset, nvm_size);
  GbePart part;
  part.offset = offset;
  part.checksum_valid = sum_words(nvm, nvm_size) == checksum_sum;
  part.signature_valid = load_le<std::uint16_t>(nvm, signature_offset) >> 14 == 2;
  std::copy_n(nvm.begin(), part.mac.size(), part.mac.begin());
  part.device_id = load_le<std::uint16_t>(nvm, device_id_offset);
  part.blank = all_equal(nvm, 0xff);
  return part;
}

std::string part_name(std::size_t index) { return fmt::format("GbE part {}", index); }

[[noreturn]] void not_a_mac(std::string_view pattern, std::string_view why) {
  throw UsageError(fmt::format("MAC '{}': {}", pattern, why),
                   "XX:XX:XX:XX:XX:XX, where x or ? is a random nibble");
}

bool is_random(char c) { return c == 'x' || c == 'X' || c == '?'; }

}  // namespace

std::string to_string(const Mac& mac) { return fmt::format("{:02x}", fmt::join(mac, ":")); }

RandomByte system_random() {
  return [device = std::make_shared<std::random_device>()] {
    return static_cast<std::uint8_t>((*device)());
  };
}

Mac make_mac(std::string_view pattern, const RandomByte& random) {
  constexpr std::size_t length = 17;
  if (pattern.size() != length) not_a_mac(pattern, "not six pairs of nibbles");
  Mac mac{};
  for (std::size_t octet = 0; octet < mac.size(); ++octet) {
    if (octet > 0 && pattern[octet * 3 - 1] != ':')
      not_a_mac(pattern, "':' goes between the pairs");
    for (std::size_t nibble = 0; nibble < 2; ++nibble) {
      const char c = pattern[octet * 3 + nibble];
      unsigned value = 0;
      if (is_random(c)) {
        value = random() & 0xfU;
        if (octet == 0 && nibble == 1) value = (value & 0xeU) | 2U;
      } else if (const auto digit =
                     std::string_view("0123456789abcdef")
                         .find(static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c));
                 digit != std::string_view::npos) {
        value = static_cast<unsigned>(digit);
      } else {
        not_a_mac(pattern, fmt::format("'{}' is no nibble", c));
      }
      mac[octet] = static_cast<std::uint8_t>(mac[octet] << 4 | value);
    }
  }
  if ((mac[0] & 1) != 0) not_a_mac(pattern, "a multicast address");
  if (mac == Mac{}) not_a_mac(pattern, "all zero");
  return mac;
}

GbeView::GbeView(ConstBytes region) {
  if (region.size() != 8U << 10 && region.size() != 16U << 10 && region.size() != 128U << 10)
    throw ImageError(
        fmt::format("GbE: {} are no two parts of 4, 8 or 64 KiB", human_size(region.size())));
  parts_ = {parse_part(region, 0), parse_part(region, region.size() / 2)};
}

std::optional<Mac> GbeView::mac() const {
  for (const bool taken : {true, false})
    for (const GbePart& part : parts_)
      if (part.checksum_valid && part.signature_valid == taken) return part.mac;
  return std::nullopt;
}

Problems GbeView::check() const {
  Problems problems;
  if (parts_[0].blank && parts_[1].blank)
    return {{Severity::note, "GbE", "the region is blank", ""}};
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (!parts_[i].checksum_valid)
      problems.push_back({Severity::warning, part_name(i), "wrong checksum",
                          parts_[1 - i].checksum_valid ? "the other part is sound" : ""});
  if (!parts_[0].checksum_valid && !parts_[1].checksum_valid)
    problems.push_back({Severity::error, "GbE", "no part has a right checksum",
                        "the network controller will not work"});
  else if (parts_[0].checksum_valid && parts_[1].checksum_valid && parts_[0].mac != parts_[1].mac)
    problems.push_back({Severity::warning, "GbE",
                        fmt::format("the parts have different MACs, {} and {}",
                                    to_string(parts_[0].mac), to_string(parts_[1].mac)),
                        ""});
  return problems;
}

Problems set_gbe_mac(Bytes region, const Mac& mac) {
  Problems problems;
  const GbeView before(region);
  for (std::size_t i = 0; i < before.parts().size(); ++i) {
    const GbePart& part = before.parts()[i];
    if (!part.checksum_valid) {
      problems.push_back(
          {Severity::warning, part_name(i), "wrong checksum: its MAC was left as it is", ""});
      continue;
    }
    const Bytes nvm = region.subspan(part.offset, nvm_size);
    std::copy(mac.begin(), mac.end(), nvm.begin());
    store_le<std::uint16_t>(
        nvm, checksum_offset,
        static_cast<std::uint16_t>(checksum_sum - sum_words(nvm, checksum_offset)));
  }
  if (problems.size() == before.parts().size())
    throw ImageError("GbE: no part has a right checksum: the MAC cannot be set",
                     "put a sound GbE image into the region first");
  return problems;
}

}  // namespace romwright::images
