// SPDX-License-Identifier: GPL-2.0-or-later
// A simulated chip whose content and registers outlive the process, in files that parameters name.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "flash/bus/programmer.h"
#include "flash/host/mapped_file.h"
#include "flash/sim/nor_model.h"

namespace romwright::flash {

class KeptChip {
 public:
  /// By `chip=NAME`, `image=FILE` and `sr1=VALUE`; FILE is made blank where it is not there, and
  /// FILE.sr holds status registers that were changed. The clock outlives it. Throws UsageError
  /// "programmer NAME: ..." for what does not parse, NoDeviceError where FILE cannot be opened.
  KeptChip(std::string_view programmer, const Parameters& parameters, VirtualClock& clock,
           const Faults& faults);

  [[nodiscard]] NorModel& model() noexcept { return model_; }
  [[nodiscard]] const Chip& chip() const noexcept { return chip_; }
  [[nodiscard]] Bytes content() const noexcept { return content_.bytes(); }
  /// FILE, as it was given.
  [[nodiscard]] const std::string& image() const noexcept { return image_; }
  /// Writes what the registers keep without power.
  void close();

 private:
  [[nodiscard]] std::filesystem::path registers_file() const { return image_ + ".sr"; }

  const Chip& chip_;
  std::string image_;
  MappedFile content_;
  NorModel model_;
  StatusRegisters loaded_{};
};

}  // namespace romwright::flash
