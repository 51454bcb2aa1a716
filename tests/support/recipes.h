// SPDX-License-Identifier: GPL-2.0-or-later
// Recipes and packages of the project's own making, and dumps that hold a Management Engine.
#pragma once

#include <string>
#include <vector>

#include "flash/base/digest.h"
#include "tests/support/fixtures.h"
#include "tests/support/me_images.h"
#include "tests/support/sample_image.h"
#include "tests/support/tarballs.h"
#include "toolkit/manifests/recipe.h"

namespace romwright::test {

inline std::string sha512(ConstBytes bytes) { return hex_digest(Hash::sha512, bytes); }

/// An ME region of 0x5000 bytes with code of version 8.`minor`.0.1.
inline Buffer made_me(std::uint16_t minor) {
  Buffer region(0x5000, 0xff);
  put_me_manifest(Bytes(region).subspan(0x1000), "$MN2", {8, minor, 0, 1});
  for (std::size_t at = 0x1200; at < region.size(); ++at)
    region[at] = static_cast<std::uint8_t>(at * 3 + minor);
  put_me_table(region, 0x10, {{"FTPR", 0x1000, 0x4000, 0x80}}, 0);
  return region;
}

/// A dump of 12 MiB: a descriptor, and that ME at the start of its region.
inline Buffer made_dump(std::uint16_t minor) {
  Buffer image(SampleImage::size, 0xff);
  put_descriptor(image);
  put_gbe(image);
  const Buffer me = made_me(minor);
  std::ranges::copy(me, image.begin() + SampleImage::me.offset);
  return image;
}

/// The package of `made_recipe`: an archive with an ME region.
inline Buffer made_package(std::uint16_t minor = 1) {
  return make_tarball({{"readme.txt", text_bytes("read me")}, {"fw/me.bin", made_me(minor)}});
}

/// Its results: the first 0x3000 bytes of the ME, and no more.
inline Buffer made_result(std::uint16_t minor = 1) {
  Buffer region = made_me(minor);
  region.resize(0x3000);
  return region;
}

/// unpack, find the engine, cut it; from a package at two addresses.
inline manifests::Recipe made_recipe(std::uint16_t minor = 1) {
  manifests::Recipe recipe;
  recipe.name = "me-made";
  recipe.kind = "intel-me";
  manifests::Download download;
  download.sha512 = sha512(made_package(minor));
  download.urls = {"https://one.test/files/setup.tar?x=1", "https://two.test/setup.tar"};
  recipe.download = download;
  recipe.extract = {{"unpack", nlohmann::json::object(), {"me-made.yaml", 4, 5}},
                    {"find", {{"intel-me", "any"}}, {"me-made.yaml", 5, 5}},
                    {"carve", {{"offset", 0}, {"size", 0x3000}}, {"me-made.yaml", 6, 5}}};
  recipe.results = {{"me.bin", sha512(made_result(minor)), 0x3000}};
  recipe.missing = "It is needed to boot.";
  return recipe;
}

inline const Buffer made_ec1 = pattern(3000, 1), made_ec2 = pattern(2000, 2);

/// An archive with two files.
inline Buffer made_pair_package() {
  return make_tarball({{"Rompaq/ecfw1.bin", made_ec1}, {"Rompaq/ecfw2.bin", made_ec2}});
}

/// Both of them.
inline manifests::Recipe made_pair() {
  manifests::Recipe recipe;
  recipe.name = "ec-made";
  recipe.kind = "ec";
  manifests::Download download;
  download.sha512 = sha512(made_pair_package());
  download.urls = {"https://one.test/sp1.exe"};
  recipe.download = download;
  recipe.extract = {{"unpack", nlohmann::json::object(), {"ec-made.yaml", 4, 5}},
                    {"find", {{"name", {"Rompaq/ecfw*.bin"}}}, {"ec-made.yaml", 5, 5}}};
  recipe.results = {{"ecfw1.bin", sha512(made_ec1), {}}, {"ecfw2.bin", sha512(made_ec2), {}}};
  return recipe;
}

}  // namespace romwright::test
