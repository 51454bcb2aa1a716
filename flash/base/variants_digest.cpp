// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/base/variants_digest.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "flash/base/digest.h"

namespace romwright {

namespace {

std::string sha512_of_one(ConstBytes before, ConstBytes own, ConstBytes after) {
  Digest digest(Hash::sha512);
  for (const ConstBytes piece : {before, own, after}) digest.update(piece);
  return to_hex(digest.finish());
}

#if defined(__x86_64__)

// SHA-512 of FIPS 180-4, over words that are one hash's, or four hashes' side by side. The message
// schedule is computed once for all four: it depends on the message alone.

#define ROMWRIGHT_AVX2 [[gnu::target("avx2,bmi2")]]
#define ROMWRIGHT_AVX2_INLINE [[gnu::target("avx2,bmi2"), gnu::always_inline]] inline

using Word = std::uint64_t;
constexpr std::size_t lanes = 4;
using Words [[gnu::vector_size(lanes * sizeof(Word))]] = Word;

constexpr std::size_t block_size = 128;
constexpr std::size_t rounds = 80;
constexpr std::size_t words_of_block = 16;

template <typename T>
using State = std::array<T, 8>;

constexpr State<Word> first_state{0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                  0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                  0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

constexpr std::array<Word, rounds> constants{
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

template <int Bits, typename T>
ROMWRIGHT_AVX2_INLINE T rotated(const T& word) {
  return (word >> Bits) | (word << (64 - Bits));
}

/// The words that a block becomes, and what each round adds: its word and its constant.
struct Schedule {
  std::array<Word, rounds> words;
  std::array<Word, rounds> added;
};

/// The next word of the schedule of `block`; the first ones are the block itself.
template <bool IsOfBlock>
ROMWRIGHT_AVX2_INLINE void expand(Schedule& schedule, const std::uint8_t* block, std::size_t i) {
  std::array<Word, rounds>& w = schedule.words;
  if constexpr (IsOfBlock) {
    std::memcpy(&w[i], block + i * sizeof(Word), sizeof(Word));
    w[i] = __builtin_bswap64(w[i]);
  } else {
    w[i] = w[i - 16] + w[i - 7] +
           (rotated<1>(w[i - 15]) ^ rotated<8>(w[i - 15]) ^ (w[i - 15] >> 7)) +
           (rotated<19>(w[i - 2]) ^ rotated<61>(w[i - 2]) ^ (w[i - 2] >> 6));
  }
  schedule.added[i] = w[i] + constants[i];
}

/// One round, which leaves the new words in `d` and `h`: the caller renames instead of moving them.
template <typename T>
ROMWRIGHT_AVX2_INLINE void round(const T& a, const T& b, const T& c, T& d, const T& e, const T& f,
                                 const T& g, T& h, Word added) {
  const T sum =
      h + added + (g ^ (e & (f ^ g))) + (rotated<14>(e) ^ rotated<18>(e) ^ rotated<41>(e));
  d += sum;
  h = sum + ((a & b) | (c & (a | b))) + (rotated<28>(a) ^ rotated<34>(a) ^ rotated<39>(a));
}

/// Eight rounds from the `i`-th, after which every word has its name again. `next` is made
/// meanwhile: that keeps units busy which the rounds leave idle.
template <bool IsOfBlock, typename T>
ROMWRIGHT_AVX2_INLINE void eight_rounds(State<T>& state, const Schedule& schedule, std::size_t i,
                                        Schedule& next, const std::uint8_t* next_block) {
  auto& [a, b, c, d, e, f, g, h] = state;
  const std::array<Word, rounds>& added = schedule.added;
  expand<IsOfBlock>(next, next_block, i);
  round(a, b, c, d, e, f, g, h, added[i]);
  expand<IsOfBlock>(next, next_block, i + 1);
  round(h, a, b, c, d, e, f, g, added[i + 1]);
  expand<IsOfBlock>(next, next_block, i + 2);
  round(g, h, a, b, c, d, e, f, added[i + 2]);
  expand<IsOfBlock>(next, next_block, i + 3);
  round(f, g, h, a, b, c, d, e, added[i + 3]);
  expand<IsOfBlock>(next, next_block, i + 4);
  round(e, f, g, h, a, b, c, d, added[i + 4]);
  expand<IsOfBlock>(next, next_block, i + 5);
  round(d, e, f, g, h, a, b, c, added[i + 5]);
  expand<IsOfBlock>(next, next_block, i + 6);
  round(c, d, e, f, g, h, a, b, added[i + 6]);
  expand<IsOfBlock>(next, next_block, i + 7);
  round(b, c, d, e, f, g, h, a, added[i + 7]);
}

/// Takes in `message`, which is whole blocks.
template <typename T>
ROMWRIGHT_AVX2_INLINE void compress(State<T>& state, ConstBytes message) {
  if (message.empty()) return;
  std::array<Schedule, 2> schedules;
  for (std::size_t i = 0; i < words_of_block; ++i) expand<true>(schedules[0], message.data(), i);
  for (std::size_t i = words_of_block; i < rounds; ++i)
    expand<false>(schedules[0], message.data(), i);
  for (std::size_t at = 0; at < message.size(); at += block_size) {
    const Schedule& schedule = schedules[at / block_size % 2];
    Schedule& next = schedules[1 - at / block_size % 2];
    // Behind the last block its schedule is made once more, for nothing.
    const std::uint8_t* next_block =
        message.data() + (at + block_size < message.size() ? at + block_size : at);
    State<T> mixed = state;
    for (std::size_t i = 0; i < words_of_block; i += mixed.size())
      eight_rounds<true>(mixed, schedule, i, next, next_block);
    for (std::size_t i = words_of_block; i < rounds; i += mixed.size())
      eight_rounds<false>(mixed, schedule, i, next, next_block);
    for (std::size_t i = 0; i < state.size(); ++i) state[i] += mixed[i];
  }
}

ROMWRIGHT_AVX2 void compress_one(State<Word>& state, ConstBytes message) {
  compress(state, message);
}
ROMWRIGHT_AVX2 void compress_four(State<Words>& state, ConstBytes message) {
  compress(state, message);
}

ConstBytes whole_blocks(ConstBytes bytes) {
  return bytes.first(align_down(bytes.size(), block_size));
}
ConstBytes rest_of(ConstBytes bytes) { return bytes.last(bytes.size() % block_size); }

/// What ends a message of `size` bytes, of which `tail` is left: a set bit, zeros, and its length.
Buffer ending(ConstBytes tail, std::uint64_t size) {
  constexpr std::size_t length_size = 16;
  Buffer bytes(tail.begin(), tail.end());
  bytes.push_back(0x80);
  bytes.resize(align_up(bytes.size() + length_size, block_size));
  store_be(bytes, bytes.size() - length_size, size >> 61);
  store_be(bytes, bytes.size() - sizeof(Word), size << 3);
  return bytes;
}

/// Up to four hashes; `after` has more than a block, and all of `own` one size.
std::vector<std::string> sha512_at_once(const State<Word>& behind_before, ConstBytes before,
                                        std::span<const ConstBytes> own, ConstBytes after) {
  State<Words> state{};
  const std::size_t edge = before.size() % block_size + own.front().size();
  const std::size_t head = align_up(edge, block_size) - edge;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const ConstBytes mine = own[std::min(lane, own.size() - 1)];
    const ConstBytes tail = rest_of(before);
    Buffer bytes(tail.begin(), tail.end());
    bytes.insert(bytes.end(), mine.begin(), mine.end());
    bytes.insert(bytes.end(), after.begin(), after.begin() + head);
    State<Word> one = behind_before;
    compress_one(one, bytes);
    for (std::size_t i = 0; i < one.size(); ++i) state[i][lane] = one[i];
  }
  const ConstBytes common = after.subspan(head);
  compress_four(state, whole_blocks(common));
  compress_four(state, ending(rest_of(common), before.size() + own.front().size() + after.size()));
  std::vector<std::string> hashes;
  for (std::size_t lane = 0; lane < own.size(); ++lane) {
    std::array<std::uint8_t, first_state.size() * sizeof(Word)> hash{};
    for (std::size_t i = 0; i < state.size(); ++i)
      store_be(Bytes(hash), i * sizeof(Word), Word{state[i][lane]});
    hashes.push_back(to_hex(hash));
  }
  return hashes;
}

bool can_hash_at_once(std::span<const ConstBytes> own, ConstBytes after) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && own.size() > 1 &&
         after.size() > block_size &&
         std::ranges::all_of(own, [&](ConstBytes one) { return one.size() == own.front().size(); });
}

#endif

}  // namespace

std::vector<std::string> sha512_of_variants(ConstBytes before, std::span<const ConstBytes> own,
                                            ConstBytes after) {
  std::vector<std::string> hashes;
#if defined(__x86_64__)
  if (can_hash_at_once(own, after)) {
    State<Word> state = first_state;
    compress_one(state, whole_blocks(before));
    // Four times the work of one are not worth it for one.
    for (; own.size() > 1; own = own.subspan(std::min(lanes, own.size())))
      std::ranges::move(
          sha512_at_once(state, before, own.first(std::min(lanes, own.size())), after),
          std::back_inserter(hashes));
  }
#endif
  for (const ConstBytes one : own) hashes.push_back(sha512_of_one(before, one, after));
  return hashes;
}

}  // namespace romwright
