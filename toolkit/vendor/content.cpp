// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/content.h"

#include <utility>

namespace romwright::vendor {

Content::Content(Buffer bytes) {
  auto owner = std::make_shared<const Buffer>(std::move(bytes));
  bytes_ = *owner;
  owner_ = std::move(owner);
}

Content Content::part(Range range, std::string_view what) const {
  return {owner_, slice(bytes_, range, what)};
}

}  // namespace romwright::vendor
