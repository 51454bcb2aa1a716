// SPDX-License-Identifier: GPL-2.0-or-later
// Each fault of the simulated chip and link at a small write: what is said, and what the chip
// holds.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/engine/bench.h"

namespace romwright::flash::scenario {
namespace {

using ::testing::HasSubstr;

/// A small write on a small chip: blocks that are erased, programmed only, and bits that clear.
class Faulty : public ::testing::TestWithParam<SimLink> {
 protected:
  Faulty() : bench("W25Q80BV", GetParam()) {
    bench.content = random_bytes(bench.chip.size, 5);
    std::fill_n(bench.content.begin() + 0x4000, 0x1000, std::uint8_t{0xff});
    old = image = bench.content;
    const Buffer fresh = random_bytes(0x600, 6);
    std::copy_n(fresh.begin(), 0x400, image.begin() + 0x1000);
    std::fill_n(image.begin() + 0x2000, 0x1000, std::uint8_t{0xff});
    std::copy_n(fresh.begin() + 0x400, 0x200, image.begin() + 0x4100);
    image[0x8010] &= 0x0f;
  }
  /// Plugs it in again, without the fault.
  void recover(Recovery recovery) {
    Plugged again(bench);
    again.recover(recovery);
    EXPECT_EQ(bench.content, recovery == Recovery::finish ? image : old);
    EXPECT_TRUE(bench.journals().empty());
  }
  Bench bench;
  Buffer old;
  Buffer image;
};

TEST_P(Faulty, NoFault) {
  Plugged plugged(bench);
  const WriteReport report = plugged.write(image);
  EXPECT_EQ(bench.content, image);
  EXPECT_EQ(report.retries + report.rewritten_blocks + report.link_errors, 0U);
  EXPECT_EQ(plugged.counts().erases, 2U);
  EXPECT_EQ(plugged.counts().programs, 16U + 2 + 1 + report.retries);
  Plugged again(bench);
  EXPECT_TRUE(again.write(image).identical);
  EXPECT_EQ(again.counts().erases, 0U);
}

TEST_P(Faulty, PowerCutInEveryOperation) {
  const Buffer content = old;
  for (const bool in_erase : {true, false})
    for (const Recovery recovery : {Recovery::finish, Recovery::undo})
      for (std::uint64_t n = 1;; ++n) {
        bench.content = content;
        Faults faults;
        (in_erase ? faults.cut_erase : faults.cut_program) = n;
        faults.cut_at = n % 2 == 0 ? 0.3 : 0.8;
        try {
          Plugged plugged(bench, faults);
          plugged.write(image);
          EXPECT_GT(n, in_erase ? 2U : 18U);
          break;
        } catch (const ChangedError& error) {
          EXPECT_THAT(error.what(), HasSubstr("lost its power"));
          EXPECT_THAT(error.hint(), HasSubstr("romwright resume"));
        }
        recover(recovery);
      }
}

TEST_P(Faulty, LinkDropsAnywhereWhileItWrites) {
  // What reading takes on the wire, twice what is erased included.
  const std::uint64_t reading = bench.chip.size + 0x2000;
  const Buffer content = old;
  std::size_t broken = 0;
  for (std::uint64_t bytes = reading; bytes < reading + 0x2400; bytes += 211) {
    bench.content = content;
    const Recovery recovery = broken % 2 == 0 ? Recovery::finish : Recovery::undo;
    try {
      Plugged plugged(bench, Faults{.drop_after = bytes});
      plugged.write(image);
      FAIL() << "the verification alone takes more";
    } catch (const ChangedError&) {
      ++broken;
      recover(recovery);
    } catch (const DeviceError&) {
      EXPECT_EQ(bench.content, content);  // before the first change
      EXPECT_TRUE(bench.journals().empty());
    }
  }
  EXPECT_GT(broken, 20U);
}

TEST_P(Faulty, IgnoredEraseIsRepaired) {
  for (const std::uint64_t n : {1U, 2U}) {
    bench.content = old;
    Plugged plugged(bench, Faults{.ignore_erase = n});
    const WriteReport report = plugged.write(image);
    EXPECT_EQ(bench.content, image);
    EXPECT_EQ(report.rewritten_blocks, 1U);
    EXPECT_EQ(plugged.counts().erases, 3U);
  }
}

TEST_P(Faulty, StuckBit) {
  image[0x2345] = 0xff;
  Plugged plugged(bench, Faults{.stuck = {{0x2345, 3, false}}});
  try {
    plugged.write(image);
    FAIL();
  } catch (const ChangedError& error) {
    EXPECT_STREQ(error.what(), "offset 0x2345: expected 0xff, read 0xf7");
  }
  // Everything else is as it should be; the block was tried three times more, and nothing larger.
  Buffer expected = image;
  expected[0x2345] = 0xf7;
  EXPECT_EQ(bench.content, expected);
  EXPECT_EQ(plugged.counts().erases, 2U + 3);
}

TEST_P(Faulty, FlippedReadOnce) {
  for (const std::uint64_t at : {0x500U, 0x1010U, 0x8010U}) {
    bench.content = old;
    Plugged plugged(bench, Faults{.flip_address = at});
    plugged.write(image);
    EXPECT_EQ(bench.content, image) << at;
  }
}

TEST_P(Faulty, FlippedReadsEverywhere) {
  // One byte in 700 000 on average: the backup may be wrong there, the chip must not be.
  Plugged plugged(bench, Faults{.flip_every = 700'001});
  WriteOptions options;
  options.read_twice = true;
  const WriteReport report = plugged.write(image, options);
  EXPECT_EQ(bench.content, image);
  EXPECT_GT(report.link_errors, 0U);
  EXPECT_EQ(BackupStore::content(*report.backup), old);
}

TEST_P(Faulty, AChipThatNeverBecomesReady) {
  for (const std::uint64_t n : {1U, 5U}) {
    bench.content = old;
    {
      Plugged plugged(bench, Faults{.hang = n});
      try {
        plugged.write(image);
        FAIL();
      } catch (const ChangedError& error) {
        EXPECT_THAT(error.what(), HasSubstr("the chip is still busy after 5.0 s"));
      }
      EXPECT_LT(plugged.clock.now(), std::chrono::seconds(30));
    }
    recover(Recovery::undo);
  }
}

TEST_P(Faulty, NoAnswerAndAWrongId) {
  Plugged silent(bench, Faults{.silent = true});
  EXPECT_THROW(silent.open(), NoDeviceError);
  Plugged other(bench, Faults{.id = Buffer{0xc2, 0x20, 0x17}});
  EXPECT_THROW(other.open(), UsageError);
  EXPECT_EQ(bench.content, old);
}

TEST_P(Faulty, StopAtEveryStep) {
  const Buffer content = old;
  for (std::size_t stop_after = 1; stop_after <= 3; ++stop_after) {
    bench.content = content;
    Plugged plugged(bench);
    plugged.open();
    std::stop_source stop;
    struct Counter final : EventSink {
      void progress(const Progress& progress) override {
        if (progress.phase == "writing" && progress.done > 0 && --left == 0) stop->request_stop();
      }
      std::size_t left = 0;
      std::stop_source* stop = nullptr;
    } counter;
    counter.left = stop_after;
    counter.stop = &stop;
    romwright::Run run{stop.get_token(), counter};
    const WritePlan plan = plugged.device->plan(image, {}, run);
    ASSERT_EQ(plan.erase.steps.size(), 3U);
    try {
      plugged.device->write(plan, bench.guard, run);
      FAIL();
    } catch (const InterruptedError& error) {
      EXPECT_EQ(error.signal(), SIGINT);
      EXPECT_THAT(error.hint(), HasSubstr("romwright resume"));
    }
    // A safe point: whole steps are done, and nothing of the next.
    Buffer expected = content;
    for (std::size_t i = 0; i < stop_after; ++i)
      for (const Range& range : touched_ranges(plan.erase.steps[i]))
        std::copy_n(image.begin() + static_cast<std::ptrdiff_t>(range.offset), range.size,
                    expected.begin() + static_cast<std::ptrdiff_t>(range.offset));
    EXPECT_EQ(bench.content, expected);
    recover(stop_after % 2 == 0 ? Recovery::finish : Recovery::undo);
  }
}

TEST_P(Faulty, ProtectedBlocks) {
  // BP0 and TB of a W25Q80BV: the lowest 64 KiB.
  Plugged plugged(bench);
  plugged.open();
  plugged.nor->write_protect()->protect({0, 0x10000});
  try {
    plugged.write(image);
    FAIL();
  } catch (const ProtectedError& error) {
    EXPECT_THAT(error.what(), HasSubstr("0x1000+0x2000: protected by the status register"));
  }
  EXPECT_EQ(bench.content, old);
  EXPECT_EQ(plugged.counts().erases, 0U);
  plugged.write(image, {.unprotect = true});
  EXPECT_EQ(bench.content, image);
  EXPECT_EQ(plugged.nor->write_protect()->status().range, (Range{0, 0x10000}));
}

INSTANTIATE_TEST_SUITE_P(Links, Faulty, ::testing::Values(ideal_link, ft2232h_link),
                         [](const auto& link) { return std::string(link.param.name); });

}  // namespace
}  // namespace romwright::flash::scenario
