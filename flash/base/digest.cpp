// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/digest.h"

#include <openssl/evp.h>

#include "flash/base/error.h"

namespace romwright {

namespace {

const EVP_MD* algorithm(Hash hash) {
  switch (hash) {
    case Hash::md5:
      return EVP_md5();
    case Hash::sha1:
      return EVP_sha1();
    case Hash::sha256:
      return EVP_sha256();
    case Hash::sha512:
      return EVP_sha512();
  }
  return nullptr;
}

void require(int result) {
  if (result != 1) throw Error("OpenSSL: the hash could not be computed");
}

}  // namespace

void Digest::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Digest::Digest(Hash hash) : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), algorithm(hash), nullptr) == 1);
}

void Digest::update(ConstBytes bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

Buffer Digest::finish() {
  Buffer result(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(context_.get(), result.data(), &size));
  result.resize(size);
  return result;
}

Buffer digest(Hash hash, ConstBytes bytes) {
  Digest whole(hash);
  whole.update(bytes);
  return whole.finish();
}

std::string hex_digest(Hash hash, ConstBytes bytes) { return to_hex(digest(hash, bytes)); }

}  // namespace romwright
