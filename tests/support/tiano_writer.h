// SPDX-License-Identifier: GPL-2.0-or-later
// Compresses as UEFI 1.1 and Tiano do: valid data, if not the smallest.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "flash/base/bytes.h"

namespace romwright::test {

class TianoWriter {
 public:
  /// `distance_count_bits`: 4 for EFI 1.1, 5 for Tiano.
  explicit TianoWriter(unsigned distance_count_bits) : distance_count_bits_(distance_count_bits) {}

  Buffer compress(ConstBytes content, std::size_t block = 5000) {
    const std::vector<Token> tokens = find_matches(content);
    for (std::size_t at = 0; at < tokens.size(); at += block)
      write_block({tokens.data() + at, std::min(block, tokens.size() - at)});
    while (used_ != 0) put(0, 1);
    Buffer out(8);
    store_le(out, 0, static_cast<std::uint32_t>(bits_.size()));
    store_le(out, 4, static_cast<std::uint32_t>(content.size()));
    out.insert(out.end(), bits_.begin(), bits_.end());
    return out;
  }

 private:
  struct Token {
    std::uint16_t symbol;
    std::uint32_t distance;  // less one
  };
  using Lengths = std::vector<std::uint8_t>;

  static std::vector<Token> find_matches(ConstBytes content) {
    std::map<std::uint32_t, std::size_t> last;
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < content.size();) {
      std::size_t length = 0, from = 0;
      if (content.size() - at >= 3) {
        const std::uint32_t key = content[at] | content[at + 1] << 8 | content[at + 2] << 16;
        const auto found = last.find(key);
        if (found != last.end()) {
          from = found->second;
          while (length < 256 && at + length < content.size() &&
                 content[from + length] == content[at + length])
            ++length;
        }
        last[key] = at;
      }
      if (length >= 3 && at - from <= 8192) {
        tokens.push_back({static_cast<std::uint16_t>(256 + length - 3),
                          static_cast<std::uint32_t>(at - from - 1)});
        at += length;
      } else {
        tokens.push_back({content[at++], 0});
      }
    }
    return tokens;
  }

  static std::uint16_t width_of(std::uint32_t distance) {
    std::uint16_t width = 0;
    while (distance >> width != 0) ++width;
    return width;
  }

  /// A complete code over the symbols that occur, all of two neighbouring lengths.
  static Lengths lengths_for(const std::vector<bool>& occurs) {
    const auto count = static_cast<std::size_t>(std::ranges::count(occurs, true));
    unsigned longer = 0;
    while ((std::size_t{1} << longer) < count) ++longer;
    std::size_t shorter = (std::size_t{1} << longer) - count;
    Lengths lengths(occurs.size());
    for (std::size_t i = 0; i < occurs.size(); ++i)
      if (occurs[i]) {
        lengths[i] = static_cast<std::uint8_t>(shorter != 0 ? longer - 1 : longer);
        if (shorter != 0) --shorter;
      }
    return lengths;
  }
  static bool only_one(const std::vector<bool>& occurs) {
    return std::ranges::count(occurs, true) <= 1;
  }
  static std::uint32_t the_one(const std::vector<bool>& occurs) {
    const auto at = std::ranges::find(occurs, true);
    return at == occurs.end() ? 0 : static_cast<std::uint32_t>(at - occurs.begin());
  }

  void put(std::uint32_t value, unsigned count) {
    while (count-- > 0) {
      if (used_ == 0) bits_.push_back(0);
      bits_.back() |= static_cast<std::uint8_t>((value >> count & 1) << (7 - used_));
      used_ = (used_ + 1) % 8;
    }
  }
  void put_symbol(const Lengths& lengths, std::size_t symbol) {
    std::uint32_t code = 0;
    for (unsigned length = 1; length <= lengths[symbol]; ++length) {
      code <<= 1;
      for (std::size_t i = 0; i < lengths.size(); ++i)
        if (lengths[i] == length && (length < lengths[symbol] || i < symbol)) ++code;
    }
    put(code, lengths[symbol]);
  }
  void put_short_table(const std::vector<bool>& occurs, const Lengths& lengths, unsigned count_bits,
                       std::size_t gap) {
    if (only_one(occurs)) {
      put(0, count_bits);
      put(the_one(occurs), count_bits);
      return;
    }
    std::size_t used = lengths.size();
    while (lengths[used - 1] == 0) --used;
    put(static_cast<std::uint32_t>(used), count_bits);
    for (std::size_t i = 0; i < used;) {
      const unsigned length = lengths[i++];
      if (length < 7) {
        put(length, 3);
      } else {
        put(7, 3);
        for (unsigned more = 7; more < length; ++more) put(1, 1);
        put(0, 1);
      }
      if (i == gap) {
        std::uint32_t zeros = 0;
        while (zeros < 3 && i < used && lengths[i] == 0) ++zeros, ++i;
        put(zeros, 2);
      }
    }
  }
  void put_symbol_table(const std::vector<bool>& occurs, const Lengths& lengths) {
    if (only_one(occurs)) {
      put(0, 5), put(0, 5);
      put(0, 9), put(the_one(occurs), 9);
      return;
    }
    struct Item {
      std::uint16_t symbol;
      std::uint32_t extra;
      unsigned extra_bits;
    };
    std::size_t used = lengths.size();
    while (lengths[used - 1] == 0) --used;
    std::vector<Item> items;
    std::vector<bool> items_occur(19);
    for (std::size_t i = 0; i < used;) {
      std::uint32_t zeros = 0;
      while (i + zeros < used && lengths[i + zeros] == 0) ++zeros;
      Item item{static_cast<std::uint16_t>(lengths[i] + 2), 0, 0};
      if (zeros >= 20)
        item = {2, zeros - 20, 9};
      else if (zeros >= 3)
        item = {1, std::min<std::uint32_t>(zeros, 18) - 3, 4};
      else if (zeros > 0)
        item = {0, 0, 0};
      i += item.symbol == 2 ? zeros : item.symbol == 1 ? item.extra + 3 : 1;
      items_occur[item.symbol] = true;
      items.push_back(item);
    }
    const Lengths item_lengths = lengths_for(items_occur);
    put_short_table(items_occur, item_lengths, 5, 3);
    put(static_cast<std::uint32_t>(used), 9);
    for (const Item& item : items) {
      if (!only_one(items_occur)) put_symbol(item_lengths, item.symbol);
      put(item.extra, item.extra_bits);
    }
  }
  void write_block(std::span<const Token> tokens) {
    std::vector<bool> symbols(510), widths(14);
    for (const Token& token : tokens) {
      symbols[token.symbol] = true;
      if (token.symbol >= 256) widths[width_of(token.distance)] = true;
    }
    const Lengths symbol_lengths = lengths_for(symbols), width_lengths = lengths_for(widths);
    put(static_cast<std::uint32_t>(tokens.size()), 16);
    put_symbol_table(symbols, symbol_lengths);
    put_short_table(widths, width_lengths, distance_count_bits_, SIZE_MAX);
    for (const Token& token : tokens) {
      if (!only_one(symbols)) put_symbol(symbol_lengths, token.symbol);
      if (token.symbol < 256) continue;
      const std::uint16_t width = width_of(token.distance);
      if (!only_one(widths)) put_symbol(width_lengths, width);
      if (width > 1) put(token.distance - (1U << (width - 1)), width - 1U);
    }
  }

  unsigned distance_count_bits_;
  Buffer bits_;
  unsigned used_ = 0;
};

}  // namespace romwright::test
