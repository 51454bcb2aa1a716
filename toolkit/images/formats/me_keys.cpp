// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/images/formats/me_keys.h"

#include <array>

#include "flash/base/digest.h"

namespace romwright::images {

namespace {

constexpr std::array keys = {
    MeKey{"8431285d43b0f2a2f520d7cab3d34178", "ME", "2.0.x.x, 2.1.x.x, 2.2.x.x"},
    MeKey{"4c00dd06c28119b5c1e5bb8eb6f30596", "ME", "2.5.x.x, 2.6.x.x"},
    MeKey{"9c24077a7f7490967855e9c4c16c6b9e", "ME", "3.x.x.x"},
    MeKey{"bf41464be736f5520d80c67f6789020e", "ME", "4.x.x.x"},
    MeKey{"5c7169b7e7065323fb7b3b5657b4d57a", "ME", "5.x.x.x"},
    MeKey{"763e59ebe235e45a197a5b1a378dfa04", "ME", "6.x.x.x"},
    MeKey{"3a98c847d609c253e145bd36512629cb", "ME", "6.0.50.x"},
    MeKey{"0903fc25b0f6bed8c4ed724aca02124c", "ME", "7.x.x.x, 8.x.x.x"},
    MeKey{"2011ae6df87c40fba09e3f20459b1ce0", "ME", "9.0.x.x, 9.1.x.x"},
    MeKey{"e8427c5691cf8b56bc5cdd82746957ed", "ME", "9.5.x.x, 10.x.x.x"},
    MeKey{"986a78e481f185f7d54e4af06eb413f6", "ME", "11.x.x.x"},
    MeKey{"bda0b6bb8ca0bf0cac55ac4c4d55e0f2", "TXE", "1.x.x.x"},
    MeKey{"b726a2ab9cd59d4e62fe2bead7cf6997", "TXE", "1.x.x.x"},
    MeKey{"0633d7f951a3e7968ae7460861be9cfb", "TXE", "2.x.x.x"},
    MeKey{"1d0a36e9f5881540d8e4b382c6612ed8", "TXE", "3.x.x.x"},
    MeKey{"be900fef868f770d266b1fc67e887e69", "SPS", "2.x.x.x"},
    MeKey{"4622e3f2cb212a89c90a4de3336d88d2", "SPS", "3.x.x.x"},
    MeKey{"31ef3d950eac99d18e187375c0764ca4", "SPS", "4.x.x.x"},
};

}  // namespace

const MeKey* find_me_key(ConstBytes public_key) {
  const std::string md5 = hex_digest(Hash::md5, public_key);
  for (const MeKey& key : keys)
    if (key.md5 == md5) return &key;
  return nullptr;
}

std::string me_variant(const MeKey* key, unsigned major) {
  if (key != nullptr) return std::string(key->variant);
  return major >= 6 ? "ME" : "TXE";
}

}  // namespace romwright::images
