// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/json.h"

#include <chrono>

namespace romwright::cli {

namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

const char* name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

}  // namespace

Json to_json(const pipeline::FoundChip& chip) {
  return {{"vendor", chip.vendor}, {"name", chip.name}, {"id", chip.id}, {"size", chip.size}};
}

Json to_json(const Problems& problems) {
  Json list = Json::array();
  for (const Problem& problem : problems)
    list.push_back({{"severity", name_of(problem.severity)},
                    {"where", problem.where},
                    {"message", problem.message},
                    {"hint", problem.hint}});
  return list;
}

Json write_result(const pipeline::Device& device, const flash::WriteReport& report) {
  Json chips = Json::array();
  for (const pipeline::FoundChip& chip : device.chips()) chips.push_back(to_json(chip));
  Json object = {
      {"result", report.identical ? "identical" : "written"},
      {"chips", std::move(chips)},
      {"erased_bytes", report.erased_bytes},
      {"programmed_bytes", report.programmed_bytes},
      {"verified_bytes", report.verified_bytes},
      {"seconds",
       {{"read", seconds(report.times.read)},
        {"erase", seconds(report.times.erase)},
        {"program", seconds(report.times.program)},
        {"verify", seconds(report.times.verify)}}},
      {"retries", report.retries},
      {"link_errors", report.link_errors},
      {"simulated", device.simulated()},
  };
  object["backup"] = report.backup ? Json(report.backup->content.string()) : Json(nullptr);
  return object;
}

}  // namespace romwright::cli
