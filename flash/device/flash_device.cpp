// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/device/flash_device.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/device/device_reader.h"
#include "flash/device/ranges.h"
#include "flash/device/verify_pass.h"
#include "flash/device/write_checks.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

/// Replaces everything outside `allowed` in `target` by `current`.
void keep_outside(Bytes target, ConstBytes current, std::span<const Range> allowed) {
  for (const Range& range : subtract({0, target.size()}, allowed)) {
    const ConstBytes from = slice(current, range, "content");
    std::copy(from.begin(), from.end(), slice(target, range, "image").begin());
  }
}

/// Of more than this, a sample is read again.
constexpr std::uint64_t read_again_in_full = 2U << 20;
constexpr std::uint64_t sample_piece = 64U << 10;

/// What of `ranges` is read again before it is erased: what the chip must get back, and of what the
/// image brings, where it is much, every other piece.
std::vector<Range> worth_reading_again(std::span<const Range> ranges,
                                       std::span<const Range> allowed) {
  if (total_size(ranges) <= read_again_in_full) return {ranges.begin(), ranges.end()};
  std::vector<Range> chosen;
  for (const Range& range : ranges) {
    for (const Range& kept : subtract(range, allowed)) chosen.push_back(kept);
    for (const Range& brought : intersect(range, allowed))
      for (std::uint64_t at = brought.offset; at < brought.end();) {
        const std::uint64_t next = std::min(brought.end(), (at / sample_piece + 1) * sample_piece);
        if (at / sample_piece % 2 == 0) chosen.push_back({at, next - at});
        at = next;
      }
  }
  return join(chosen);
}

std::vector<Range> all_touched(std::span<const FlashStep> steps) {
  std::vector<Range> ranges;
  for (const FlashStep& step : steps)
    for (const Range& range : touched_ranges(step)) ranges.push_back(range);
  return join(ranges);
}

Range hull(const FlashStep& step) {
  const std::vector<Range> ranges = touched_ranges(step);
  if (ranges.empty()) return {};
  return {ranges.front().offset, ranges.back().end() - ranges.front().offset};
}

std::string way_on(const Journal& journal) {
  return fmt::format(
      "journal {}: `romwright resume` finishes the write, `romwright rollback` restores the "
      "content",
      journal.path().string());
}

/// An error that befell after something was changed.
ChangedError changed(const Error& error, const Journal& journal) {
  ChangedError result(
      error.hint().empty() ? error.what() : fmt::format("{}; {}", error.what(), error.hint()),
      way_on(journal));
  for (const std::string& line : error.others()) result.also(line);
  return result;
}

/// What a block should hold when it is written again. Outside of what may change the chip itself
/// knows best, unless this write erased it: then the plan has what was read there, twice.
Buffer repaired_content(const WritePlan& plan, Range block, ConstBytes actual) {
  const ConstBytes target = slice(ConstBytes(plan.target), block, "target");
  Buffer content(target.begin(), target.end());
  std::vector<Range> known = plan.options.allowed;
  for (const Range& erased : erased_ranges(plan.erase.steps)) known.push_back(erased);
  for (const Range& range : subtract(block, join(known))) {
    const Range inside{range.offset - block.offset, range.size};
    const ConstBytes from = slice(actual, inside, "content");
    std::copy(from.begin(), from.end(), slice(Bytes(content), inside, "content").begin());
  }
  return content;
}

}  // namespace

Buffer FlashDevice::read(bool twice, Run& run, std::span<const Range> ranges) {
  Buffer content(flash_.geometry().size, flash_.geometry().erased_value);
  DeviceReader reader(flash_);
  const Range whole{0, content.size()};
  if (ranges.empty()) ranges = {&whole, 1};
  for (const Range& range : ranges)
    reader.read(range, slice(Bytes(content), range, "content"), "reading", run);
  if (twice) link_errors_ += reader.read_again(ranges, content, "reading again", run);
  return content;
}

Buffer FlashDevice::read_open(Run& run) {
  const std::vector<Range> open = subtract({0, flash_.geometry().size}, unreadable_ranges(flash_));
  if (open.empty()) return Buffer(flash_.geometry().size, flash_.geometry().erased_value);
  return read(false, run, open);
}

WritePlan FlashDevice::plan(Buffer image, WriteOptions options, Run& run) {
  return make_plan(std::move(image), std::move(options), {}, run);
}

WritePlan FlashDevice::plan_recovery(const OpenJournal& journal, Recovery recovery,
                                     WriteOptions options, Run& run) {
  const Buffer before = load(journal.record.backup);
  Buffer image = recovery == Recovery::undo ? before : load(journal.record.target);
  options.allowed = journal.record.allowed;
  options.allowed.insert(options.allowed.end(), journal.record.steps.begin(),
                         journal.record.steps.end());
  options.continues = journal;
  return make_plan(std::move(image), std::move(options), before, run);
}

