// SPDX-License-Identifier: GPL-2.0-or-later
// The driver's first steps on one machine of each generation: where the registers are looked for,
// what the straps mean, which register lets writes through, what protects.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/chipsets/intel/controller.h"
#include "tests/flash/chipsets/intel/fake_machine.h"
#include "tests/support/thrown.h"

namespace romwright::flash::intel {
namespace {

using test::thrown;
using ::testing::HasSubstr;

constexpr PciAddress bridge{0, 0, 0x1f, 0}, spi_1f5{0, 0, 0x1f, 5}, spi_0d2{0, 0, 0x0d, 2};
constexpr std::uint32_t root = 0xfed1c000, bar = 0xfe010000, sbase = 0xfed01000;

enum class Kind { rcrb, silvermont, function };

/// One generation as its data sheet has it.
struct Sheet {
  const char* name;
  std::uint16_t id;
  Kind kind;
  std::uint32_t spi;                         ///< physical address of the SPI registers
  PciAddress control_at;                     ///< of BIOS_CNTL
  std::uint8_t control = 0;                  ///< 0: not in configuration space
  std::uint32_t from_spi = 0, from_lpc = 0;  ///< what the straps' register reads
  std::uint32_t pr = 0;                      ///< the first protected range
  unsigned pr_count = 0;
  std::uint32_t bbar = 0;
};

void PrintTo(const Sheet& sheet, std::ostream* out) { *out << sheet.name; }

constexpr std::uint32_t ich8 = root + 0x3020, ich9 = root + 0x3800;

const Sheet sheets[] = {
    {"Ich7", 0x27b9, Kind::rcrb, ich8, bridge, 0xdc, 1U << 10, 3U << 10, 0x60, 3, 0x50},
    {"TunnelCreek", 0x8186, Kind::rcrb, ich8, bridge, 0xd8, 0, 1U << 1, 0x60, 3, 0x50},
    {"Ich8", 0x2815, Kind::rcrb, ich8, bridge, 0xdc, 0, 3U << 10, 0x74, 5, 0},
    {"Ich9", 0x2917, Kind::rcrb, ich9, bridge, 0xdc, 1U << 10, 3U << 10, 0x74, 5, 0xa0},
    {"Ich10", 0x3a16, Kind::rcrb, ich9, bridge, 0xdc, 0, 3U << 10, 0x74, 5, 0xa0},
    {"Series5", 0x3b07, Kind::rcrb, ich9, bridge, 0xdc, 3U << 10, 0, 0x74, 5, 0xa0},
    {"Series6", 0x1c4f, Kind::rcrb, ich9, bridge, 0xdc, 3U << 10, 0, 0x74, 5, 0xa0},
    {"Series7", 0x1e55, Kind::rcrb, ich9, bridge, 0xdc, 3U << 10, 0, 0x74, 5, 0xa0},
    {"Series8", 0x8c4f, Kind::rcrb, ich9, bridge, 0xdc, 3U << 10, 0, 0x74, 5, 0xa0},
    {"Series8Lp", 0x9c43, Kind::rcrb, ich9, bridge, 0xdc, 0, 1U << 10, 0x74, 5, 0xa0},
    {"Series9", 0x8cc4, Kind::rcrb, ich9, bridge, 0xdc, 3U << 10, 0, 0x74, 5, 0xa0},
    {"Series9Lp", 0x9cc3, Kind::rcrb, ich9, bridge, 0xdc, 0, 1U << 10, 0x74, 5, 0xa0},
    {"BayTrail", 0x0f1c, Kind::silvermont, sbase, bridge, 0, 3U << 10, 0, 0x74, 5, 0},
    {"Series100", 0x9d48, Kind::function, bar, spi_1f5, 0xdc, 0, 1U << 6, 0x84, 6, 0},
    {"C620", 0xa1c1, Kind::function, bar, spi_1f5, 0xdc, 0, 1U << 6, 0x84, 6, 0},
    {"Series400", 0x0684, Kind::function, bar, spi_1f5, 0xdc, 0, 1U << 6, 0x84, 6, 0},
    {"Series500", 0x4387, Kind::function, bar, spi_1f5, 0xdc, 0, 1U << 6, 0x84, 6, 0},
    {"Series600", 0x7a84, Kind::function, bar, spi_1f5, 0xdc, 0, 1U << 6, 0x84, 6, 0},
    {"Series700", 0x7a04, Kind::function, bar, spi_1f5, 0xdc, 0, 1U << 6, 0x84, 6, 0},
    {"ApolloLake", 0x5ae8, Kind::function, bar, spi_0d2, 0xdc, 0, 0, 0x84, 6, 0},
    {"GeminiLake", 0x31e8, Kind::function, bar, spi_0d2, 0xdc, 0, 0, 0x84, 6, 0},
};

class Machines : public ::testing::TestWithParam<Sheet> {
 protected:
  const Sheet& sheet = GetParam();
  FakeMachine fake;
  std::optional<Machine> machine;

