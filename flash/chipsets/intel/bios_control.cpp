// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/bios_control.h"

#include <utility>

#include <fmt/format.h>

namespace romwright::flash::intel {
namespace {

constexpr std::uint32_t write_enable = 1U << 0;  // BIOSWE, WPD
constexpr std::uint32_t lock_enable = 1U << 1;   // BLE: setting BIOSWE raises an SMI

}  // namespace

BiosControl::BiosControl(BiosControlAccess access, unsigned smm_bit)
    : access_(std::move(access)), smm_(1U << smm_bit) {}

std::optional<std::string> BiosControl::allow() {
  const std::uint32_t now = access_.read();
  if (!before_) before_ = now;
  const std::uint32_t wanted = (now | write_enable) & ~(lock_enable | smm_);
  if (now != wanted) access_.write(wanted);
  return refusal();
}

std::optional<std::string> BiosControl::refusal() {
  const std::uint32_t now = access_.read();
  if ((now & smm_) != 0)
    return fmt::format(
        "the firmware's lock: BIOS_CNTL reads {:#04x}, SMM_BWP lets only the firmware itself write",
        now);
  if ((now & write_enable) == 0)
    return fmt::format("the firmware's lock: BIOS_CNTL reads {:#04x}, BIOSWE does not stay set{}",
                       now,
                       (now & lock_enable) != 0 ? " (BLE: firmware in SMM takes it back)" : "");
  return std::nullopt;
}

BiosControl::State BiosControl::state() const {
  const std::uint32_t now = access_.read();
  return {now, (now & write_enable) != 0, (now & lock_enable) != 0, (now & smm_) != 0};
}

void BiosControl::restore() {
  if (before_ && access_.read() != *before_) access_.write(*before_);
  before_.reset();
}

}  // namespace romwright::flash::intel
