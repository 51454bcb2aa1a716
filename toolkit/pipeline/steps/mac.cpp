// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/steps/mac.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::pipeline {

namespace {

std::optional<Range> gbe_range(ConstBytes image) {
  const auto ifd = images::find_ifd(image);
  if (!ifd) return std::nullopt;
  return ifd->region("gbe");
}

}  // namespace

MacPolicy parse_mac_policy(std::string_view text) {
  using Kind = MacPolicy::Kind;
  if (text == "keep") return {Kind::keep, {}};
  if (text == "chip") return {Kind::chip, {}};
  if (text == "random") return {Kind::pattern, "xx:xx:xx:xx:xx:xx"};
  // A try with fixed nibbles tells every mistake before any work is done.
  (void)images::make_mac(text, [] { return std::uint8_t{2}; });
  return {Kind::pattern, std::string(text)};
}

std::string describe(const MacPolicy& policy) {
  switch (policy.kind) {
    case MacPolicy::Kind::keep:
      return "the release's own";
    case MacPolicy::Kind::chip:
      return "the chip's";
    case MacPolicy::Kind::pattern:
      break;
  }
  return policy.pattern;
}

std::optional<images::Mac> mac_of(ConstBytes image) {
  const auto range = gbe_range(image);
  if (!range) return std::nullopt;
  return images::GbeView(slice(image, *range, "region gbe")).mac();
}

GbePatch mac_patch(ConstBytes image, const images::Mac& mac, EventSink& events) {
  const auto range = gbe_range(image);
  if (!range)
    throw ImageError("the image has no GbE region: its MAC cannot be set", "leave --mac out");
  const ConstBytes region = slice(image, *range, "region gbe");
  GbePatch patch{*range, {region.begin(), region.end()}};
  for (const Problem& problem : images::set_gbe_mac(patch.content, mac))
    events.warning(fmt::format("{}: {}", problem.where, problem.message));
  return patch;
}

images::Mac set_mac(Bytes image, const std::string& pattern, EventSink& events) {
  const images::Mac mac = images::make_mac(pattern, images::system_random());
  const GbePatch patch = mac_patch(image, mac, events);
  std::ranges::copy(patch.content, slice(image, patch.where, "region gbe").begin());
  return mac;
}

}  // namespace romwright::pipeline
