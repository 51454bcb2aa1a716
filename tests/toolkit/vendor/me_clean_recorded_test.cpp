// SPDX-License-Identifier: GPL-2.0-or-later
// Every recorded run of me_cleaner, byte for byte.
#include "tests/toolkit/vendor/me_runs.h"
#include "toolkit/images/formats/me_clean/me7_update.h"
#include "toolkit/images/formats/me_clean/me_clean.h"

namespace romwright::vendor::test {
namespace {

using images::MeCleaning;
using images::MeSoftDisable;
using nlohmann::json;

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream stream(list);
  for (std::string name; std::getline(stream, name, ',');) names.push_back(name);
  return names;
}

struct Request {
  images::MeCleanOptions options;
  bool contradictory = false;  ///< both -S and -s
};

Request request(const json& args) {
  Request made;
  auto& options = made.options;
  const auto soft = [&](MeSoftDisable how) {
    made.contradictory |= options.soft_disable != MeSoftDisable::no;
    options.soft_disable = how;
  };
  for (auto arg = args.begin(); arg != args.end(); ++arg) {
    const std::string word = *arg;
    if (word == "-r")
      options.relocate = true;
    else if (word == "-t")
      options.truncate = true;
    else if (word == "-k")
      options.keep_modules = true;
    else if (word == "-c")
      options.check_only = true;
    else if (word == "-d")
      options.drop_access = true;
    else if (word == "-S")
      soft(MeSoftDisable::too);
    else if (word == "-s")
      soft(MeSoftDisable::only);
    else if (word == "-w" || word == "--whitelist")
      options.whitelist = split(*++arg);
    else if (word == "-b" || word == "--blacklist")
      options.blacklist = split(*++arg);
    else if (word == "-O")
      ++arg;
    else if (word == "-D")
      options.extract_descriptor = true, ++arg;
    else if (word == "-M")
      options.extract_me = true, ++arg;
    else if (word != "INPUT")
      throw std::out_of_range(word);
  }
  return made;
}

json described(const Buffer& bytes) {
  return {{"size", bytes.size()}, {"sha512", hex_digest(Hash::sha512, bytes)}};
}

/// The outputs of a run: as a failure leaves them, too.
json outputs(const json& run, const MeCleaning& cleaning) {
  json found = json::object();
  for (const json& arg : run.at("args")) {
    if (arg == "OUT" || (arg == "INPUT" && run.contains("in_place")))
      found[arg.get<std::string>()] = described(cleaning.image);
    if (arg == "DESC" && cleaning.descriptor) found["DESC"] = described(*cleaning.descriptor);
    if (arg == "ME" && cleaning.me) found["ME"] = described(*cleaning.me);
  }
  return found;
}

TEST_F(RecordedRuns, AreRepeatedByteForByte) {
  std::size_t runs = 0;
  for (const json& result : expected_.at("me_cleaner").at("results")) {
    const Buffer image = input(result);
    ASSERT_EQ(image.size(), result.at("size")) << result.at("input");
    if (result.contains("sha512")) {
      ASSERT_EQ(hex_digest(Hash::sha512, image), result.at("sha512")) << result.at("input");
    }
    for (const json& run : result.at("runs")) {
      SCOPED_TRACE(result.at("input").get<std::string>() + ": " + run.at("args").dump());
      ++runs;
      json expected = json::object();
      for (const auto& [name, output] : run.at("outputs").items())
        expected[name] = {{"size", output.at("size")}, {"sha512", output.at("sha512")}};
      const Request asked = request(run.at("args"));
      if (asked.contradictory) {
        EXPECT_EQ(run.at("exit"), 2);
        continue;
      }
      try {
        const MeCleaning cleaning = images::clean_me(image, asked.options);
        EXPECT_EQ(cleaning.failure.has_value(), run.at("exit") != 0);
        EXPECT_EQ(outputs(run, cleaning), expected);
        if (run.contains("minimum_size")) {
          EXPECT_EQ(cleaning.minimum_size, run.at("minimum_size"));
        }
        if (run.contains("signature")) {
          EXPECT_EQ(cleaning.signature_valid, true);
        }
      } catch (const Error& error) {
        EXPECT_NE(run.at("exit"), 0) << error.line();
        EXPECT_TRUE(expected.empty()) << error.line();
      }
    }
  }
  EXPECT_GE(runs, 215U);
}

TEST_F(RecordedRuns, AnUpdateOfVersion7BecomesARegion) {
  const ExtractedFiles update = extract("find", unpacked("me7-update"), {{"intel-me", "update"}});
  ASSERT_EQ(update.size(), 1U);
  const json& expected = container("me7-update").at("contains")[0].at("me7_update");
  const Buffer region = images::region_of_me7_update(update[0].content.bytes());
  EXPECT_EQ(region.size(), expected.at("size"));
  EXPECT_EQ(hex_digest(Hash::sha512, region), expected.at("sha512"));
  const MeCleaning check = images::clean_me(region, {.check_only = true});
  EXPECT_EQ(check.signature_valid, true);
  // It is cleaned already; the table's entry is longer than what is left, so it cannot be twice.
  const MeCleaning again = images::clean_me(region, {.relocate = true, .truncate = true});
  ASSERT_TRUE(again.failure);
  EXPECT_STREQ(again.failure->what(),
               "partition table: no partition is left that could be relocated");
  EXPECT_EQ(hash(extract("me7_update", update).at(0)), expected.at("sha512"));
}

}  // namespace
}  // namespace romwright::vendor::test
