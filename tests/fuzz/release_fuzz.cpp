// SPDX-License-Identifier: GPL-2.0-or-later
// Reads bytes as a release tarball and as a list of hashes: an Error is the only way out.
#include <cstdint>
#include <string_view>

#include "flash/base/error.h"
#include "toolkit/images/hash_list.h"
#include "toolkit/images/release.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace romwright;
  const ConstBytes bytes(data, size);
  try {
    // The first ROMs are kept, the others read again.
    images::Release release = images::Release::open(bytes, "fuzz", 8192);
    std::size_t roms = 0;
    release.read([](const images::RomEntry&) { return true; },
                 [&](const images::Rom& rom) {
                   if (rom.content.size() % 4096 != 0) __builtin_trap();
                   if (release.folder(rom.entry).hashes)
                     (void)release.folder(rom.entry).hashes->find(rom.entry.name.name);
                   ++roms;
                 });
    if (roms != release.roms().size()) __builtin_trap();
  } catch (const Error&) {
  }
  try {
    const auto list = images::HashList::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (images::HashList::parse(list.text(), "again").entries() != list.entries()) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
