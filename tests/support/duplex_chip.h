// SPDX-License-Identifier: GPL-2.0-or-later
// A simulated chip as a bus sees it that clocks both directions at once, piece by piece.
#pragma once

#include <algorithm>
#include <cstdint>

#include "flash/base/bytes.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash::test {

/// For chips with 3-byte addresses or dedicated 4-byte commands.
class DuplexChip {
 public:
  explicit DuplexChip(NorModel& model) : model_(model) {}

  void select() { selected_ = true; }
  /// The chip acts when chip-select rises; what only reads was answered before.
  void deselect() {
    if (selected_ && !sent_.empty() && answer_starts() == 0) model_.cycle(sent_, {});
    selected_ = false;
    sent_.clear();
    read_ = 0;
  }
  /// Clocks bytes in both directions; 0xff where nothing drives the line.
  Buffer exchange(ConstBytes out) {
    Buffer in(out.size(), 0xff);
    if (!selected_) return in;
    std::size_t header = 0;
    for (; header < out.size(); ++header) {
      const std::size_t starts = answer_starts();
      if (starts != 0 && sent_.size() >= starts) break;
      sent_.push_back(out[header]);
    }
    if (header == out.size()) return in;
    read(Bytes(in).subspan(header));
    return in;
  }

 private:
  /// How many bytes are sent before the chip answers; 0: it does not.
  [[nodiscard]] std::size_t answer_starts() const {
    if (sent_.empty()) return 0;
    switch (sent_[0]) {
      case 0x05:
      case 0x35:
      case 0x15:
      case 0x9f:
      case 0xc8:
      case 0x16:
        return 1;
      case 0x03:
      case 0x90:
      case 0xab:
        return 4;
      case 0x0b:
      case 0x13:
      case 0x5a:
        return 5;
      case 0x0c:
        return 6;
      default:
        return 0;
    }
  }
  void read(Bytes in) {
    Buffer command = sent_;
    if (is_array_read()) {
      // Goes on where the piece before ended.
      const std::size_t last = sent_[0] == 0x03 || sent_[0] == 0x0b ? 3 : 4;
      std::uint64_t address = 0;
      for (std::size_t i = 1; i <= last; ++i) address = address << 8 | sent_[i];
      address += read_;
      for (std::size_t i = last; i >= 1; --i, address >>= 8)
        command[i] = static_cast<std::uint8_t>(address);
      model_.cycle(command, in);
    } else {
      Buffer whole(read_ + in.size());
      model_.cycle(command, whole);
      std::copy(whole.begin() + static_cast<std::ptrdiff_t>(read_), whole.end(), in.begin());
    }
    read_ += in.size();
  }
  [[nodiscard]] bool is_array_read() const {
    return sent_[0] == 0x03 || sent_[0] == 0x0b || sent_[0] == 0x13 || sent_[0] == 0x0c;
  }

  NorModel& model_;
  bool selected_ = false;
  Buffer sent_;
  std::size_t read_ = 0;
};

}  // namespace romwright::flash::test
