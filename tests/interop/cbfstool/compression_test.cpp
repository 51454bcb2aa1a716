// SPDX-License-Identifier: GPL-2.0-or-later
// Compressed files: each side decompresses the other's, and ours are hardly larger.
#include <random>

#include "tests/interop/cbfstool/cbfstool.h"

namespace romwright::images {
namespace {

struct Sample {
  const char* name;
  Buffer (*make)();
};

Buffer words(std::size_t size) {
  std::mt19937 random(7);
  const std::string_view vocabulary[] = {
      "menuentry ", "linux ", "set ",   "coreboot", "\n",
      "{ ",         "} ",     "/boot/", "0x",       "search --fs-uuid "};
  Buffer text;
  while (text.size() < size)
    for (const char c : vocabulary[random() % 10]) text.push_back(static_cast<std::uint8_t>(c));
  return text;
}
Buffer noise(std::size_t size) {
  std::mt19937 random(8);
  Buffer bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}
/// Waves with a little noise: neither text nor code.
Buffer waves(std::size_t size) {
  std::mt19937 random(9);
  Buffer bytes(size);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::uint8_t>((i * i / 97) ^ (random() % 4));
  return bytes;
}

constexpr Sample samples[] = {
    {"text", [] { return words(200000); }},       {"short_text", [] { return words(700); }},
    {"blank", [] { return Buffer(300000, 0); }},  {"noise", [] { return noise(5000); }},
    {"waves", [] { return waves(100000); }},      {"tiny", [] { return words(40); }},
    {"large_text", [] { return words(900000); }},
};

using Parameter = std::tuple<Sample, CbfsCompression>;

class Compression : public WithCbfstool, public testing::WithParamInterface<Parameter> {};

TEST_P(Compression, EachReadsTheOther) {
  const auto& [sample, compression] = GetParam();
  const Buffer content = sample.make();
  begin(test::fmap_image(2 << 20));
  test::write_file(file("content"), content);
  const std::string option = compression == CbfsCompression::lzma ? "lzma" : "lz4";
  ASSERT_EQ(cbfstool({"add", "-f", file("content"), "-n", "a", "-t", "raw", "-c", option}).status,
            0);
  CbfsAddOptions options;
  options.compression = compression;
  editor().add("a", content, options);

  const Buffer other = theirs();
  const CbfsView their_view(other, region_), our_view(image_, region_);
  EXPECT_EQ(their_view.contents("a"), content);
  EXPECT_EQ(our_view.contents("a"), content);
  EXPECT_EQ(our_view.find("a")->compression, their_view.find("a")->compression);
  const auto ours = static_cast<double>(our_view.find("a")->data.size);
  EXPECT_LE(ours, 1.01 * static_cast<double>(their_view.find("a")->data.size));

  test::write_file(file("image.rom"), image_);
  ASSERT_EQ(cbfstool({"extract", "-n", "a", "-f", file("extracted")}).status, 0);
  EXPECT_EQ(test::read_file(file("extracted")), content);
}

INSTANTIATE_TEST_SUITE_P(Samples, Compression,
                         testing::Combine(testing::ValuesIn(samples),
                                          testing::Values(CbfsCompression::lzma,
                                                          CbfsCompression::lz4)),
                         [](const auto& instance) {
                           return std::string(std::get<0>(instance.param).name) + "_" +
                                  to_string(std::get<1>(instance.param));
                         });

}  // namespace
}  // namespace romwright::images
