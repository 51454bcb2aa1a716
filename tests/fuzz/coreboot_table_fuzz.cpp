// SPDX-License-Identifier: GPL-2.0-or-later
// Any bytes as memory with a coreboot table in it, and as the records of a table whose checksums
// fit: nothing is thrown, and nothing outside the bytes is asked for or told.
#include <algorithm>
#include <cstdint>

#include "flash/host/coreboot_table.h"

namespace {

using namespace romwright;

std::uint32_t sum_of(ConstBytes bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) sum += std::uint64_t{bytes[i]} << (8 * (i % 2));
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

void check(const std::optional<flash::CorebootTable>& table, std::size_t size) {
  if (!table) return;
  for (const std::string& text : {table->vendor, table->part, table->version})
    if (text.size() > size) __builtin_trap();
}

/// The bytes behind a header that makes a table of them.
void as_records(ConstBytes body) {
  Buffer table(24);
  std::copy_n("LBIO", 4, table.begin());
  store_le<std::uint32_t>(table, 4, 24);
  store_le<std::uint32_t>(table, 12, static_cast<std::uint32_t>(body.size()));
  store_le<std::uint32_t>(table, 16, sum_of(body));
  store_le<std::uint32_t>(table, 8, sum_of(table));
  table.insert(table.end(), body.begin(), body.end());
  const auto parsed = flash::parse_coreboot_table(table);
  if (!parsed) __builtin_trap();
  check(parsed, body.size());
}

/// The bytes at the start of memory, and again wherever a forwarding record points to.
void as_memory(ConstBytes bytes) {
  int asked = 0;
  const auto found = flash::find_coreboot_table(
      [&](std::uint64_t /*address*/, std::size_t size) -> std::optional<Buffer> {
        if (++asked > 4 || size > std::size_t{1} << 20) __builtin_trap();
        const ConstBytes part = bytes.first(std::min(size, bytes.size()));
        return Buffer(part.begin(), part.end());
      });
  check(found, bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ConstBytes bytes(data, size);
  check(flash::parse_coreboot_table(bytes), size);
  as_records(bytes);
  as_memory(bytes);
  return 0;
}
