// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/vendor/address_check.h"

#include "tests/toolkit/vendor/download_fixture.h"

namespace romwright::vendor {
namespace {

class AddressCheck : public Downloads {};

TEST_F(AddressCheck, AnswersAreInTheOrderOfTheQuestions) {
  Server server([&](const Asked& asked) {
    const std::size_t number = std::stoul(asked.target.substr(1));
    if (number % 3 == 0) return Reply{.status = 404};
    return Reply{.body = Buffer(number)};
  });
  std::vector<AddressQuestion> questions;
  for (std::size_t i = 0; i < 30; ++i)
    questions.push_back({server.url("/" + std::to_string(i)), i % 3 == 2 ? i + 1 : i});
  const auto answers = check_addresses(questions, limits.http, run);
  ASSERT_EQ(answers.size(), questions.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].alive, i % 3 == 1) << i;
    EXPECT_EQ(answers[i].status, i % 3 == 0 ? 404 : 200) << i;
  }
}

TEST_F(AddressCheck, NobodyListens) {
  const std::string closed = Server([](const Asked&) { return Reply{}; }).url("/");
  const auto answers = check_addresses({{closed, {}}}, limits.http, run);
  EXPECT_FALSE(answers.at(0).alive);
  EXPECT_NE(answers.at(0).problem, "");
}

TEST_F(AddressCheck, Stops) {
  Server server([](const Asked&) { return Reply{}; });
  EXPECT_TRUE(check_addresses({}, limits.http, run).empty());
  stop.request_stop();
  EXPECT_THROW((void)check_addresses({{server.url("/x"), {}}}, limits.http, run), InterruptedError);
}

}  // namespace
}  // namespace romwright::vendor
