// SPDX-License-Identifier: GPL-2.0-or-later
// Hashes, by OpenSSL.
#pragma once

#include <memory>
#include <string>

#include "flash/base/bytes.h"

struct evp_md_ctx_st;

namespace romwright {

enum class Hash { md5, sha1, sha256, sha512 };

/// Hashes data that arrives in pieces.
class Digest {
 public:
  explicit Digest(Hash hash);
  void update(ConstBytes bytes);
  /// The raw hash; the object is spent afterwards.
  [[nodiscard]] Buffer finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The hash of `bytes`, raw.
[[nodiscard]] Buffer digest(Hash hash, ConstBytes bytes);
/// The hash of `bytes` as lower-case hexadecimal digits.
[[nodiscard]] std::string hex_digest(Hash hash, ConstBytes bytes);

}  // namespace romwright
