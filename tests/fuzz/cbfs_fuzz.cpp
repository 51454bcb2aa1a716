// SPDX-License-Identifier: GPL-2.0-or-later
// CBFS and what lies in it: whatever the bytes are, the answer is a value or an Error.
#include <algorithm>
#include <cstdint>

#include "flash/base/error.h"
#include "toolkit/images/formats/cbfs/cbfs_editor.h"
#include "toolkit/images/formats/cbfs/cbfs_locate.h"
#include "toolkit/images/formats/cbfs/cbfs_stage.h"
#include "toolkit/images/formats/cbfs/fsp_relocation.h"
#include "toolkit/images/formats/cbfs/rmodule.h"

namespace {

using namespace romwright;
using namespace romwright::images;

template <typename Body>
void attempt(Body&& body) {
  try {
    body();
  } catch (const Error&) {
  }
}

void read(ConstBytes image, const Range& region) {
  const CbfsView view(image, region);
  for (const CbfsFile& file : view.files()) {
    if (file.decompressed_size > 1 << 20) continue;  // the limit has its own tests
    attempt([&] { static_cast<void>(view.contents(file)); });
    attempt([&] { static_cast<void>(stage_from_program(view.raw(file))); });
    attempt([&] { static_cast<void>(stage_from_legacy(view.raw(file))); });
  }
}

/// An edit that succeeds leaves a CBFS that reads, and the file in it; one that fails changes
/// nothing.
void edit(ConstBytes original, const Range& region) {
  Buffer image(original.begin(), original.end());
  const Buffer content(100, 0x5a);
  bool added = false;
  attempt([&] {
    CbfsEditor(image, region).add("fuzz", content);
    added = true;
  });
  if (!added) {
    if (!std::ranges::equal(image, original)) __builtin_trap();
    return;
  }
  if (CbfsView(image, region).contents("fuzz") != content) __builtin_trap();
  attempt([&] { CbfsEditor(image, region).remove("fuzz"); });
  static_cast<void>(CbfsView(image, region));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ConstBytes bytes(data, size);
  attempt([&] {
    if (const auto region = locate_cbfs(bytes)) {
      read(bytes, *region);
      edit(bytes, *region);
    }
  });
  attempt([&] { read(bytes, {0, bytes.size()}); });
  attempt([&] { edit(bytes, {0, bytes.size()}); });
  attempt([&] { static_cast<void>(stage_from_program(bytes)); });
  attempt([&] { static_cast<void>(Rmodule::parse(bytes).to_elf()); });
  attempt([&] { static_cast<void>(relocate_fsp(bytes, 0xfff00000)); });
  return 0;
}
