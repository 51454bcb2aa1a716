// SPDX-License-Identifier: GPL-2.0-or-later
// The names of platforms and chipsets; the platforms are those of ifdtool's -p.
#include <algorithm>
#include <array>

#include "toolkit/images/formats/ifd.h"

namespace romwright::images {

namespace {

using Lock = IfdPlatform::Lock;
constexpr DescriptorVersion v1 = DescriptorVersion::v1;
constexpr DescriptorVersion v2 = DescriptorVersion::v2;

constexpr std::array platforms = {
    IfdPlatform{"", v1, false, Lock::legacy},    IfdPlatform{"aplk", v2, false, Lock::atom},
    IfdPlatform{"glk", v2, false, Lock::atom},   IfdPlatform{"cnl", v2, true, Lock::core},
    IfdPlatform{"icl", v2, false, Lock::core},   IfdPlatform{"lbg", v2, false, Lock::legacy},
    IfdPlatform{"dnv", v2, false, Lock::server}, IfdPlatform{"ehl", v2, false, Lock::core},
    IfdPlatform{"jsl", v2, true, Lock::core},    IfdPlatform{"sklkbl", v2, false, Lock::core},
    IfdPlatform{"tgl", v2, true, Lock::core},    IfdPlatform{"adl", v2, true, Lock::core},
    IfdPlatform{"ifd2", v2, false, Lock::core},  IfdPlatform{"mtl", v2, true, Lock::core},
    IfdPlatform{"ptl", v2, true, Lock::core},    IfdPlatform{"nvl", v2, true, Lock::core},
    IfdPlatform{"wbg", v1, false, Lock::server},
};

/// Chipset families as manifests name them, and the platform whose rules they follow.
struct Alias {
  std::string_view name;
  std::string_view platform;
};
constexpr std::array aliases = {
    Alias{"ich8", ""},          Alias{"ich9m", ""},         Alias{"ich9", ""},
    Alias{"ich10", ""},         Alias{"ibexpeak", ""},      Alias{"sandybridge", ""},
    Alias{"ivybridge", ""},     Alias{"haswell", ""},       Alias{"broadwell", ""},
    Alias{"baytrail", ""},      Alias{"skylake", "sklkbl"}, Alias{"kabylake", "sklkbl"},
    Alias{"cannonlake", "cnl"}, Alias{"icelake", "icl"},    Alias{"tigerlake", "tgl"},
    Alias{"alderlake", "adl"},
};

}  // namespace

std::span<const IfdPlatform> ifd_platforms() { return platforms; }

const IfdPlatform* find_ifd_platform(std::string_view name) {
  for (const Alias& alias : aliases)
    if (alias.name == name) name = alias.platform;
  const auto at = std::find_if(platforms.begin(), platforms.end(),
                               [&](const IfdPlatform& platform) { return platform.name == name; });
  return at == platforms.end() ? nullptr : &*at;
}

const IfdPlatform& ifd_platform_of(IfdChipset chipset) {
  const auto name = [&]() -> std::string_view {
    switch (chipset) {
      case IfdChipset::ich8:
      case IfdChipset::ich9:
      case IfdChipset::ich10:
      case IfdChipset::pch5:
      case IfdChipset::baytrail:
      case IfdChipset::pch6:
      case IfdChipset::pch8:
        return "";
      case IfdChipset::c620:
      case IfdChipset::c740:
        return "lbg";
      case IfdChipset::pch100:
        return "sklkbl";
      case IfdChipset::pch300:
        return "cnl";
      case IfdChipset::pch500:
        return "tgl";
      case IfdChipset::apollo_lake:
        return "aplk";
      case IfdChipset::gemini_lake:
        return "glk";
      case IfdChipset::snow_ridge:
        return "dnv";
      case IfdChipset::elkhart_lake:
        return "ehl";
      case IfdChipset::jasper_lake:
        return "jsl";
      case IfdChipset::meteor_lake:
      case IfdChipset::lunar_lake:
      case IfdChipset::arrow_lake:
        return "mtl";
      case IfdChipset::panther_lake:
        return "ptl";
    }
    return "ifd2";
  }();
  return *find_ifd_platform(name);
}

std::string_view to_string(IfdChipset chipset) {
  switch (chipset) {
    case IfdChipset::ich8:
      return "ICH8";
    case IfdChipset::ich9:
      return "ICH9";
    case IfdChipset::ich10:
      return "ICH10";
    case IfdChipset::pch5:
      return "5 series";
    case IfdChipset::baytrail:
      return "Bay Trail";
    case IfdChipset::pch6:
      return "6 or 7 series";
    case IfdChipset::pch8:
      return "8 or 9 series";
    case IfdChipset::c620:
      return "C620";
    case IfdChipset::c740:
      return "C740";
    case IfdChipset::pch100:
      return "100 or 200 series";
    case IfdChipset::pch300:
      return "300 or 400 series";
    case IfdChipset::pch500:
      return "500 series or later";
    case IfdChipset::apollo_lake:
      return "Apollo Lake";
    case IfdChipset::gemini_lake:
      return "Gemini Lake";
    case IfdChipset::snow_ridge:
      return "Snow Ridge";
    case IfdChipset::elkhart_lake:
      return "Elkhart Lake";
    case IfdChipset::jasper_lake:
      return "Jasper Lake";
    case IfdChipset::meteor_lake:
      return "Meteor Lake";
    case IfdChipset::lunar_lake:
      return "Lunar Lake";
    case IfdChipset::panther_lake:
      return "Panther Lake";
    case IfdChipset::arrow_lake:
      return "Arrow Lake";
  }
  return "unknown";
}

}  // namespace romwright::images
