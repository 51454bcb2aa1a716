// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/manifests/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/toolkit/manifests/lines.h"

namespace romwright::manifests {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Configuration of(const std::string& text, const std::string& home = "/home/u") {
  return parse_configuration(parse_yaml("/home/u/.config/romwright/config.yaml", text), home);
}

TEST(Configuration, HoldsProgrammersAndPlaces) {
  const Configuration all =
      of("programmer: [ch341a_spi, 'serprog:dev=/dev/ttyACM0']\n"
         "chip: W25Q64FV\n"
         "manifests: ~/boards\n"
         "vendor_dirs:\n"
         "  - /srv/vendor\n"
         "  - files\n"
         "backups: ../backups\n"
         "log: ~/romwright.log\n");
  EXPECT_THAT(all.programmers, ElementsAre("ch341a_spi", "serprog:dev=/dev/ttyACM0"));
  EXPECT_THAT(all.chips, ElementsAre("W25Q64FV"));
  EXPECT_THAT(all.manifests, ElementsAre("/home/u/boards"));
  EXPECT_THAT(all.vendor_directories,
              ElementsAre("/srv/vendor", "/home/u/.config/romwright/files"));
  EXPECT_EQ(all.backups, "/home/u/.config/backups");
  EXPECT_EQ(all.log, "/home/u/romwright.log");
}

TEST(Configuration, MaySayNothing) {
  for (const char* text : {"{}\n", "# only a remark\n", ""}) {
    const Configuration none = of(text);
    EXPECT_THAT(none.programmers, IsEmpty()) << text;
    EXPECT_EQ(none.backups, "") << text;
  }
}

TEST(Configuration, NamesEveryProblemWithItsPlace) {
  EXPECT_THAT(lines_of([] { of("progammer: sim\nlog: [a]\n"); }),
              ElementsAre("/home/u/.config/romwright/config.yaml:1:1: unknown key 'progammer' (did "
                          "you mean 'programmer'?)\n  progammer: sim\n  ^",
                          "/home/u/.config/romwright/config.yaml:2:6: log is a list (write a text)"
                          "\n  log: [a]\n       ^"));
  EXPECT_THAT(lines_of([] { of("log: ~/l\n", ""); }),
              ElementsAre("/home/u/.config/romwright/config.yaml:1:6: ~/ stands for nothing: HOME "
                          "is not set\n  log: ~/l\n       ^"));
}

}  // namespace
}  // namespace romwright::manifests
