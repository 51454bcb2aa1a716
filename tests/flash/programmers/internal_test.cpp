// SPDX-License-Identifier: GPL-2.0-or-later
// The parameters of `internal`: what does not parse is refused before the machine is looked at.
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/programmers/table.h"

namespace romwright::flash {
namespace {

std::string usage_error_of(const std::string& text) {
  try {
    const ProgrammerChoice choice = parse_programmer(text, programmers());
    choice.entry->open(choice.parameters);
  } catch (const UsageError& error) {
    return error.line();
  } catch (const Error&) {
    return "the machine was looked at";
  }
  return "none";
}

TEST(InternalProgrammer, SaysWhatIsWrong) {
  EXPECT_EQ(usage_error_of("internal:bus=fast"),
            "programmer internal: bus=fast: no such value (auto, hwseq or swseq)");
  EXPECT_EQ(usage_error_of("internal:amd_imc_force=no"),
            "programmer internal: amd_imc_force=no: no such value (amd_imc_force=yes)");
  EXPECT_EQ(usage_error_of("internal:laptop=yes"),
            "programmer internal: laptop=yes: no such value (laptop=force_I_want_a_brick)");
  EXPECT_EQ(usage_error_of("internal:spispeed=fast"),
            "spispeed=fast is no SPI clock (such as 16M or 500k)");
}

}  // namespace
}  // namespace romwright::flash
