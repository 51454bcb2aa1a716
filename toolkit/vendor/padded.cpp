// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/padded.h"

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::vendor {

ExtractedFiles padded(const ExtractedFiles& files, std::uint64_t size, std::uint8_t fill,
                      const ExtractLimits& limits) {
  constexpr std::uint64_t most = 256ULL << 20;
  if (size > std::min(limits.file_size, most) ||
      size > most / std::max<std::size_t>(1, files.size()))
    throw VendorError(fmt::format("{} files of {} are too large", files.size(), human_size(size)),
                      "choose the one file first, with find");
  ExtractedFiles all;
  for (const ExtractedFile& file : files) {
    if (file.content.size() > size)
      throw VendorError(fmt::format("{}: its {} are more than {}", file.path,
                                    human_size(file.content.size()), human_size(size)));
    const ConstBytes bytes = file.content.bytes();
    Buffer buffer(bytes.begin(), bytes.end());
    buffer.resize(static_cast<std::size_t>(size), fill);
    all.push_back({file.path, Content(std::move(buffer))});
  }
  return all;
}

}  // namespace romwright::vendor