  bool ich7() const { return sheet.pr == 0x60; }
  void straps(std::uint32_t value) {
    if (sheet.kind == Kind::rcrb) fake.put(root + 0x3410, value);
    if (sheet.kind == Kind::silvermont) fake.put(root, value);
    if (sheet.kind == Kind::function)
      fake.put_config(sheet.control_at, 0xdc, value | fake.config(sheet.control_at, 0xdc));
  }
  void set_control(std::uint8_t value) {
    if (sheet.kind == Kind::silvermont)
      fake.put(sheet.spi + 0xfc, value);
    else
      fake.put_config(sheet.control_at, sheet.control, value);
  }
  std::uint32_t control() {
    return sheet.kind == Kind::silvermont ? fake.get(sheet.spi + 0xfc)
                                          : fake.config(sheet.control_at, sheet.control);
  }
  void SetUp() override {
    fake.list(bridge, sheet.id);
    if (sheet.kind != Kind::function) fake.put_config(bridge, 0xf0, root | 1);
    if (sheet.kind == Kind::silvermont) fake.put_config(bridge, 0x54, sbase | 2);
    if (sheet.kind == Kind::function) {
      // Hidden: not listed, and answering all the same.
      fake.hide(sheet.control_at);
      fake.put_config(sheet.control_at, 0x10, bar);
    }
    straps(sheet.from_spi);
    machine.emplace(fake.machine());
  }
  Controller open() {
    const auto chipset = find_chipset(fake);
    EXPECT_TRUE(chipset);
    return {*machine, *chipset};
  }
  [[nodiscard]] bool touched_spi() const {
    return std::ranges::any_of(fake.reads, [&](std::uint64_t at) {
      return at >= sheet.spi && at < sheet.spi + 0x200 && at != root + 0x3410 &&
             at != root + 0x3414;
    });
  }
};

TEST_P(Machines, RegistersAreWhereTheDataSheetHasThem) {
  if (!ich7()) fake.put(sheet.spi + 4, 0x8000);  // HSFS: FLOCKDN
  if (ich7()) fake.put(sheet.spi, 0x8000);       // SPIS
  const Controller controller = open();
  EXPECT_TRUE(controller.locked());
  EXPECT_FALSE(controller.has_descriptor());
  EXPECT_EQ(controller.straps().boots_from, BootSource::spi);
  EXPECT_TRUE(fake.config_writes.empty());
  EXPECT_TRUE(fake.writes.empty());
}

TEST_P(Machines, StrapsTellTheOtherBootSource) {
  if (sheet.from_lpc == sheet.from_spi) GTEST_SKIP() << "there is no other";
  straps(sheet.from_lpc);
  if (ich7()) {
    EXPECT_THAT(thrown<NoDeviceError>([&] { (void)open(); }),
                HasSubstr("the machine boots from LPC/FWH, its SPI controller is not in use and is "
                          "left alone"));
    EXPECT_FALSE(touched_spi());
    return;
  }
  Controller controller = open();
  EXPECT_NE(controller.straps().boots_from, BootSource::spi);
  EXPECT_NE(controller.straps().boots_from, BootSource::unknown);
  const std::vector<Protection> protections = controller.protections();
  ASSERT_FALSE(protections.empty());
  EXPECT_THAT(protections[0].by, HasSubstr("the straps: the machine boots from "));
  EXPECT_TRUE(protections[0].range.contains(Range{0, 64U << 20}));
  EXPECT_FALSE(protections[0].removable);
}

TEST_P(Machines, TopSwapAndItsLock) {
  if (sheet.kind == Kind::rcrb) {
    fake.put(root + 0x3410, sheet.from_spi | 1);
    fake.put(root + 0x3414, 1);
  } else if (sheet.kind == Kind::silvermont) {
    fake.put(root, sheet.from_spi | 3);
  } else {
    fake.put_config(sheet.control_at, 0xdc, 1U << 4 | 1U << 7);
  }
  const Controller controller = open();
  EXPECT_TRUE(controller.straps().top_swap);
  EXPECT_TRUE(controller.straps().interface_locked);
}

TEST_P(Machines, BiosControlIsAskedReadBackAndRestored) {
  set_control(0x08);
  {
    Controller controller = open();
    EXPECT_TRUE(controller.protections().empty());
    EXPECT_EQ(control(), 0x09U);
    const Range all{0, 4096};
    EXPECT_NO_THROW(controller.before_writing({&all, 1}));
    controller.close();
    EXPECT_EQ(control(), 0x08U);
    // And without close(), at the end of its life.
    EXPECT_TRUE(controller.protections().empty());
    EXPECT_EQ(control(), 0x09U);
  }
  EXPECT_EQ(control(), 0x08U);
}

TEST_P(Machines, BiosControlIsReadAgainBeforeTheFirstErase) {
  Controller controller = open();
  EXPECT_TRUE(controller.protections().empty());
  const Range all{0, 4096};
  if (sheet.kind != Kind::silvermont) {
    fake.smm_clears = true;
    set_control(0x00);
    EXPECT_THAT(thrown<ProtectedError>([&] {
                  controller.before_writing({&all, 1});
                }),
                HasSubstr("BIOSWE does not stay set"));
    fake.smm_clears = false;
  }
  set_control(0x00);
  EXPECT_NO_THROW(controller.before_writing({&all, 1}));  // asked for again
  EXPECT_EQ(control() & 1, 1U);
}

TEST_P(Machines, ALookAsksForNothing) {
  set_control(0x00);
  Controller controller = open();
  controller.look_only();
  EXPECT_TRUE(controller.protections().empty());
  EXPECT_EQ(control(), 0U);
  EXPECT_TRUE(fake.config_writes.empty());
}

TEST_P(Machines, EveryProtectedRange) {
  for (unsigned i = 0; i < sheet.pr_count; ++i)
    fake.put(sheet.spi + sheet.pr + 4 * i, ich7() ? 1U << 31 | (0x10 + i) << 12 | (0x10 + i)
                                                  : 1U << 31 | (0x10 + i) << 16 | (0x10 + i));
  Controller controller = open();
  const std::vector<Protection> protections = controller.protections();
  ASSERT_EQ(protections.size(), sheet.pr_count);
  for (unsigned i = 0; i < sheet.pr_count; ++i) {
    EXPECT_EQ(protections[i].range, (Range{0x10000 + 0x1000 * i, 0x1000}));
    EXPECT_EQ(protections[i].by, ich7()   ? "PBR" + std::to_string(i)
                                 : i == 5 ? "GPR0, locked until reset"
                                          : "PR" + std::to_string(i));
    EXPECT_EQ(protections[i].removable, i != 5);
  }
  // With leave the first is lifted, and put back.
  const std::uint32_t before = fake.get(sheet.spi + sheet.pr);
  controller.lift({0x10000, 0x1000});
  EXPECT_EQ(fake.get(sheet.spi + sheet.pr), 0U);
  controller.close();
  EXPECT_EQ(fake.get(sheet.spi + sheet.pr), before);
}

TEST_P(Machines, BbarIsClearedWhereThereIsOneAndPutBack) {
  fake.put(sheet.spi + 0xa0, 0x00070000);
  fake.put(sheet.spi + 0x50, ich7() ? 0x00070000 : 0);
  {
    const Controller controller = open();
    EXPECT_EQ(controller.hidden_below(), 0U);
    EXPECT_EQ(fake.get(sheet.spi + 0xa0), sheet.bbar == 0xa0 ? 0 : 0x00070000U);
    EXPECT_EQ(fake.get(sheet.spi + 0x50), 0U);
  }
  EXPECT_EQ(fake.get(sheet.spi + 0xa0), 0x00070000U);
  EXPECT_EQ(fake.get(sheet.spi + 0x50), ich7() ? 0x00070000U : 0);
}

TEST_P(Machines, RegistersOfOnesAreNoController) {
  fake.put(sheet.spi, 0xffffffff);
  fake.put(sheet.spi + 4, 0xffffffff);
  EXPECT_THAT(thrown<NoDeviceError>([&] { (void)open(); }),
              HasSubstr("no SPI controller answers, its registers read all ones"));
}

TEST_P(Machines, RegistersThatAreNotEnabledAreAnError) {
  if (sheet.kind == Kind::function)
    fake.put_config(sheet.control_at, 0x10, 0);
  else
    fake.put_config(bridge, 0xf0, 0);
  EXPECT_THAT(thrown<NoDeviceError>([&] { (void)open(); }),
              HasSubstr("the registers are not enabled"));
  EXPECT_TRUE(fake.reads.empty());
}

INSTANTIATE_TEST_SUITE_P(Intel, Machines, ::testing::ValuesIn(sheets),
                         [](const auto& one) { return one.param.name; });

// ---- what single generations have of their own

TEST(IntelMachines, AListedSpiFunctionIsTheSame) {
  FakeMachine fake;
  fake.list(bridge, 0xa14e);
  fake.list(spi_1f5, 0xa124);
  fake.put_config(spi_1f5, 0x10, bar);
  Machine machine = fake.machine();
  Controller controller(machine, *find_chipset(fake));
  EXPECT_EQ(controller.chipset().spi, spi_1f5);
  EXPECT_EQ(controller.straps().boots_from, BootSource::spi);
}

TEST(IntelMachines, ASpiFunctionThatIsNotThereIsAnErrorWithItsReason) {
  FakeMachine fake;
  fake.list(bridge, 0xa14e);
  Machine machine = fake.machine();
  EXPECT_THAT(thrown<NoDeviceError>([&] { Controller(machine, *find_chipset(fake)); }),
              HasSubstr("the registers are not enabled (00:1f.5 0x10 reads 0xffffffff)"));
}

TEST(IntelMachines, TheNewestAreFoundByTheirSpiFunction) {
  for (const std::uint16_t id :
       std::initializer_list<std::uint16_t>{0x7e23, 0xae23, 0xa823, 0xe323}) {
    FakeMachine fake;
    const PciAddress at{0, 0x80, 0x1f, 5};
    fake.list(at, id);
    fake.put_config(at, 0x10, bar);
    Machine machine = fake.machine();
    Controller controller(machine, *find_chipset(fake));
    EXPECT_EQ(controller.chipset().spi, at);
    EXPECT_TRUE(controller.generation().access_registers);
  }
}

TEST(IntelMachines, CentertonHasItsLockAtBitSeven) {
  FakeMachine fake;
  fake.list(bridge, 0x0c60);
  fake.put_config(bridge, 0xf0, root | 1);
  fake.put_config(bridge, 0xd8, 0x00);
  Machine machine = fake.machine();
  Controller controller(machine, *find_chipset(fake));
  EXPECT_EQ(controller.straps().boots_from, BootSource::unknown);
  EXPECT_TRUE(controller.protections().empty());
  EXPECT_EQ(fake.config(bridge, 0xd8), 1);
  fake.put_config(bridge, 0xd8, 0x80);
  EXPECT_TRUE(controller.bios_lock().smm_only);
}

TEST(IntelMachines, Ep80579ReadsItsStrapsInAnotherWay) {
  FakeMachine fake;
  fake.list(bridge, 0x5031);
  fake.put_config(bridge, 0xf0, root | 1);
  Machine machine = fake.machine();
  fake.put(root + 0x3410, 0);
  EXPECT_EQ(map_chipset(machine, *find_chipset(fake)).straps.boots_from, BootSource::spi);
  fake.put(root + 0x3410, 3U << 10);
  EXPECT_EQ(map_chipset(machine, *find_chipset(fake)).straps.boots_from, BootSource::lpc);
}

TEST(IntelMachines, OfTwoBridgesTheOneWithAControllerIsTaken) {
  FakeMachine fake;
  fake.list({0, 2, 0, 0}, 0x7110);  // of a docking station
  fake.list(bridge, 0x2917);
  EXPECT_EQ(find_chipset(fake)->id->device, 0x2917);
}

/// The sizes that a controller tells whose descriptor holds `component` as FLCOMP.
std::vector<std::uint64_t> sizes_of(std::uint16_t id, std::uint32_t component, bool two) {
  FakeMachine fake;
  fake.list(bridge, id);
  fake.put_config(bridge, 0xf0, root | 1);
  fake.put(root + 0x3410, 3U << 10);
  fake.put(ich9 + 4, 0x4000);  // FDV
  fake.on_write = [&](std::uint64_t address, std::uint32_t value) {
    if (address != ich9 + 0xb0) return;  // FDOC
    const std::uint32_t word = value == 0         ? 0x0ff0a55a
                               : value == 1 << 2  ? 0x00040003U | (two ? 1U << 8 : 0)
                               : value == 1 << 12 ? component
                                                  : 0;
    fake.put(ich9 + 0xb4, word);
  };
  Machine machine = fake.machine();
  return Controller(machine, *find_chipset(fake)).components();
}

TEST(IntelMachines, SizesComeFromTheDescriptorByTheBitsOfTheGeneration) {
  using Sizes = std::vector<std::uint64_t>;
  constexpr std::uint64_t mib = 1U << 20;
  EXPECT_EQ(sizes_of(0x1e55, 0b011'100, true), (Sizes{8 * mib, 4 * mib}));
  EXPECT_EQ(sizes_of(0x1e55, 0b011'100, false), Sizes{8 * mib});
  EXPECT_EQ(sizes_of(0x8c4f, 0b0101'0110, true), (Sizes{32 * mib, 16 * mib}));
  EXPECT_EQ(sizes_of(0x8c4f, 0b1111, false), Sizes{});  // reserved
}

TEST(IntelMachines, AProcessThatIsHaltedBehindALookLooksOnceMore) {
  FakeMachine fake;
  fake.list(bridge, 0x2917);
  fake.put_config(bridge, 0xf0, root | 1);
  VirtualClock clock;
  Machine machine{fake, fake, clock};
  Controller controller(machine, *find_chipset(fake));
  unsigned looks = 0;
  const auto status = [&]() -> std::uint32_t {
    if (++looks == 1) clock.advance(std::chrono::seconds(10));
    return looks == 1 ? 0 : 1;
  };
  EXPECT_EQ(controller.wait(status, 1, std::chrono::milliseconds(60)), 1U);
  EXPECT_FALSE(controller.wait([] { return 0U; }, 1, std::chrono::milliseconds(60)));
}

TEST(IntelMachines, ABbarThatIsLockedHidesWhatLiesBelow) {
  FakeMachine fake;
  fake.list(bridge, 0x2917);
  fake.put_config(bridge, 0xf0, root | 1);
  fake.put(ich9 + 0xa0, 0x00070000);
  fake.on_write = [&](std::uint64_t, std::uint32_t) { fake.put(ich9 + 0xa0, 0x00070000); };
  Machine machine = fake.machine();
  Controller controller(machine, *find_chipset(fake));
  const Access below = controller.access({0x60000, 0x1000});
  EXPECT_FALSE(below.readable);
  EXPECT_FALSE(below.writable);
  EXPECT_EQ(below.reason, "BBAR hides everything below 0x70000 until reset");
  EXPECT_TRUE(controller.access({0x70000, 0x1000}).writable);
}

}  // namespace
}  // namespace romwright::flash::intel
