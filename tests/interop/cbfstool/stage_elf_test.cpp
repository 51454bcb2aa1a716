// SPDX-License-Identifier: GPL-2.0-or-later
// Stages as ELF files: the bytes that cbfstool extracts.
#include "toolkit/images/formats/cbfs/stage_elf.h"

#include "tests/interop/cbfstool/cbfstool.h"

namespace romwright::images {
namespace {

class StageElf : public WithCbfstool {};

TEST_F(StageElf, IsWhatCbfstoolExtracts) {
  for (const auto& [address, memory] : {std::pair(0x100000U, 1000U),
                                        {0x100000U, 1500U},
                                        {0x2000000U, 70000U},
                                        {1000U, 3000U},
                                        {0U, 2000U}}) {
    begin(test::fmap_image());
    test::write_file(file("program.elf"),
                     test::elf32(address + 8, {{address, test::pattern(1000, 3), memory}}));
    ASSERT_EQ(cbfstool({"add-stage", "-f", file("program.elf"), "-n", "a"}).status, 0);
    ASSERT_EQ(cbfstool({"extract", "-n", "a", "-m", "x86", "-f", file("extracted")}).status, 0);
    const Buffer image = theirs();
    const CbfsView view(image, region_);
    const CbfsFile* stage = view.find("a");
    ASSERT_NE(stage, nullptr);
    EXPECT_EQ(to_hex(elf_from_stage({view.contents(*stage), stage->stage.value()})),
              to_hex(test::read_file(file("extracted"))))
        << address << " " << memory;
  }
}

}  // namespace
}  // namespace romwright::images