WritePlan FlashDevice::make_plan(Buffer image, WriteOptions options, ConstBytes before, Run& run) {
  check_extent(flash_.geometry(), image.size(), options.allowed);
  WritePlan plan;
  const Range whole{0, image.size()};
  plan.options = std::move(options);
  plan.options.allowed =
      plan.options.allowed.empty() ? std::vector<Range>{whole} : join(plan.options.allowed);
  plan.unreadable = unreadable_ranges(flash_);
  for (const Range& range : plan.unreadable)
    if (!intersect(range, plan.options.allowed).empty())
      throw RefusedError(
          fmt::format("{}: cannot be read: {}", to_string(range), flash_.access(range).reason),
          "limit the write to other regions");
  const nanoseconds from = clock_.now();
  DeviceReader reader(flash_);
  plan.target = std::move(image);
  plan.current.assign(plan.target.size(), flash_.geometry().erased_value);
  const std::vector<Range> readable = subtract(whole, plan.unreadable);
  for (const Range& range : readable)
    reader.read(range, slice(Bytes(plan.current), range, "content"), "reading", run);
  if (plan.options.read_twice)
    plan.read_errors += reader.read_again(readable, plan.current, "reading again", run);
  std::vector<Range> suspect;
  if (plan.options.continues) {
    if (before.size() != plan.current.size())
      throw RefusedError(fmt::format("the backup has {}, the chip {}", human_size(before.size()),
                                     human_size(plan.current.size())));
    suspect = plan.options.continues->suspect(plan.current, before);
  }
  WriteLimits limits{flash_.protections(), plan.options.unprotect};
  if (plan.options.allowed != std::vector<Range>{whole}) limits.named = plan.options.allowed;
  settle(plan, suspect, closed_ranges(flash_, limits), run);
  plan.spent.read = clock_.now() - from;
  link_errors_ += plan.read_errors;
  check_writable(flash_, plan.erase.steps, limits);
  return plan;
}

void FlashDevice::settle(WritePlan& plan, std::span<const Range> suspect,
                         std::span<const Range> closed, Run& run) {
  DeviceReader reader(flash_);
  std::vector<Range> sure;
  if (plan.options.read_twice) sure = {{0, plan.current.size()}};
  for (;;) {
    keep_outside(plan.target, plan.current, plan.options.allowed);
    plan.erase = plan_erase(flash_.geometry(), plan.current, plan.target, plan.options.allowed,
                            suspect, closed);
    std::vector<Range> unsure;
    for (const Range& erased : erased_ranges(plan.erase.steps)) {
      if (!intersect(erased, plan.unreadable).empty())
        throw RefusedError(
            fmt::format("{}: would be erased, and cannot be read and kept", to_string(erased)),
            "limit the write to whole erase blocks");
      for (const Range& range : subtract(erased, sure)) unsure.push_back(range);
    }
    if (unsure.empty()) return;
    const std::vector<Range> again =
        plan.read_errors == 0 ? worth_reading_again(unsure, plan.options.allowed) : unsure;
    const std::uint64_t wrong = reader.read_again(again, plan.current, "reading again", run);
    plan.read_errors += wrong;
    if (wrong == 0) return;
    sure.insert(sure.end(), again.begin(), again.end());
    sure = join(sure);
  }
}

Journal FlashDevice::open_journal(const WritePlan& plan, const WriteGuard& guard,
                                  WriteReport& report) {
  JournalRecord record;
  record.chip = guard.facts.chip;
  record.id = guard.facts.id;
  record.programmer = guard.facts.programmer;
  record.board = guard.facts.board;
  record.date = guard.facts.date;
  record.size = plan.target.size();
  record.image = guard.image;
  record.conclusion = guard.conclusion;
  record.allowed = plan.options.allowed;
  record.erased_bytes = plan.erase.erased_bytes;
  record.programmed_bytes = plan.erase.programmed_bytes;
  for (const FlashStep& step : plan.erase.steps) record.steps.push_back(hull(step));
  if (plan.options.continues) {
    // What the chip holds now is half old, half new: the first backup stays the one to go back to.
    const auto kept = [&] { return plan.options.continues->record.backup; };
    return Journal::begin(guard.journal_folder, std::move(record), plan.target, kept,
                          plan.options.continues->path);
  }
  const auto keep = [&]() -> JournalFile {
    report.backup = BackupStore(guard.backup_folder).keep(plan.current, guard.facts);
    return {report.backup->content, report.backup->sha512};
  };
  return Journal::begin(guard.journal_folder, std::move(record), plan.target, keep);
}

