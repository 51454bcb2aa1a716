// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/bios_control.h"

#include <gtest/gtest.h>

namespace romwright::flash::intel {
namespace {

struct Register {
  std::uint32_t value = 0;
  std::uint32_t stuck_on = 0;  ///< bits that stay set
  bool taken_back = false;     ///< BIOSWE does not stay
  int writes = 0;
  BiosControl control(unsigned smm_bit = 5) {
    return {{[this] { return value; },
             [this](std::uint32_t wanted) {
               ++writes;
               value = wanted | stuck_on;
               if (taken_back) value &= ~1U;
             }},
            smm_bit};
  }
};

TEST(BiosControl, LetsThroughAndPutsBack) {
  Register one{.value = 0x0a, .stuck_on = 2};
  BiosControl control = one.control();
  EXPECT_EQ(control.allow(), std::nullopt);
  EXPECT_EQ(one.value, 0x0bU);
  control.restore();
  EXPECT_EQ(one.value, 0x0aU);
  EXPECT_EQ(one.writes, 2);
}

TEST(BiosControl, WhatIsOpenIsNotWritten) {
  Register one{.value = 0x09};
  BiosControl control = one.control();
  EXPECT_EQ(control.allow(), std::nullopt);
  control.restore();
  EXPECT_EQ(one.writes, 0);
}

TEST(BiosControl, TheFirmwareTakesItBack) {
  Register one{.value = 2, .stuck_on = 2, .taken_back = true};
  EXPECT_EQ(one.control().allow(),
            "the firmware's lock: BIOS_CNTL reads 0x02, BIOSWE does not stay set (BLE: firmware in "
            "SMM takes it back)");
}

TEST(BiosControl, SmmOnlyIsRefusedAlthoughBiosweIsSet) {
  Register one{.value = 0x22, .stuck_on = 0x22};
  EXPECT_EQ(one.control().allow(),
            "the firmware's lock: BIOS_CNTL reads 0x23, SMM_BWP lets only the firmware itself "
            "write");
  Register centerton{.value = 0x80, .stuck_on = 0x80};
  EXPECT_TRUE(centerton.control(7).allow().has_value());
  Register other{.value = 0x80, .stuck_on = 0x80};
  EXPECT_EQ(other.control(5).allow(), std::nullopt);
}

TEST(BiosControl, AStateIsReadAndNothingWritten) {
  Register one{.value = 0x22};
  const BiosControl::State state = one.control().state();
  EXPECT_TRUE(state.smm_only && state.lock && !state.enabled);
  EXPECT_EQ(one.writes, 0);
}

}  // namespace
}  // namespace romwright::flash::intel
