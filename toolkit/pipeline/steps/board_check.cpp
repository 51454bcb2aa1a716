// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/pipeline/steps/board_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "toolkit/images/check.h"
#include "toolkit/images/formats/ifd.h"
#include "toolkit/images/padding.h"
#include "toolkit/pipeline/steps/insert.h"

namespace romwright::pipeline {

namespace {

void add_error(Problems& problems, std::string where, std::string message, std::string hint = {}) {
  problems.push_back({Severity::error, std::move(where), std::move(message), std::move(hint)});
}

std::string platform_text(const images::IfdView& ifd) {
  return std::string(images::to_string(ifd.chipset()));
}

void check_descriptor(Problems& problems, ConstBytes image,
                      const manifests::BoardDescriptor& expected) {
  const auto ifd = images::find_ifd(image);
  if (!ifd) {
    add_error(problems, "flash descriptor", "the board has one, the image has none");
    return;
  }
  const images::IfdPlatform* platform = images::find_ifd_platform(expected.platform);
  if (!expected.platform.empty() && platform != nullptr && platform->version != ifd->version())
    add_error(problems, "flash descriptor",
              fmt::format("it is for {}, the board is {}", platform_text(*ifd), expected.platform));
  for (const auto& [name, range] : expected.expect) {
    const auto found = ifd->region(name);
    if (found != range)
      add_error(problems, fmt::format("region {}", name),
                fmt::format("should be {}, is {}", to_string(range),
                            found ? to_string(*found) : "not there"));
  }
}

Problems board_problems(ConstBytes image, const manifests::Board& board) {
  Problems problems;
  if (board.image.size != 0 && image.size() != board.image.size)
    add_error(problems, "image",
              fmt::format("it has {}, the images of {} have {}", human_size(image.size()),
                          board.name, human_size(board.image.size)));
  if (!board.image.descriptor) return problems;
  try {
    check_descriptor(problems, image, *board.image.descriptor);
  } catch (const ImageError&) {
    // A damaged descriptor is the image's problem, and told there.
  }
  return problems;
}

void check_vendor_file(Findings& findings, ConstBytes image, const Insertion& insertion) {
  const std::string where = describe(insertion);
  const vendor::WantedFile& file = insertion.file;
  try {
    switch (presence_of(image, insertion)) {
      case Presence::absent:
        add_error(findings.vendor, where, fmt::format("{} ({}) is missing", file.name, file.recipe),
                  file.missing.empty() ? "'romwright prepare' inserts it" : file.missing);
        break;
      case Presence::other:
        add_error(
            findings.vendor, where,
            fmt::format("holds something else than the pinned {} ({})", file.name, file.recipe));
        break;
      case Presence::present:
        findings.vendor.push_back(
            {Severity::note, where,
             fmt::format("{} is there; its content is not compared", file.name), ""});
        break;
      case Presence::pinned:
        break;
    }
  } catch (const Error& error) {
    add_error(findings.image, where, error.what(), error.hint());
  }
}

template <typename E>
void collect_lines(std::vector<std::string>& lines, const Problems& problems) {
  for (const Problem& problem : problems)
    if (problem.severity == Severity::error)
      lines.push_back(
          E(fmt::format("{}: {}", problem.where, problem.message), problem.hint).line());
}

template <typename E>
void throw_first(const Problems& problems, const Findings& all) {
  const auto first = std::ranges::find(problems, Severity::error, &Problem::severity);
  if (first == problems.end()) return;
  E error(fmt::format("{}: {}", first->where, first->message), first->hint);
  std::vector<std::string> lines;
  for (const Problems* group : {&all.board, &all.image, &all.vendor})
    collect_lines<E>(lines, *group);
  bool skipped = false;
  for (std::string& line : lines) {
    if (!skipped && line == error.line())
      skipped = true;
    else
      error.also(std::move(line));
  }
  throw error;
}

}  // namespace

void Findings::add(const Findings& other, const std::string& rom) {
  const auto append = [&](Problems& mine, const Problems& more) {
    for (Problem problem : more) {
      problem.where = fmt::format("{}: {}", rom, problem.where);
      mine.push_back(std::move(problem));
    }
  };
  append(image, other.image);
  append(board, other.board);
  append(vendor, other.vendor);
}

Problems Findings::all() const {
  Problems everything = board;
  everything.insert(everything.end(), image.begin(), image.end());
  everything.insert(everything.end(), vendor.begin(), vendor.end());
  return everything;
}

bool Findings::sound() const {
  const Problems everything = all();
  return std::ranges::find(everything, Severity::error, &Problem::severity) == everything.end();
}

void Findings::require_sound() const {
  throw_first<RefusedError>(board, *this);
  throw_first<ImageError>(image, *this);
  throw_first<VendorError>(vendor, *this);
}

Findings check_for_board(ConstBytes image, const manifests::Board& board,
                         std::span<const Insertion> insertions) {
  Findings findings;
  if (images::padding_of(image) == images::Padding::byte) {
    add_error(findings.vendor, "image", "it still has its padding byte: vendor files are missing",
              "romwright prepare");
    image = image.first(image.size() - 1);
  }
  findings.board = board_problems(image, board);
  findings.image = images::check_image(image);
  for (const Insertion& insertion : insertions) check_vendor_file(findings, image, insertion);
  return findings;
}

}  // namespace romwright::pipeline
