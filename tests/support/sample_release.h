// SPDX-License-Identifier: GPL-2.0-or-later
// A sample release in a folder: complete ROMs, their vendor files, manifests. No vendor's data.
#pragma once

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "flash/base/digest.h"
#include "flash/base/output_file.h"
#include "tests/support/sample_image.h"
#include "toolkit/images/formats/ifd.h"

namespace romwright::test {

inline constexpr std::string_view sample_board = "sample_12mb";

/// Makes FOLDER/complete/bin/BOARD/*.rom, FOLDER/vendor and FOLDER/manifests. `romwright strip`
/// turns the first into a release.
inline void make_sample_release(const std::filesystem::path& folder,
                                std::string_view board = sample_board) {
  namespace fs = std::filesystem;
  const fs::path roms = folder / "complete" / "bin" / board;
  for (const fs::path& part : {roms, folder / "vendor", folder / "manifests/layouts/sample",
                               folder / "manifests/vendorfiles"})
    fs::create_directories(part);
  const auto text = [&](const std::string& file, const std::string& content) {
    write_whole(folder / file, as_bytes(content));
  };
  text(fmt::format("manifests/layouts/sample/{}.yaml", board),
       fmt::format("board: {}\n", board) +
           "title: A board for demonstrations (12 MiB)\n"
           "image:\n"
           "  size: 12MiB\n"
           "  descriptor:\n"
           "    expect: {fd: 0x0+0x1000, gbe: 0x1000+0x2000, me: 0x3000+0x18000, bios: "
           "0x1b000+0xbe5000}\n"
           "chips:\n"
           "  - {name: bottom, size: 8MiB}\n"
           "  - {name: top, size: 4MiB}\n"
           "insert:\n"
           "  - {file: me-sample, region: me}\n"
           "  - {file: ec-sample, cbfs: ecfw1.bin, type: raw, address: 0xfffe0000}\n"
           "notes:\n"
           "  - {text: This board exists in simulations only.}\n");
  const auto recipe = [&](const std::string& name, const std::string& kind, const std::string& file,
                          const Buffer& content) {
    text(fmt::format("manifests/vendorfiles/{}.yaml", name),
         fmt::format("file: {}\nkind: {}\nresults:\n  - {{name: {}, sha512: {}, size: {}}}\n"
                     "missing: It is part of the sample; name its folder with --vendor-dir.\n",
                     name, kind, file, hex_digest(Hash::sha512, content), content.size()));
    write_whole(folder / "vendor" / file, content);
  };
  const Buffer me = sample_me(), ec = sample_ec();
  recipe("me-sample", "intel-me", "me.bin", me);
  recipe("ec-sample", "ec", "ec.bin", ec);
  for (const std::string variant : {"txtmode", "corebootfb"}) {
    Buffer image = sample_image(variant);
    images::IfdEditor(image).insert_region("me", me);
    images::CbfsAddOptions options;
    options.position = images::CbfsPosition::address(0xfffe0000);
    images::CbfsEditor(image, SampleImage::coreboot).add("ecfw1.bin", ec, options);
    write_whole(roms / fmt::format("seabios_{}_{}.rom", board, variant), image);
  }
  write_whole(roms / ".version", as_bytes("sample 1\n"));
  write_whole(roms / ".versiondate", as_bytes("1700000000\n"));
}

}  // namespace romwright::test
