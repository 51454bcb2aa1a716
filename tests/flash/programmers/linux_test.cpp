// SPDX-License-Identifier: GPL-2.0-or-later
// The parameters of the programmers that stand on the machine's own devices.
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "flash/programmers/table.h"

namespace romwright::flash {
namespace {

std::string error_of(const std::string& text) {
  try {
    const ProgrammerChoice choice = parse_programmer(text, programmers());
    choice.entry->open(choice.parameters);
  } catch (const Error& error) {
    return error.line();
  }
  return "none";
}

TEST(LinuxSpiProgrammer, SaysWhatIsWrong) {
  EXPECT_EQ(error_of("linux_spi"),
            "programmer linux_spi: no device given (linux_spi:dev=/dev/spidev0.0)");
  EXPECT_EQ(error_of("linux_spi:dev=spidev0.0"),
            "programmer linux_spi: dev=spidev0.0 is no path (such as /dev/spidev0.0)");
  EXPECT_EQ(error_of("linux_spi:dev=/dev/null,spispeed=fast"),
            "spispeed=fast is no SPI clock (such as 16M or 500k)");
  EXPECT_EQ(error_of("linux_spi:dev=/dev/null,voltage=12"),
            "voltage=12 is no chip's voltage (1.8 or 3.3)");
  EXPECT_EQ(error_of("linux_spi:dev=/dev/null"), "/dev/null: is no spidev device");
  EXPECT_EQ(error_of("linux_spi:dev=/dev/null,speed=1"),
            "programmer linux_spi: unknown parameter 'speed' (known: dev, spispeed, voltage)");
}

TEST(LinuxMtdProgrammer, SaysWhatIsWrong) {
  for (const char* dev : {"x", "-1", "/dev/mtdblock0", "mtd0ro", ""})
    EXPECT_EQ(error_of(std::string("linux_mtd:dev=") + dev),
              std::string("programmer linux_mtd: dev=") + dev +
                  " is no MTD device (the number N of /dev/mtdN)");
  EXPECT_EQ(error_of("linux_mtd:dev=0,allow_ram=maybe"),
            "allow_ram=maybe is not understood (yes or no)");
  for (const char* dev : {"987654", "mtd987654", "/dev/mtd987654"})
    EXPECT_TRUE(error_of(std::string("linux_mtd:dev=") + dev)
                    .starts_with("/dev/mtd987654: there is no such device"));
}

}  // namespace
}  // namespace romwright::flash
