// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/recipes.h"
#include "toolkit/vendor/user_files.h"

namespace romwright::vendor {
namespace {

class Bundle : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name) {
    write_bundle(folder_ / name, {{"me-made", "me.bin", me_}, {"ec-made", "ecfw1.bin", ec_}},
                 quiet_);
    return folder_ / name;
  }

  test::TemporaryFolder folder_;
  const Buffer me_ = test::pattern(90000, 1), ec_ = test::pattern(300, 2);
  EventSink events_;
  romwright::Run quiet_{{}, events_};
};

TEST_F(Bundle, IsReadAsWhatWasPutIn) {
  for (const std::string name : {"b.tar", "b.tar.xz"}) {
    const auto path = write(name);
    const UserFiles files({path});
    ASSERT_EQ(files.all().size(), 4U);
    const auto list = files.all()[0].content();
    ASSERT_TRUE(list);
    EXPECT_EQ(
        std::string(list->bytes().begin(), list->bytes().end()),
        test::sha512(ec_) + "  ec-made/ecfw1.bin\n" + test::sha512(me_) + "  me-made/me.bin\n");
    EXPECT_EQ(files.all()[1].shown(), (path / "ec-made/ecfw1.bin").string());
    EXPECT_EQ(files.all()[1].hash(), test::sha512(ec_));
    EXPECT_EQ(files.all()[2].hash(), test::sha512(me_));
  }
}

TEST_F(Bundle, TheSameFilesGiveTheSameBytes) {
  EXPECT_EQ(test::read_file(write("a.tar.xz")), test::read_file(write("b.tar.xz")));
}

TEST_F(Bundle, ItsNameSaysWhatItIs) {
  try {
    write("b.zip");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_EQ(error.line(), (folder_ / "b.zip").string() +
                                ": not the name of a bundle (call it .tar or .tar.xz)");
  }
}

TEST_F(Bundle, WhatIsStoppedIsNotThere) {
  std::stop_source stop;
  stop.request_stop();
  romwright::Run stopped{stop.get_token(), events_};
  EXPECT_THROW(write_bundle(folder_ / "b.tar", {{"me-made", "me.bin", me_}}, stopped),
               InterruptedError);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "b.tar"));
}

}  // namespace
}  // namespace romwright::vendor
