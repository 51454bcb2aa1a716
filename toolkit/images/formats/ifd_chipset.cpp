// SPDX-License-Identifier: GPL-2.0-or-later
// Which chipset a descriptor is for: told by its map, whose counts differ between generations.
#include "toolkit/images/formats/ifd.h"

namespace romwright::images {

namespace {

/// The fields of FLMAP1, FLMAP2 and FLUMAP1 that tell generations apart.
struct Fingerprint {
  std::uint32_t flmap2, isl, msl, iccriba, fmsba, mdtba, nm, csso, cssl;
};

IfdChipset without_icc(const Fingerprint& f) {
  if (f.msl == 0 && f.isl <= 2) return IfdChipset::ich8;
  if (f.isl <= 2) return IfdChipset::ich9;
  if (f.isl <= 10) return IfdChipset::ich10;
  if (f.isl <= 16) return IfdChipset::pch5;
  if (f.flmap2 == 0) return f.isl == 19 ? IfdChipset::apollo_lake : IfdChipset::gemini_lake;
  if (f.isl < 0x50) return IfdChipset::pch5;
  return f.nm == 6 ? IfdChipset::c740 : IfdChipset::arrow_lake;
}

IfdChipset without_mdt(const Fingerprint& f) {
  if (f.iccriba < 0x31 && f.fmsba < 0x30) {
    if (f.msl == 0 && f.isl <= 17) return IfdChipset::baytrail;
    return f.msl <= 1 && f.isl <= 18 ? IfdChipset::pch6 : IfdChipset::pch8;
  }
  return f.nm == 6 ? IfdChipset::c620 : IfdChipset::pch100;
}

IfdChipset newest(const Fingerprint& f) {
  if (f.flmap2 == 0xffffffff) return IfdChipset::snow_ridge;
  if (f.iccriba == 0x34) return IfdChipset::pch300;
  if (f.cssl == 0x11 || f.cssl == 0x14) return IfdChipset::pch500;
  if (f.cssl == 0x03) {
    if (f.csso == 0x58) return IfdChipset::elkhart_lake;
    if (f.csso == 0x60) return IfdChipset::panther_lake;
    if (f.csso == 0x6c) return IfdChipset::jasper_lake;
    if (f.csso == 0x70 && (f.isl == 0x7d || f.isl == 0x7e)) return IfdChipset::lunar_lake;
    if (f.csso == 0x70 && f.isl == 0x82) return IfdChipset::meteor_lake;
  }
  return f.isl >= 0x82 ? IfdChipset::meteor_lake : IfdChipset::pch500;
}

}  // namespace

IfdChipset IfdView::chipset() const {
  constexpr std::size_t flumap1 = 0xefc;
  const std::uint32_t map1 = map(1);
  const std::uint32_t map2 = map(2);
  const Fingerprint f{map2,
                      map1 >> 24,
                      (map2 >> 8) & 0xff,
                      (map2 >> 16) & 0xff,
                      map2 & 0xff,
                      dword(flumap1) >> 24,
                      (map1 >> 8) & 0x7,
                      map2 & 0xffc,
                      (map2 >> 16) & 0xff};
  if (f.iccriba == 0) return without_icc(f);
  // An unwritten upper map reads as all ones: there is no MDTBA in it.
  return f.mdtba == 0 || dword(flumap1) == 0xffffffff ? without_mdt(f) : newest(f);
}

}  // namespace romwright::images
