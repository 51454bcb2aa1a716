// SPDX-License-Identifier: GPL-2.0-or-later
// Stages from ELF files, and rmodules back to ELF, byte for byte.
#include "tests/interop/cbfstool/cbfstool.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace romwright::images {
namespace {

class Stages : public WithCbfstool {
 protected:
  void SetUp() override {
    WithCbfstool::SetUp();
    if (!IsSkipped()) begin(test::fmap_image(2 << 20));
  }
  void add_stage(const std::string& name, const Buffer& elf, std::vector<std::string> more,
                 const CbfsAddOptions& options) {
    test::write_file(file("elf"), elf);
    std::vector<std::string> arguments = {"add-stage", "-f", file("elf"), "-n", name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const test::Result result = cbfstool(arguments);
    ASSERT_EQ(result.status, 0) << result.err;
    editor().add_stage(name, elf, options);
  }
};

TEST_F(Stages, FromElf) {
  const Buffer two = test::elf32(
      0x1000010, {{0x1000000, test::pattern(100, 3), 100}, {0x1000100, test::pattern(37, 5), 400}});
  const Buffer swapped = test::elf32(
      0x2000, {{0x3000, test::pattern(10, 3), 10}, {0x2000, test::pattern(300, 5), 300}});
  const Buffer blank_end =
      test::elf32(0x100, {{0x100, test::pattern(64, 1), 64}, {0x8000, {}, 64}});
  int number = 0;
  for (const Buffer* elf : {&two, &swapped, &blank_end}) {
    SCOPED_TRACE(number);
    const std::string name = "stage" + std::to_string(number++);
    CbfsAddOptions options;
    add_stage(name, *elf, {}, options);
    ASSERT_TRUE(same());
    options.hash = 2;
    options.generate_attributes = true;
    options.alignment = 256;
    add_stage(name + "aligned", *elf, {"-A", "sha256", "-g", "-a", "256"}, options);
    ASSERT_TRUE(same());
    options = {};
    options.padding = 16;
    const std::string at = "0x1" + std::to_string(number) + "0000";
    options.position = CbfsPosition::parse(at);
    add_stage(name + "at", *elf, {"-p", "16", "-b", at}, options);
    ASSERT_TRUE(same());
  }
}

TEST_F(Stages, RmodulesBecomeTheElfThatIsExtracted) {
  Rmodule module;
  module.link_address = 0x2000;
  module.entry = 0x2010;
  module.program = test::pattern(0x64, 9);
  module.memory_size = 0x100;
  module.bss_begin = 0x2064;
  module.bss_end = 0x2100;
  module.relocations = {0x2004, 0x2010};
  std::vector<Rmodule> modules(5, module);
  modules[1].parameters_begin = 0x2020;
  modules[1].parameters_end = 0x2030;
  modules[2].memory_size = static_cast<std::uint32_t>(module.program.size());
  modules[2].bss_begin = modules[2].bss_end = 0x2064;
  modules[3].relocations.clear();
  modules[4].parameters_begin = modules[4].parameters_end = 0x2020;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    SCOPED_TRACE(i);
    const std::string name = "rmodule" + std::to_string(i);
    const Buffer content = modules[i].serialize();
    const auto memory = std::max<std::uint32_t>(64 + modules[i].memory_size,
                                                static_cast<std::uint32_t>(content.size()));
    test::write_file(file("elf"), test::elf32(0, {{0, content, memory}}));
    ASSERT_EQ(cbfstool({"add-stage", "-f", file("elf"), "-n", name}).status, 0);
    editor().add_stage(name, content);
    ASSERT_TRUE(same());
    ASSERT_EQ(cbfstool({"extract", "-m", "x86", "-n", name, "-f", file("extracted")}).status, 0);
    const Buffer elf = test::read_file(file("extracted"));
    EXPECT_TRUE(modules[i].to_elf() == elf);
    // An empty range of parameters is not in the ELF.
    Rmodule again = modules[i];
    if (i == 4) again.parameters_begin = again.parameters_end = 0;
    EXPECT_EQ(to_hex(Rmodule::parse_elf(elf).serialize()), to_hex(again.serialize()));
  }
}

}  // namespace
}  // namespace romwright::images
