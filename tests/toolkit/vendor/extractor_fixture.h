// SPDX-License-Identifier: GPL-2.0-or-later
// Runs one extractor on files that a test makes.
#pragma once

#include <filesystem>
#include <string_view>

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "toolkit/vendor/extractor.h"

namespace romwright::vendor::test {

class ExtractorTest : public ::testing::Test {
 protected:
  ExtractedFiles extract(std::string_view name, const ExtractedFiles& files,
                         const nlohmann::json& parameters = nlohmann::json::object()) {
    return find_entry(extractors(), name)->extract(files, parameters, workshop);
  }
  static Buffer copy(const Content& content) {
    return {content.bytes().begin(), content.bytes().end()};
  }

  EventSink events;
  romwright::Run quiet{{}, events};
  Workshop workshop{quiet, std::filesystem::temp_directory_path()};
};

}  // namespace romwright::vendor::test
