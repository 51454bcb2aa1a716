// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/cbfs/stage_elf.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/fixtures.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

TEST(StageElf, HoldsTheProgramAsItIsLoaded) {
  CbfsStage stage{test::pattern(1000, 3), {0x100000, 8, 1500}};
  const Buffer elf = elf_from_stage(stage);
  EXPECT_EQ(elf.size(), 0x2000U + 1000);
  EXPECT_EQ(load_le<std::uint32_t>(elf, 0x18), 0x100008U);
  EXPECT_EQ(Buffer(elf.begin() + 0x2000, elf.end()), stage.content);
  EXPECT_EQ(load_le<std::uint16_t>(elf, 0x2c), 2) << "the program, and what is empty";
  stage.header.memory_size = 1000;
  EXPECT_EQ(stage_from_elf(elf_from_stage(stage)).content, stage.content);
  EXPECT_EQ(stage_from_elf(elf_from_stage(stage)).header, stage.header);
}

TEST(StageElf, KeepsAnRmodulesRelocations) {
  Rmodule module;
  module.program = test::pattern(100, 1);
  module.memory_size = 200;
  module.relocations = {4, 8};
  EXPECT_EQ(elf_from_stage(stage_from_rmodule(module.serialize())), module.to_elf());
}

TEST(StageElf, RefusesAddressesThatElfCannotHold) {
  EXPECT_THROW((void)elf_from_stage({Buffer(10), {0x100000000, 0, 10}}), ImageError);
}

}  // namespace
}  // namespace romwright::images
