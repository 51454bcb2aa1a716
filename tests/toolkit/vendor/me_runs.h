// SPDX-License-Identifier: GPL-2.0-or-later
// The recorded runs of me_cleaner in the fixtures, and the inputs that they had.
#pragma once

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/toolkit/vendor/containers.h"

namespace romwright::vendor::test {

/// Bytes from hexadecimal digits.
inline Buffer bytes_of_hex(const std::string& digits) {
  Buffer bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

class RecordedRuns : public ContainerTest {
 protected:
  /// The files of a container, unpacked once.
  const ExtractedFiles& unpacked(const std::string& name) {
    auto [at, is_new] = unpacked_.try_emplace(name);
    if (is_new) at->second = extract("unpack", package(name));
    return at->second;
  }
  /// Like `unpacked`, by the container's file.
  const ExtractedFiles& unpacked_file(const std::string& file) {
    for (const auto& one : expected_.at("containers"))
      if (one.at("file") == file) return unpacked(one.at("name"));
    throw std::out_of_range(file);
  }

  /// The ME image of that name, where the fixtures hold it; checked against its size.
  Buffer firmware(const std::string& name) {
    if (name.find("ME11_2M.bin") != std::string::npos)
      return copy(unpacked("me11-synthetic").at(0).content);
    if (name.ends_with("pty file")) return {};
    const auto& place = expected_.at("me_cleaner").at("where_to_find").at(name);
    if (place.at("file").get<std::string>().starts_with("pfs/")) return component(place);
    const std::string path = place.at("path");
    const ExtractedFile* file =
        ending_in(unpacked_file(place.at("file")), path.substr(path.rfind('/') + 1));
    if (file == nullptr) throw std::out_of_range(path);
    return copy(file->content.part({place.at("offset"), place.at("size")}, path));
  }

  /// The input of `result`, by how it was made.
  Buffer input(const nlohmann::json& result) {
    const std::string name = result.at("input");
    if (result.contains("composition")) return composed(result.at("composition"));
    if (result.at("kind") != "spoilt") return firmware(name);
    if (result.at("size") == 0) return {};
    if (name.starts_with("4096 bytes")) return Buffer(4096, 0xff);
    return spoilt(firmware(name.substr(0, name.find(','))), name);
  }

 private:
  Buffer component(const nlohmann::json& place) {
    for (const auto& one : expected_.at("containers")) {
      if (one.at("file") != place.at("file")) continue;
      const ExtractedFiles found = extract("find", package(one.at("name")), {{"intel-me", "any"}});
      return copy(found.at(0).content);
    }
    throw std::out_of_range(place.dump());
  }

  Buffer composed(const nlohmann::json& composition) {
    Buffer image(composition.at("size").get<std::size_t>(), 0xff);
    for (const auto& part : composition.at("parts")) {
      const Buffer bytes = part.contains("hex") ? bytes_of_hex(part.at("hex"))
                                                : firmware(part.at("what").get<std::string>());
      std::ranges::copy(bytes, image.begin() + part.at("offset").get<std::ptrdiff_t>());
    }
    return image;
  }

  /// What the recording says in words, for firmware with FTPR at 0x93000 as its table says.
  static Buffer spoilt(Buffer image, const std::string& how) {
    const ConstBytes bytes(image);
    const std::size_t entry = find_bytes(bytes, as_bytes("FTPR"), 0x30).value();
    const std::size_t code = load_le<std::uint32_t>(bytes, entry + 8);
    const auto put = [&](std::size_t at, std::string_view text) {
      std::ranges::copy(text, image.begin() + static_cast<std::ptrdiff_t>(at));
    };
    if (how.ends_with("$FPT tag destroyed"))
      put(0x10, "XFPT");
    else if (how.ends_with("FTPR entry renamed"))
      put(entry, "FTPX");
    else if (how.ends_with("$MN2 tag of FTPR destroyed"))
      put(code + 0x1c, "$MNX");
    else if (how.find("public exponent") != std::string::npos)
      image[code + 0x180] ^= 0xff;
    else if (how.ends_with("truncated to 0x1000 bytes"))
      image.resize(0x1000);
    else
      throw std::out_of_range(how);
    return image;
  }

  std::map<std::string, ExtractedFiles> unpacked_;
};

}  // namespace romwright::vendor::test
