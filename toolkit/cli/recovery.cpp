// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/recovery.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flash/base/error.h"
#include "toolkit/cli/board_check.h"
#include "toolkit/cli/directories.h"
#include "toolkit/cli/staged_write.h"
#include "toolkit/cli/write_report.h"
#include "toolkit/pipeline/boot_block_swap.h"

namespace romwright::cli {

namespace {

/// The named one; or the newest that was begun with these programmers; or the newest.
flash::OpenJournal choose_journal(const std::string& file,
                                  const std::vector<std::string>& programmers, Session& session) {
  if (!file.empty()) return flash::Journal::load(file);
  std::vector<std::string> problems;
  std::vector<flash::OpenJournal> open =
      flash::Journal::list(state_directory() / "journals", &problems);
  for (const std::string& problem : problems) session.terminal.warning(problem);
  if (open.empty())
    throw RefusedError("no write is unfinished", "--journal FILE names another journal");
  const auto same = std::find_if(open.begin(), open.end(), [&](const flash::OpenJournal& journal) {
    return journal.record.programmer == fmt::format("{}", fmt::join(programmers, " + "));
  });
  return std::move(same == open.end() ? open.front() : *same);
}

/// The programmers of a journal, which are written with " + " between.
std::vector<std::string> programmers_of(const std::string& text) {
  std::vector<std::string> list;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(" + ", from), text.size());
    list.push_back(text.substr(from, to - from));
    from = to + 3;
  }
  return list;
}

/// By the journal's board, or, where no manifest has it any more, by what is to be written.
BoardCheck checked(const RecoveryOptions& options, const DeviceOptions& device,
                   const flash::JournalRecord& record, flash::Recovery recovery, Session& session) {
  if (!pipeline::own_machine(device.programmers).own) return {{}, {}, {}, {}, session};
  if (!record.board.empty()) {
    try {
      return {record.board, options.manifests, device.programmers, {}, session};
    } catch (const UsageError& error) {
      session.terminal.warning(error.what());
    }
  }
  const Buffer image =
      flash::load(recovery == flash::Recovery::finish ? record.target : record.backup);
  return {{}, options.manifests, device.programmers, image, session};
}

}  // namespace

void RecoveryOptions::declare(Arguments& command) {
  // Without -p the programmers are those of the journal.
  device.declare(command, DeviceOptions::Programmer::typed);
  mode.declare(command);
  manifests.declare(command);
  command.optional(
      "--journal", journal,
      "the journal; by default the newest unfinished one, of these programmers if there is one",
      "FILE");
}

void recover(const RecoveryOptions& options, flash::Recovery recovery, Session& session) {
  const flash::OpenJournal journal =
      choose_journal(options.journal, options.device.programmers, session);
  const flash::JournalRecord& record = journal.record;
  session.terminal.note(fmt::format("{}: {} onto {}, begun {}, {} of {} steps done",
                                    journal.path.string(), record.image, record.chip, record.date,
                                    journal.finished, record.steps.size()));
  DeviceOptions wanted = options.device;
  if (wanted.programmers.empty()) wanted.programmers = programmers_of(record.programmer);
  const BoardCheck check = checked(options, wanted, record, recovery, session);
  pipeline::Device device = wanted.open(session);
  check.require_chip(device);
  for (const pipeline::FoundChip& chip : device.chips()) session.terminal.note(describe(chip));
  if (device.facts({}).id != record.id)
    throw RefusedError(fmt::format("the journal is of a chip with id {}, this one has {}",
                                   record.id, device.facts({}).id),
                       "is it the right chip?");
  flash::WriteOptions write;
  write.verify = options.mode.verify;
  // What was begun was allowed.
  write.unprotect = true;
  Run run = session.run();
  flash::FlashDevice planner(device.flash(), device.clock());
  const flash::WritePlan plan = planner.plan_recovery(journal, recovery, write, run);
  WriteJob job;
  job.image = record.image;
  job.board = record.board;
  job.dry_run = options.mode.dry_run;
  conclude_stage(job, device, record.conclusion, recovery);
  carry_out(device, plan, job, session, {{"journal", journal.path.string()}});
  const std::string left = pipeline::left_after_recovery(
      pipeline::stage_that_ends(record.conclusion), recovery == flash::Recovery::undo);
  if (!left.empty() && !job.dry_run) session.terminal.print(left);
}

}  // namespace romwright::cli
