// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <memory>

#include <openssl/bn.h>

#include "flash/base/digest.h"
#include "flash/base/error.h"
#include "toolkit/images/formats/me_clean/me_firmware.h"

namespace romwright::images {

namespace {

constexpr std::size_t number_size = 0x100;
constexpr std::size_t hash_size = 32;

struct Free {
  void operator()(BIGNUM* number) const noexcept { BN_free(number); }
  void operator()(BN_CTX* context) const noexcept { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, Free>;

Number number(ConstBytes bytes) {
  Number made(BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  if (!made) throw std::bad_alloc();
  return made;
}

/// signature^exponent mod modulus, big endian, as many bytes as the modulus has room for.
Buffer signed_value(ConstBytes modulus_bytes, ConstBytes exponent_bytes,
                    ConstBytes signature_bytes) {
  const Number modulus = number(modulus_bytes), exponent = number(exponent_bytes),
               signature = number(signature_bytes), value(BN_new());
  const std::unique_ptr<BN_CTX, Free> context(BN_CTX_new());
  if (!value || !context) throw std::bad_alloc();
  if (BN_is_zero(modulus.get())) throw ImageError("FTPR: manifest: its public key is 0");
  Buffer bytes(number_size);
  if (BN_mod_exp(value.get(), signature.get(), exponent.get(), modulus.get(), context.get()) != 1 ||
      BN_bn2binpad(value.get(), bytes.data(), static_cast<int>(bytes.size())) < 0)
    throw ImageError("FTPR: manifest: its public key cannot be used");
  return bytes;
}

}  // namespace

bool me_signature_valid(const MeWindow& region, std::uint64_t offset) {
  constexpr std::string_view what = "FTPR: manifest";
  const ConstBytes header = region.read(offset, 0x80, what);
  const ConstBytes modulus = region.read(offset + 0x80, number_size, what);
  const ConstBytes exponent = region.read(offset + 0x180, 4, what);
  const ConstBytes signature = region.read(offset + 0x184, number_size, what);
  const std::uint64_t header_size = std::uint64_t{load_le<std::uint32_t>(header, 4)} * 4;
  const std::uint64_t size = std::uint64_t{load_le<std::uint32_t>(header, 0x18)} * 4;
  if (size < header_size) return false;
  Digest digest(Hash::sha256);
  digest.update(header);
  digest.update(region.read(offset + header_size, size - header_size, what));
  const Buffer hash = digest.finish();
  const Buffer value = signed_value(modulus, exponent, signature);
  // A value with fewer digits than the hash is none, even where it is the same number.
  const std::size_t at = value.size() - hash_size;
  return std::ranges::equal(ConstBytes(value).subspan(at), hash) &&
         (!all_equal(ConstBytes(value).first(at), 0) || value[at] >= 0x10);
}

}  // namespace romwright::images
