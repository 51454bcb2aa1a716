// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/write_report.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "toolkit/cli/directories.h"
#include "toolkit/images/padding.h"
#include "toolkit/pipeline/receipt.h"
#include "toolkit/pipeline/region_proposal.h"

namespace romwright::cli {

namespace {

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

void show_plan(const flash::WritePlan& plan, const WriteJob& job, Session& session) {
  session.terminal.note(
      fmt::format("plan: erase {}, program {}, about {:.1f} s", human_size(plan.erase.erased_bytes),
                  human_size(plan.erase.programmed_bytes), seconds(plan.erase.time)));
  for (const Range& range : plan.erase.preserved)
    session.terminal.note(
        fmt::format("preserved: {} (erased with its block and put back)", to_string(range)));
  if (!job.dry_run) return;
  for (const std::string& line : flash::describe(plan.erase.steps)) session.terminal.print(line);
}

Json plan_json(const flash::WritePlan& plan) {
  Json object = {{"result", "planned"},
                 {"erased_bytes", plan.erase.erased_bytes},
                 {"programmed_bytes", plan.erase.programmed_bytes},
                 {"seconds_expected", seconds(plan.erase.time)},
                 {"steps", flash::describe(plan.erase.steps)}};
  return object;
}

void show_result(const pipeline::Device& device, const flash::WriteReport& report,
                 Session& session) {
  if (report.link_errors > 0)
    session.terminal.warning(
        fmt::format("{} bytes were right only when they were read again: the "
                    "link is unsound, shorten the wires or lower the clock",
                    report.link_errors));
  session.terminal.print(fmt::format(
      "erased {}, programmed {}, verified {}; read {:.2f} s, erase {:.2f} s, program {:.2f} s, "
      "verify {:.2f} s",
      human_size(report.erased_bytes), human_size(report.programmed_bytes),
      human_size(report.verified_bytes), seconds(report.times.read), seconds(report.times.erase),
      seconds(report.times.program), seconds(report.times.verify)));
  session.terminal.print_success(fmt::format("VERIFIED{}{}",
                                             report.verified_full ? "" : " (written blocks)",
                                             device.simulated() ? " SIMULATED" : ""));
}

/// Whether somebody at the terminal gives leave to lift what protects the chip.
bool asked_to_unprotect(pipeline::Device& device, Session& session) {
  for (const flash::Protection& protection : device.flash().protections())
    if (protection.removable)
      return session.terminal.ask(
          fmt::format("{} is protected by {}. Lift that for the time of the write?",
                      to_string(protection.range), protection.by),
          session.stop.get_token());
  return false;
}

}  // namespace

void require_size(ConstBytes image, const pipeline::Device& device) {
  if (image.size() == device.size()) return;
  const bool padded = images::padding_of(image) == images::Padding::byte;
  throw RefusedError(
      fmt::format("the image has {}, the chip{} {}", human_size(image.size()),
                  device.chips().size() > 1 ? "s together have" : " has",
                  human_size(device.size())),
      padded ? "it still has its padding byte: vendor files are missing, see 'romwright prepare'"
             : "nothing was changed");
}

void write_device(pipeline::Device& device, WriteJob job, Session& session, Json extra) {
  pipeline::require_certain(device);
  Run run = session.run();
  flash::FlashDevice planner(device.flash(), device.clock());
  if (!job.options.unprotect && session.terminal.interactive())
    job.options.unprotect = asked_to_unprotect(device, session);
  std::optional<flash::WritePlan> plan;
  try {
    plan = planner.plan(std::move(job.target), job.options, run);
  } catch (const RefusedError& error) {
    if (!job.options.allowed.empty()) throw;
    pipeline::refuse_with_proposal(error, device, pipeline::Wish::write, run);
  }
  carry_out(device, *plan, job, session, extra);
}

void carry_out(pipeline::Device& device, const flash::WritePlan& plan, const WriteJob& job,
               Session& session, const Json& extra) {
  Run run = session.run();
  flash::FlashDevice writer(device.flash(), device.clock());
  if (plan.identical()) {
    session.terminal.print(fmt::format("chip content is identical to the image{}",
                                       device.simulated() ? " SIMULATED" : ""));
  } else {
    show_plan(plan, job, session);
  }
  if (job.dry_run) {
    Json object = plan.identical() ? Json{{"result", "identical"}} : plan_json(plan);
    object.update(extra);
    session.terminal.print_json(object);
    device.close();
    return;
  }
  const flash::WriteReport report =
      writer.write(plan,
                   {backup_directory(session.configuration), state_directory() / "journals",
                    device.facts(job.board), job.image, job.conclusion, job.conclude},
                   run);
  if (!report.identical) show_result(device, report, session);
  Json object = write_result(device, report);
  object.update(extra);
  if (report.backup) {
    const auto receipt = pipeline::write_receipt(
        *report.backup, {session.command_line, job.image, report.target_sha512}, object);
    session.terminal.note(fmt::format("backup: {}", report.backup->content.string()));
    session.terminal.note(fmt::format("receipt: {}", receipt.string()));
  }
  if (job.more_follows) return;
  device.close();
  session.terminal.print_json(object);
}

}  // namespace romwright::cli
