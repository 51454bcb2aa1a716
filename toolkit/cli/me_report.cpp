// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/me_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/images/formats/me_search.h"

namespace romwright::cli {

namespace {

std::string firmware_line(const images::MeFirmware& firmware) {
  return fmt::format(
      "{} {}, generation {}, {}", firmware.variant, fmt::join(firmware.version, "."),
      firmware.generation,
      firmware.key != nullptr
          ? fmt::format("signed by the key of {} {}", firmware.key->variant, firmware.key->versions)
          : fmt::format("unknown key {}", firmware.key_md5));
}

std::string partition_line(std::string_view name, const Range& range, std::string_view fate) {
  return fmt::format("  partition {:<4}  {:#010x}  {:>10}  {}", name, range.offset,
                     human_size(range.size), fate);
}

std::string module_line(const images::MeModuleFate& module) {
  return fmt::format("  module {:<16} {:<12} {:>12}  {}", module.name, module.compression,
                     human_size(module.range.size), to_string(module.fate));
}

Json range_json(const Range& range) { return {{"offset", range.offset}, {"size", range.size}}; }

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::vector<std::string> report_lines(const images::MeCleaning& cleaning) {
  std::vector<std::string> lines;
  lines.push_back(!cleaning.full_image ? "ME region"
                  : cleaning.region.empty()
                      ? "full image without an ME region"
                      : "full image, ME region " + to_string(cleaning.region));
  if (cleaning.firmware) lines.push_back(firmware_line(*cleaning.firmware));
  for (const auto& partition : cleaning.partitions)
    lines.push_back(partition_line(partition.name, partition.range, to_string(partition.fate)));
  for (const auto& module : cleaning.modules) lines.push_back(module_line(module));
  if (cleaning.modules_skipped)
    lines.emplace_back("  the modules are not listed as they should be: left as they are");
  if (cleaning.wiped)
    lines.emplace_back("  the whole region was made blank: nothing in it is needed");
  if (cleaning.code_offset)
    lines.push_back(fmt::format("  FTPR lies at {:#x} now", *cleaning.code_offset));
  if (cleaning.minimum_size)
    lines.push_back(fmt::format("  the region needs {} ({:#x} bytes)",
                                human_size(*cleaning.minimum_size), *cleaning.minimum_size));
  if (cleaning.disabled)
    lines.push_back(fmt::format("  the descriptor {} the ME to disable itself",
                                *cleaning.disabled ? "asks" : "does not ask"));
  if (cleaning.signature_valid)
    lines.push_back(fmt::format("  the signature of FTPR is {}",
                                *cleaning.signature_valid ? "valid" : "NOT VALID"));
  return lines;
}

Json report_json(const images::MeCleaning& cleaning) {
  Json report = {{"full_image", cleaning.full_image},
                 {"region", cleaning.region.empty() ? Json(nullptr) : range_json(cleaning.region)}};
  for (const char* key : {"version", "variant", "generation", "key"}) report[key] = nullptr;
  if (cleaning.firmware) {
    const images::MeFirmware& firmware = *cleaning.firmware;
    report["version"] = fmt::format("{}", fmt::join(firmware.version, "."));
    report["variant"] = firmware.variant;
    report["generation"] = firmware.generation;
    report["key"] = {
        {"md5", firmware.key_md5},
        {"versions", firmware.key != nullptr ? Json(firmware.key->versions) : Json(nullptr)}};
  }
  report["partitions"] = Json::array();
  for (const auto& partition : cleaning.partitions)
    report["partitions"].push_back({{"name", partition.name},
                                    {"offset", partition.range.offset},
                                    {"size", partition.range.size},
                                    {"fate", to_string(partition.fate)}});
  report["modules"] = Json::array();
  for (const auto& module : cleaning.modules)
    report["modules"].push_back(
        {{"name", module.name},
         {"compression", module.compression},
         {"offset", module.scattered ? Json(nullptr) : Json(module.range.offset)},
         {"size", module.range.size},
         {"fate", to_string(module.fate)}});
  report["modules_skipped"] = cleaning.modules_skipped;
  report["wiped"] = cleaning.wiped;
  report["ftpr_offset"] = or_null(cleaning.code_offset);
  report["minimum_size"] = or_null(cleaning.minimum_size);
  report["disabled"] = or_null(cleaning.disabled);
  report["signature_valid"] = or_null(cleaning.signature_valid);
  return report;
}

std::optional<Range> newer_me_region(ConstBytes image) {
  for (const images::MePlace& place : images::find_me(image)) {
    if (place.form != images::MeForm::region || place.embedded) continue;
    const ConstBytes region = slice(image, place.range, "ME region");
    if (images::is_me_region(region) && images::MeView(region).layout_table()) return place.range;
  }
  return std::nullopt;
}

std::vector<std::string> report_lines(const images::MeView& me) {
  std::vector<std::string> lines = {
      fmt::format("{} of a version after 11, generation {}", me.variant(), me.generation())};
  for (const images::MePartition& part : me.partitions())
    lines.push_back(partition_line(part.name, part.range,
                                   !part.has_data ? "no data"
                                   : part.blank   ? "blank"
                                                  : "there"));
  return lines;
}

Json report_json(const images::MeView& me, const Range& region) {
  Json report = {{"region", range_json(region)},
                 {"version", nullptr},
                 {"variant", me.variant()},
                 {"generation", me.generation()}};
  report["partitions"] = Json::array();
  for (const images::MePartition& part : me.partitions())
    report["partitions"].push_back({{"name", part.name},
                                    {"offset", part.range.offset},
                                    {"size", part.range.size},
                                    {"has_data", part.has_data}});
  return report;
}

}  // namespace romwright::cli
