// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/ch34x/protocol.h"

namespace romwright::flash {

std::vector<ConstBytes> Transfers::parts() const {
  std::vector<ConstBytes> parts;
  const ConstBytes all(bytes_);
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : all.size();
    if (end != starts_[i]) parts.push_back(all.subspan(starts_[i], end - starts_[i]));
  }
  return parts;
}

void Transfers::clear() {
  bytes_.clear();
  starts_.clear();
}

}  // namespace romwright::flash
