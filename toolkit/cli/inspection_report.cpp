// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/inspection_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toolkit/pipeline/map/page_text.h"

namespace romwright::cli {

namespace {

std::string version_text(const images::MeView& me) {
  std::string text = fmt::format("{} ", me.variant());
  if (!me.version()) return text + "of unknown version";
  return text + fmt::format("{}", fmt::join(*me.version(), "."));
}

Json to_json(const std::optional<Range>& range) {
  if (!range) return nullptr;
  return {{"offset", range->offset}, {"size", range->size}};
}

std::string place(const pipeline::PartDifference& part) {
  if (!part.first) return fmt::format("second {:#010x}", part.second->offset);
  if (part.second && part.first->offset != part.second->offset)
    return fmt::format("{:#010x}, second {:#010x}", part.first->offset, part.second->offset);
  return fmt::format("{:#010x}", part.first->offset);
}

}  // namespace

Json inspection_json(const pipeline::Inspection& found) {
  Json object = {{"size", found.size}};
  object["chipset"] = found.chipset.empty() ? Json(nullptr) : Json(found.chipset);
  object["regions"] = Json::array();
  for (const images::Region& region : found.layout.regions)
    object["regions"].push_back({{"name", region.name},
                                 {"offset", region.range.offset},
                                 {"size", region.range.size},
                                 {"source", region.source}});
  object["chips"] = found.components;
  object["cbfs"] = Json::array();
  for (const images::CbfsFile& file : found.cbfs)
    object["cbfs"].push_back({{"name", file.name},
                              {"type", images::cbfs_type_name(file.type)},
                              {"offset", file.entry.offset},
                              {"size", file.data.size},
                              {"compression", images::to_string(file.compression)},
                              {"decompressed_size", file.decompressed_size}});
  object["mac"] = found.mac ? Json(images::to_string(*found.mac)) : Json(nullptr);
  object["me"] = nullptr;
  if (found.me)
    object["me"] = {{"version", version_text(*found.me)},
                    {"generation", found.me->generation()},
                    {"cleaned", found.me->cleaned()}};
  object["me_disabled"] = found.me_disabled;
  object["problems"] = cli::to_json(found.problems);
  return object;
}

void show_inspection(const pipeline::Inspection& found, Terminal& out) {
  out.print(fmt::format("  size {}{}", human_size(found.size),
                        found.chipset.empty() ? "" : ", descriptor for " + found.chipset));
  for (const images::Region& region : found.layout.regions)
    out.print(fmt::format("  {:<5} {:<20} {:#010x}  {:>10}", region.source,
                          pipeline::printable(region.name), region.range.offset,
                          human_size(region.range.size)));
  for (const images::CbfsFile& file : found.cbfs)
    out.print(
        fmt::format("  cbfs  {:<28} {:#010x}  {:<12} {:>14} {}",
                    file.empty() ? "(empty)" : pipeline::printable(file.name), file.entry.offset,
                    images::cbfs_type_name(file.type), human_size(file.data.size),
                    file.compression == images::CbfsCompression::none
                        ? ""
                        : fmt::format("{} ({} decompressed)", images::to_string(file.compression),
                                      human_size(file.decompressed_size))));
  if (found.me)
    out.print(fmt::format("  ME    {}, generation {}{}", version_text(*found.me),
                          found.me->generation(), found.me->cleaned() ? ", cleaned" : ""));
  if (found.me_disabled) out.print("  ME    switched off by the descriptor");
  if (found.mac) out.print(fmt::format("  MAC   {}", images::to_string(*found.mac)));
  for (const Problem& problem : found.problems)
    out.print(fmt::format("  {} {}: {}{}",
                          problem.severity == Severity::error     ? "ERROR  "
                          : problem.severity == Severity::warning ? "warning"
                                                                  : "note   ",
                          problem.where, problem.message,
                          problem.hint.empty() ? "" : " (" + problem.hint + ")"));
}

Json diff_json(const pipeline::ImageDiff& diff, const std::string& other) {
  Json object = {{"other", other},
                 {"size", diff.second_size},
                 {"identical", diff.identical()},
                 {"differing_bytes", diff.differing_bytes}};
  object["regions"] = Json::array();
  object["cbfs"] = Json::array();
  for (const auto& [key, parts] : {std::pair("regions", &diff.regions), {"cbfs", &diff.files}})
    for (const pipeline::PartDifference& part : *parts) {
      Json entry = {{"name", part.name},
                    {"change", pipeline::to_string(part.change)},
                    {"differing_bytes", part.differing_bytes},
                    {"first", to_json(part.first)},
                    {"second", to_json(part.second)}};
      if (part.source != "cbfs") entry["source"] = part.source;
      object[key].push_back(std::move(entry));
    }
  object["blocks"] = Json::array();
  for (const pipeline::BlockDifference& blocks : diff.blocks) {
    Json runs = Json::array();
    for (const Range& run : blocks.runs) runs.push_back(to_json(run));
    object["blocks"].push_back({{"size", blocks.block_size},
                                {"count", blocks.blocks},
                                {"changed", blocks.changed},
                                {"runs", std::move(runs)}});
  }
  return object;
}

void show_diff(const pipeline::ImageDiff& diff, const std::string& other, Terminal& out) {
  if (diff.identical()) return out.print(fmt::format("identical to {}", other));
  out.print(fmt::format("compared with {}: {} of {} bytes differ", other, diff.differing_bytes,
                        std::max(diff.first_size, diff.second_size)));
  for (const auto* parts : {&diff.regions, &diff.files})
    for (const pipeline::PartDifference& part : *parts)
      if (part.change != pipeline::Change::same)
        out.print(fmt::format("  {:<5} {:<28} {:<18} {:>10} bytes  {}", part.source,
                              pipeline::printable(part.name), pipeline::to_string(part.change),
                              part.differing_bytes, place(part)));
  for (const pipeline::BlockDifference& blocks : diff.blocks)
    out.print(fmt::format("  {} of {} blocks of {} differ", blocks.changed, blocks.blocks,
                          human_size(blocks.block_size)));
}

}  // namespace romwright::cli