WriteReport FlashDevice::write(const WritePlan& plan, const WriteGuard& guard, Run& run) {
  WriteReport report;
  report.times = plan.spent;
  report.link_errors = plan.read_errors;
  report.identical = plan.identical();
  if (report.identical) {
    if (guard.conclude) guard.conclude();
    if (plan.options.continues) Journal::discard(plan.options.continues->path);
    return report;
  }
  if (run.stop.stop_requested())
    throw InterruptedError(SIGINT, "stopped before anything was changed");
  Journal journal = open_journal(plan, guard, report);
  report.target_sha512 = journal.target().sha512;
  const FlashStatistics before = flash_.statistics();
  flash_.set_streaming(plan.options.verify != Verify::none);
  apply(plan, journal, run);
  try {
    const nanoseconds from = clock_.now();
    const FlashStatistics written = flash_.statistics();
    report.retries = written.retries - before.retries;
    if (plan.options.verify != Verify::none) verify_and_repair(plan, journal, report, run);
    const FlashStatistics after = flash_.statistics();
    report.retries = after.retries - before.retries;
    report.erased_bytes = after.erased_bytes - before.erased_bytes;
    report.programmed_bytes = after.programmed_bytes - before.programmed_bytes;
    report.times.erase = after.erase - before.erase;
    report.times.program = after.program - before.program;
    report.times.verify =
        clock_.now() - from - (after.erase - written.erase) - (after.program - written.program);
    link_errors_ += report.link_errors - plan.read_errors;
    if (guard.conclude) guard.conclude();
    journal.finish();
  } catch (const InterruptedError&) {
    throw InterruptedError(SIGINT, "stopped while verifying: everything is written",
                           way_on(journal));
  } catch (const Error& error) {
    throw changed(error, journal);
  }
  return report;
}

void FlashDevice::apply(const WritePlan& plan, Journal& journal, Run& run) {
  // A block that is erased takes longer than a page that is programmed: time goes by the plan.
  Progress progress{.phase = "writing"};
  for (const FlashStep& step : plan.erase.steps) {
    progress.total += total_size(touched_ranges(step));
    progress.planned_total += expected_time(flash_.geometry(), step);
  }
  std::size_t finished = 0;
  const auto step_done = [&](std::size_t i) {
    finished = i + 1;
    journal.progress(finished);
    progress.done += total_size(touched_ranges(plan.erase.steps[i]));
    progress.planned_done += expected_time(flash_.geometry(), plan.erase.steps[i]);
    run.events.progress(progress);
  };
  try {
    run.events.progress(progress);
    flash_.apply(plan.erase.steps, step_done, run);
  } catch (const ProtectedError& error) {
    if (finished > 0) throw changed(error, journal);
    journal.finish();
    throw;
  } catch (const InterruptedError& error) {
    if (finished > 0) throw InterruptedError(error.signal(), error.what(), way_on(journal));
    journal.finish();
    throw InterruptedError(error.signal(), "stopped before anything was changed");
  } catch (const Error& error) {
    throw changed(error, journal);
  }
}

void FlashDevice::verify_and_repair(const WritePlan& plan, Journal& journal, WriteReport& report,
                                    Run& run) {
  VerifyPass pass(flash_);
  std::vector<VerifyError> errors;
  std::vector<Range> failed;
  const auto check = [&](std::span<const Range> ranges) {
    report.verified_bytes = total_size(ranges);
    for (Mismatch& mismatch : pass.compare(plan.target, ranges, run)) {
      Buffer actual(mismatch.block.size);
      flash_.read(mismatch.block.offset, actual, run);
      const Buffer content = repaired_content(plan, mismatch.block, actual);
      if (content == actual) {
        // It lies outside what was written: the first reading was wrong, the chip is not.
        ++report.link_errors;
        run.events.warning(
            fmt::format("{}: {}: outside of what was written, so left alone; the "
                        "backup may hold a wrong byte there",
                        to_string(mismatch.block), to_error(mismatch).what()));
        continue;
      }
      ++report.rewritten_blocks;
      run.events.warning(fmt::format("{}: {}: erased and programmed again",
                                     to_string(mismatch.block), to_error(mismatch).what()));
      if (pass.rewrite(
              mismatch, content, [&] { journal.rewriting(mismatch.block); }, run))
        continue;
      errors.push_back(to_error(mismatch));
      failed.push_back(mismatch.block);
    }
  };
  const std::vector<Range> readable = subtract({0, plan.target.size()}, plan.unreadable);
  report.verified_full = plan.options.verify == Verify::full;
  check(report.verified_full ? readable : all_touched(plan.erase.steps));
  const bool anomaly = pass.link_errors() + report.rewritten_blocks + report.retries > 0;
  if (!report.verified_full && anomaly) {
    run.events.warning("something went wrong on the way: the whole chip is verified");
    std::vector<Range> rest;
    for (const Range& range : readable)
      for (const Range& part : subtract(range, join(failed))) rest.push_back(part);
    check(rest);
    report.verified_full = true;
  }
  report.link_errors += pass.link_errors();
  throw_all(errors);
}

std::uint64_t FlashDevice::verify(ConstBytes image, std::span<const Range> ranges, Run& run) {
  check_extent(flash_.geometry(), image.size(), ranges);
  const std::vector<Range> all =
      ranges.empty() ? std::vector<Range>{{0, image.size()}} : join(ranges);
  VerifyPass pass(flash_);
  const std::vector<Mismatch> found = pass.compare(image, all, run);
  link_errors_ += pass.link_errors();
  std::vector<VerifyError> errors;
  for (const Mismatch& mismatch : found) errors.push_back(to_error(mismatch));
  throw_all(errors);
  return pass.compared();
}

}  // namespace romwright::flash
