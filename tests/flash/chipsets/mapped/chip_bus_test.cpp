// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/mapped/chip_bus.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/chipsets/intel/fake_machine.h"
#include "tests/support/thrown.h"

namespace romwright::flash::mapped {
namespace {

using std::chrono::milliseconds;
using test::thrown;

constexpr std::uint32_t size = 512U << 10;

/// A chip whose every byte answers as `answer` says, and a process that may be halted meanwhile.
class Window final : public Registers, public PhysicalMemory {
 public:
  explicit Window(std::function<std::uint8_t()> answer) : answer_(std::move(answer)) {}
  std::uint8_t read8(std::uint32_t /*at*/) override { return answer_(); }
  std::uint16_t read16(std::uint32_t /*at*/) override { return answer_(); }
  std::uint32_t read32(std::uint32_t /*at*/) override { return answer_(); }
  void write8(std::uint32_t /*at*/, std::uint8_t /*value*/) override {}
  void write16(std::uint32_t /*at*/, std::uint16_t /*value*/) override {}
  void write32(std::uint32_t /*at*/, std::uint32_t /*value*/) override {}
  std::unique_ptr<Registers> map(std::uint64_t /*address*/, std::size_t /*size*/) override {
    return std::make_unique<Window>(answer_);
  }

 private:
  std::function<std::uint8_t()> answer_;
};

class MappedChipBus : public ::testing::Test {
 protected:
  void program(Family family, std::function<std::uint8_t()> answer) {
    Window window(std::move(answer));
    Machine machine{pci, window, clock};
    ChipBus bus(machine, size);
    bus.program(family, 0x1234, 0x5a);
  }

  VirtualClock clock;
  intel::FakeMachine pci;
  unsigned looks = 0;
};

TEST_F(MappedChipBus, AProcessThatIsHaltedBehindALookLooksOnceMore) {
  // Bit 6 moves in the first two looks, and half a second goes by behind them.
  program(Family::jedec, [&]() -> std::uint8_t {
    if (++looks == 2) clock.advance(milliseconds(500));
    return looks == 1 ? 0x1a : 0x5a;
  });
  EXPECT_EQ(looks, 5U);
  looks = 0;
  program(Family::intel, [&]() -> std::uint8_t {
    if (++looks == 1) clock.advance(milliseconds(500));
    return looks == 1 ? 0x00 : 0x80;
  });
  EXPECT_EQ(looks, 2U);
}

TEST_F(MappedChipBus, AChipThatStaysBusyIsAnError) {
  EXPECT_THAT(thrown<TimeoutError>([&] {
                program(Family::intel, [&]() -> std::uint8_t {
                  clock.advance(milliseconds(1));
                  return 0;
                });
              }),
              ::testing::HasSubstr("program at 0x1234: the chip is still busy after 0.0 s"));
}

}  // namespace
}  // namespace romwright::flash::mapped
