// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/flashprog/request.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"

namespace romwright::cli::flashprog {
namespace {

std::string refused(const std::vector<std::string>& arguments) {
  try {
    parse_request(arguments);
    return "";
  } catch (const UsageError& error) {
    return error.line();
  }
}

TEST(FlashprogRequest, WhatScriptsWrite) {
  const Request request = parse_request({"-p", "serprog:ip=10.0.0.1:4321", "-c", "W25Q64.V", "-l",
                                         "lay", "-i", "bios", "-i", "gbe:gbe.bin", "-N", "-w",
                                         "image.rom", "-VV", "-o", "log"});
  EXPECT_EQ(request.operation, Operation::write);
  EXPECT_EQ(request.file, "image.rom");
  EXPECT_EQ(request.programmer, "serprog:ip=10.0.0.1:4321");
  EXPECT_EQ(request.chip, "W25Q64.V");
  EXPECT_EQ(request.layout_file, "lay");
  ASSERT_EQ(request.includes.size(), 2U);
  EXPECT_EQ(request.includes[0].region, "bios");
  EXPECT_EQ(request.includes[1].region, "gbe");
  EXPECT_EQ(request.includes[1].file, "gbe.bin");
  EXPECT_TRUE(request.no_verify_all);
  EXPECT_EQ(request.verbosity, 2);
  EXPECT_EQ(request.log_file, "log");
}

TEST(FlashprogRequest, OperandsAreFoundWhereverTheyAre) {
  EXPECT_EQ(parse_request({"--read=a", "-p", "x"}).file, "a");
  EXPECT_EQ(parse_request({"-ra", "-p", "x"}).file, "a");
  EXPECT_EQ(parse_request({"-r", "-", "-p", "x"}).file, "-");
  EXPECT_EQ(parse_request({"--ifd", "-i", "me:me.bin", "-r", "-p", "x"}).file, "");
  EXPECT_EQ(parse_request({"--wp-range=0x10,32"}).wp_range, (Range{16, 32}));
  EXPECT_EQ(parse_request({"--wp-range", "0,0"}).wp_range, (Range{0, 0}));
}

TEST(FlashprogRequest, WhatFlashprogRefuses) {
  EXPECT_EQ(refused({"-r", "a", "-w", "b"}), "more than one operation specified");
  EXPECT_EQ(refused({"-r", "-p", "x"}), "no filename specified");
  EXPECT_EQ(refused({"--frob"}), "unknown option '--frob'");
  EXPECT_EQ(refused({"-p"}), "option '-p' requires an argument");
  EXPECT_EQ(refused({"-p", "x", "-p", "y"}), "--programmer specified more than once");
  EXPECT_EQ(refused({"-r", "a", "b"}), "extra parameter 'b'");
  EXPECT_EQ(refused({"-i", "bios", "-r", "a"}),
            "a region is named, but no layout (-l FILE, --ifd, --fmap or --fmap-file)");
  EXPECT_EQ(refused({"--ifd", "--fmap"}), "the layout comes from more than one place");
  EXPECT_EQ(refused({"--wp-range", "1"}), "wp-range: '1' is no START,LENGTH");
}

}  // namespace
}  // namespace romwright::cli::flashprog
