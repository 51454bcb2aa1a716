// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/address_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/support/answering_server.h"

namespace romwright::vendor {
namespace {

using testing::ElementsAre;

class AddressCheck : public testing::Test {
 protected:
  std::vector<AddressState> check(const std::vector<std::string>& paths) {
    std::vector<std::string> urls;
    for (const std::string& path : paths) urls.push_back(server_.url(path));
    return check_addresses(urls, {}, quiet_);
  }

  test::AnsweringServer server_;
  EventSink events_;
  romwright::Run quiet_{{}, events_};
};

TEST_F(AddressCheck, AliveWithItsSize) {
  server_.put("/a.exe", {200, "0123456789", {}});
  const auto states = check({"/a.exe"});
  EXPECT_TRUE(states[0].alive);
  EXPECT_EQ(states[0].problem, "");
  EXPECT_EQ(states[0].size, 10U);
  EXPECT_EQ(states[0].url, server_.url("/a.exe"));
  EXPECT_THAT(server_.questions(), ElementsAre("HEAD /a.exe"));
}

TEST_F(AddressCheck, AServerThatKnowsNoHead) {
  server_.put("/a.exe", {200, std::string(100'000, 'x'), {}, true});
  EXPECT_TRUE(check({"/a.exe"})[0].alive);
  EXPECT_THAT(server_.questions(), ElementsAre("HEAD /a.exe", "GET /a.exe"));
}

TEST_F(AddressCheck, WhatIsDeadAndWhy) {
  server_.put("/page", {200, "<html>moved</html>", "Content-Type: text/html\r\n"});
  server_.put("/gone", {302, {}, "Location: /there\r\n"});
  server_.put("/circle", {302, {}, "Location: /circle\r\n"});
  server_.put("/local", {302, {}, "Location: file:///etc/passwd\r\n"});
  server_.put("/moved", {301, {}, "Location: /new\r\n"});
  server_.put("/new", {200, "x", {}});
  const auto states = check({"/none", "/page", "/gone", "/circle", "/local", "/moved"});
  EXPECT_EQ(states[0].problem, "status 404");
  EXPECT_EQ(states[1].problem, "a web page in place of the file");
  EXPECT_EQ(states[2].problem, "status 404");
  EXPECT_EQ(states[3].problem, "Maximum (10) redirects followed");
  EXPECT_THAT(states[4].problem, testing::HasSubstr("file"));
  EXPECT_TRUE(states[5].alive) << states[5].problem;
  for (std::size_t i = 0; i < 5; ++i) EXPECT_FALSE(states[i].alive) << i;
}

TEST_F(AddressCheck, NobodyListens) {
  std::string url;
  {
    const test::AnsweringServer closed;
    url = closed.url("/x");
  }
  const auto states = check_addresses({url}, {}, quiet_);
  EXPECT_FALSE(states[0].alive);
  EXPECT_THAT(states[0].problem, testing::StartsWith("Failed to connect to 127.0.0.1 port"));
}

TEST_F(AddressCheck, ManyInTheirOrder) {
  std::vector<std::string> paths;
  for (int i = 0; i < 30; ++i) {
    paths.push_back("/" + std::to_string(i));
    if (i % 3 != 0)
      server_.put(paths.back(), {200, std::string(1 + static_cast<unsigned>(i), 'x'), {}});
  }
  const auto states = check(paths);
  for (unsigned i = 0; i < 30; ++i) {
    EXPECT_EQ(states[i].alive, i % 3 != 0);
    if (i % 3 != 0) {
      EXPECT_EQ(states[i].size, i + 1);
    }
  }
}

TEST_F(AddressCheck, Stops) {
  std::stop_source stop;
  stop.request_stop();
  romwright::Run stopped{stop.get_token(), events_};
  EXPECT_THROW((void)check_addresses({server_.url("/x")}, {}, stopped), InterruptedError);
  EXPECT_TRUE(check_addresses({}, {}, quiet_).empty());
}

}  // namespace
}  // namespace romwright::vendor
