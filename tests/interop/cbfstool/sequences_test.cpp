// SPDX-License-Identifier: GPL-2.0-or-later
// Generated sequences of add and remove: every step gives the bytes that cbfstool gives, and is
// refused where cbfstool refuses it.
#include <random>

#include <fmt/format.h>

#include "tests/interop/cbfstool/cbfstool.h"

namespace romwright::images {
namespace {

using Random = std::mt19937;

std::uint64_t below(Random& random, std::uint64_t limit) { return random() % limit; }

struct Step {
  std::string name;
  Buffer content;
  CbfsAddOptions options;
  std::vector<std::string> arguments;
};

class Sequences : public WithCbfstool, public testing::WithParamInterface<int> {
 protected:
  /// A position inside the region or a little outside, in one of the three notations.
  void choose_position(Random& random, Step& step) const {
    const std::uint64_t at = 1 + below(random, region_.size);
    const std::uint64_t coarse = below(random, 2) == 0 ? at : align_down(at, 64) + 64;
    std::string text;
    switch (below(random, 3)) {
      case 0:
        text = fmt::format("{:#x}", coarse);
        break;
      case 1:
        text = fmt::format("-{:#x}", region_.size - std::min(coarse, region_.size - 1));
        break;
      default:
        text = fmt::format("{:#x}", 0x100000000ULL - (image_.size() - region_.offset - coarse));
    }
    step.options.position = CbfsPosition::parse(text);
    step.arguments.insert(step.arguments.end(), {"-b", text});
  }

  Step choose_add(Random& random, int number) const {
    Step step;
    const std::string_view names[] = {"a", "config", "fallback/payload", "pci8086,0166.rom",
                                      "etc/a-name-that-is-rather-long-for-a-file"};
    step.name =
        below(random, 8) == 0 ? "config" : fmt::format("{}{}", names[below(random, 5)], number);
    const std::uint64_t sizes[] = {1 + below(random, 8), 1 + below(random, 300),
                                   1 + below(random, 5000), 1 + below(random, 70000)};
    step.content.resize(static_cast<std::size_t>(sizes[below(random, 4)]));
    for (std::uint8_t& byte : step.content) byte = static_cast<std::uint8_t>(random());
    const std::string_view types[] = {"raw",  "optionrom",   "mrc", "spd",
                                      "0x50", "cmos_layout", "efi", "80"};
    const std::string_view type = types[below(random, 8)];
    step.options.type = parse_cbfs_type(type).value();
    step.arguments = {"-n", step.name, "-t", std::string(type)};
    const std::uint64_t placing = below(random, 10);
    if (placing < 3) choose_position(random, step);
    if (placing >= 7) {
      step.options.alignment = 1U << below(random, 14);
      step.arguments.insert(step.arguments.end(),
                            {"-a", fmt::format("{:#x}", step.options.alignment)});
    }
    if (below(random, 4) == 0) {
      step.options.generate_attributes = true;
      step.arguments.emplace_back("-g");
    }
    if (below(random, 5) == 0) {
      step.options.hash = static_cast<std::uint32_t>(1 + below(random, 3));
      const std::string_view hashes[] = {"sha1", "sha256", "sha512"};
      step.arguments.insert(step.arguments.end(),
                            {"-A", std::string(hashes[step.options.hash - 1])});
    }
    if (below(random, 6) == 0) {
      step.options.padding = static_cast<std::uint32_t>(8 + 4 * below(random, 8));
      step.arguments.insert(step.arguments.end(), {"-p", std::to_string(step.options.padding)});
    }
    return step;
  }

  /// One add on both sides. True when it was made.
  bool add(const Step& step) {
    test::write_file(file("content"), step.content);
    std::vector<std::string> arguments = {"add", "-f", file("content")};
    arguments.insert(arguments.end(), step.arguments.begin(), step.arguments.end());
    const test::Result result = cbfstool(arguments);
    std::string refusal;
    try {
      editor().add(step.name, step.content, step.options);
    } catch (const Error& error) {
      refusal = error.line();
    }
    EXPECT_EQ(refusal.empty(), result.status == 0) << refusal << "\n" << result.err;
    return refusal.empty();
  }
};

TEST_P(Sequences, SameBytes) {
  Random random(static_cast<unsigned>(GetParam()));
  const std::size_t sizes[] = {128 << 10, 256 << 10, 1 << 20};
  const std::size_t size = sizes[below(random, 3)];
  Buffer (*const images[])(std::size_t) = {&test::legacy_image, &test::fmap_image,
                                           &test::bootblock_image};
  begin(images[GetParam() % 3](size));
  std::vector<std::string> names;
  for (int number = 0; number < 14; ++number) {
    if (!names.empty() && below(random, 3) == 0) {
      const auto chosen = names.begin() + static_cast<std::ptrdiff_t>(below(random, names.size()));
      SCOPED_TRACE("remove " + *chosen);
      ASSERT_EQ(cbfstool({"remove", "-n", *chosen}).status, 0);
      editor().remove(*chosen);
      names.erase(chosen);
      ASSERT_TRUE(same());
      continue;
    }
    const Step step = choose_add(random, number);
    SCOPED_TRACE(fmt::format("add {} bytes: {}", step.content.size(),
                             testing::PrintToString(step.arguments)));
    if (add(step)) names.push_back(step.name);
    ASSERT_FALSE(HasFailure());
    ASSERT_TRUE(same());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Sequences, testing::Range(0, 220));

}  // namespace
}  // namespace romwright::images
