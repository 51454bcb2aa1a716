// SPDX-License-Identifier: GPL-2.0-or-later
// BIOS_CNTL: the register that must let writes through, and that firmware in SMM may guard.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace romwright::flash::intel {

/// Where the register is: a byte of configuration space, or a word of the SPI registers.
struct BiosControlAccess {
  std::function<std::uint32_t()> read;
  std::function<void(std::uint32_t)> write;
};

class BiosControl {
 public:
  /// `smm_bit` is the number of SMM_BWP. Nothing is changed yet.
  BiosControl(BiosControlAccess access, unsigned smm_bit);

  /// Asks for writes to be let through, and reads back whether they are: nothing when they are,
  /// else why not.
  std::optional<std::string> allow();
  /// As `allow`, without asking again: firmware may have taken it back.
  std::optional<std::string> refusal();
  /// The bits as they are, and nothing asked for.
  struct State {
    std::uint32_t value = 0;
    bool enabled = false;   ///< BIOSWE: writes are let through
    bool lock = false;      ///< BLE: asking for it calls the firmware, which may refuse
    bool smm_only = false;  ///< SMM_BWP
  };
  [[nodiscard]] State state() const;
  /// What the register held at first.
  void restore();

 private:
  BiosControlAccess access_;
  std::uint32_t smm_;
  std::optional<std::uint32_t> before_;
};

}  // namespace romwright::flash::intel
