// SPDX-License-Identifier: GPL-2.0-or-later
// patch: other bytes at one place of each file.
#include <algorithm>

#include "flash/base/error.h"
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor {

namespace {

Buffer from_hex(const std::string& digits) {
  Buffer bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(at, 2), nullptr, 16)));
  return bytes;
}

ExtractedFiles patch(const ExtractedFiles& files, const nlohmann::json& parameters,
                     Workshop& /*workshop*/) {
  const std::uint64_t offset = parameters.at("offset").get<std::uint64_t>();
  const Buffer bytes = from_hex(parameters.at("bytes").get<std::string>());
  ExtractedFiles patched;
  for (const ExtractedFile& file : files) {
    const ConstBytes old = file.content.bytes();
    (void)slice(old, {offset, bytes.size()}, file.path);
    Buffer content(old.begin(), old.end());
    std::ranges::copy(bytes, slice(Bytes(content), {offset, bytes.size()}, file.path).begin());
    patched.push_back({file.path, Content(std::move(content))});
  }
  return patched;
}

}  // namespace

extern const ExtractorEntry extractor_patch{"patch", patch};

}  // namespace romwright::vendor
