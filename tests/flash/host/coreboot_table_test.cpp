// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/host/coreboot_table.h"

#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

std::uint16_t sum_of(ConstBytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) sum += load_le<std::uint16_t>(bytes, i);
  if (bytes.size() % 2 != 0) sum += bytes.back();
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

Buffer record(std::uint32_t tag, ConstBytes data) {
  Buffer bytes(8);
  store_le<std::uint32_t>(bytes, 0, tag);
  store_le<std::uint32_t>(bytes, 4, static_cast<std::uint32_t>(8 + data.size()));
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

Buffer table_of(const std::vector<Buffer>& records) {
  Buffer body;
  for (const Buffer& one : records) body.insert(body.end(), one.begin(), one.end());
  Buffer bytes(24);
  std::copy_n("LBIO", 4, bytes.begin());
  store_le<std::uint32_t>(bytes, 4, 24);
  store_le<std::uint32_t>(bytes, 12, static_cast<std::uint32_t>(body.size()));
  store_le<std::uint32_t>(bytes, 16, sum_of(body));
  store_le<std::uint32_t>(bytes, 20, static_cast<std::uint32_t>(records.size()));
  store_le<std::uint32_t>(bytes, 8, sum_of(bytes));
  bytes.insert(bytes.end(), body.begin(), body.end());
  return bytes;
}

Buffer mainboard() {
  constexpr std::string_view names("\0\7LENOVO\0ThinkPad X230\0", 24);
  return record(3, as_bytes(names));
}

Buffer sample() { return table_of({record(4, as_bytes("24.02")), mainboard()}); }

TEST(CorebootTable, TellsMainboardAndVersion) {
  const auto table = parse_coreboot_table(sample());
  ASSERT_TRUE(table);
  EXPECT_EQ(table->vendor, "LENOVO");
  EXPECT_EQ(table->part, "ThinkPad X230");
  EXPECT_EQ(table->version, "24.02");
  EXPECT_FALSE(table->forward);
}

TEST(CorebootTable, AnyChangedByteAndAnyShorterTableIsRefused) {
  const Buffer whole = sample();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i >= 20 && i < 24) continue;  // the number of entries, told by the records themselves
    Buffer damaged = whole;
    damaged[i] = static_cast<std::uint8_t>(damaged[i] ^ 0x41);
    EXPECT_FALSE(parse_coreboot_table(damaged)) << i;
    EXPECT_FALSE(parse_coreboot_table(ConstBytes(whole).first(i))) << i;
  }
}

TEST(CorebootTable, RecordThatDoesNotFitEndsTheTable) {
  Buffer wrong = record(5, Buffer(4));
  store_le<std::uint32_t>(wrong, 4, 0xfffffff0U);
  const auto table = parse_coreboot_table(table_of({mainboard(), wrong}));
  ASSERT_TRUE(table);
  EXPECT_EQ(table->part, "ThinkPad X230");
  Buffer beyond = record(3, Buffer{200, 201, 'A', 0});
  EXPECT_EQ(parse_coreboot_table(table_of({beyond}))->part, "");
}

Buffer gpio(std::uint32_t active_high, std::uint32_t value, std::string_view name) {
  Buffer entry(28);
  store_le<std::uint32_t>(entry, 4, active_high);
  store_le<std::uint32_t>(entry, 8, value);
  std::copy(name.begin(), name.end(), entry.begin() + 12);
  return entry;
}

Buffer gpios(std::uint32_t count, const std::vector<Buffer>& entries) {
  Buffer data(4);
  store_le<std::uint32_t>(data, 0, count);
  for (const Buffer& one : entries) data.insert(data.end(), one.begin(), one.end());
  return record(0x13, data);
}

TEST(CorebootTable, ChromebooksSignalsAndWhereTheFmapIs) {
  Buffer media(32);
  store_le<std::uint64_t>(media, 0, 0x5f0000);
  const auto told = [](const Buffer& one) { return *parse_coreboot_table(table_of({one})); };
  EXPECT_EQ(told(record(0x30, media)).fmap, 0x5f0000U);
  EXPECT_FALSE(told(record(0x30, Buffer(7))).fmap);
  const Buffer lid = gpio(1, 1, "lid");
  EXPECT_EQ(told(gpios(2, {lid, gpio(1, 1, "write protect")})).write_protect, true);
  EXPECT_EQ(told(gpios(2, {lid, gpio(1, 0, "write protect")})).write_protect, false);
  EXPECT_EQ(told(gpios(2, {lid, gpio(0, 0, "write protect")})).write_protect, true);
  EXPECT_EQ(told(gpios(2, {lid, gpio(0, 1, "write protect")})).write_protect, false);
  // Not read by the firmware, beyond the record, or not there at all.
  EXPECT_FALSE(told(gpios(1, {gpio(1, 0xffffffff, "write protect")})).write_protect);
  EXPECT_FALSE(told(gpios(1, {gpio(7, 1, "write protect")})).write_protect);
  EXPECT_FALSE(told(gpios(1, {lid, gpio(1, 1, "write protect")})).write_protect);
  EXPECT_FALSE(told(gpios(0xffffffff, {lid})).write_protect);
  EXPECT_FALSE(told(record(0x13, Buffer(3))).write_protect);
}

TEST(CorebootTable, ForwardingIsFollowedOnce) {
  Buffer address(8);
  store_le<std::uint64_t>(address, 0, 0x7f000000);
  Buffer low(0x1000);
  const Buffer forward = table_of({record(0x11, address)});
  std::copy(forward.begin(), forward.end(), low.begin() + 0x500);
  const Buffer high = sample();
  const auto memory = [&](std::uint64_t at, std::size_t size) -> std::optional<Buffer> {
    if (at == 0) return low;
    if (at == 0x7f000000) return Buffer(high.begin(), high.begin() + std::min(size, high.size()));
    return std::nullopt;
  };
  EXPECT_EQ(find_coreboot_table(memory)->part, "ThinkPad X230");
  EXPECT_FALSE(find_coreboot_table([](std::uint64_t, std::size_t) { return std::nullopt; }));
}

}  // namespace
}  // namespace romwright::flash
