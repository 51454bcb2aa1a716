// SPDX-License-Identifier: GPL-2.0-or-later
// Runs a program that this project does not contain: without a shell, and within bounds.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace romwright::vendor {

/// Where `name` (without '/') is on PATH, its symbolic links resolved; only absolute folders count.
std::optional<std::filesystem::path> find_program(const std::string& name);

struct ProgramCall {
  std::filesystem::path program;  ///< absolute
  std::vector<std::string> arguments;
  std::filesystem::path folder;                    ///< its working directory
  std::chrono::milliseconds deadline{5 * 60'000};  ///< then it is killed
  std::uint64_t largest_file = 4ULL << 30;         ///< that it can write
};

struct ProgramResult {
  int status = 0;          ///< of exit, or 128 and the signal that killed it
  bool timed_out = false;  ///< then it was killed, with all that it started
  std::string output;      ///< what it said on both channels; the first 64 KiB
};

/// Runs it in a process group of its own, with nothing on its input, nothing of this process's
/// environment but PATH, and without a network where the system allows. What it started and left
/// behind is killed when it ends. Throws VendorError "PROGRAM: cannot be run: REASON", and
/// InterruptedError where `stop` was requested.
ProgramResult run_program(const ProgramCall& call, const std::stop_token& stop);

}  // namespace romwright::vendor
