// SPDX-License-Identifier: GPL-2.0-or-later
#include "toolkit/cli/staged_write.h"

#include "flash/base/error.h"
#include "toolkit/pipeline/boot_block_swap.h"

namespace romwright::cli {

using pipeline::SwapStage;

void write_in_stages(pipeline::Device& device, const manifests::Board& board, WriteJob job,
                     Session& session, Json extra) {
  Run run = session.run();
  pipeline::StagedWrite staged;
  if (job.options.allowed.empty())
    staged = pipeline::plan_boot_block_swap(device.flash(), device.top_swap(),
                                            board.internal.boot_block_swap, job.target, run);
  if (staged.stage == SwapStage::none)
    return write_device(device, std::move(job), session, std::move(extra));
  for (const std::string& line : staged.plan) session.terminal.print(line);
  if (!job.dry_run && !session.yes &&
      !(session.terminal.interactive() &&
        session.terminal.ask("Go on with this stage?", session.stop.get_token())))
    throw RefusedError("the stage was not begun: nothing was changed",
                       "--yes gives leave to carry it out");
  const bool last = staged.stage == SwapStage::second;
  extra["stage"] = last ? 2 : 1;
  extra["plan"] = staged.plan;
  WriteJob part = job;
  part.target = std::move(staged.target);
  part.options.allowed = staged.allowed;
  part.options.verify = flash::Verify::full;
  part.more_follows = last && !job.dry_run;
  conclude_stage(part, device, pipeline::conclusion(staged.stage), flash::Recovery::finish);
  write_device(device, std::move(part), session, extra);
  if (last && !job.dry_run) write_device(device, std::move(job), session, std::move(extra));
  if (!job.dry_run) session.terminal.print(staged.afterwards);
}

void conclude_stage(WriteJob& job, pipeline::Device& device, std::string_view conclusion,
                    flash::Recovery recovery) {
  const SwapStage stage = pipeline::stage_that_ends(conclusion);
  if (stage == SwapStage::none) return;
  flash::TopSwap* const swap = device.top_swap();
  if (swap == nullptr)
    throw NoDeviceError("the write is one of two stages, which need this machine's top swap",
                        "-p internal, on the machine itself");

  const bool on = (stage == SwapStage::first) == (recovery == flash::Recovery::finish);
  job.conclusion = pipeline::conclusion(on ? SwapStage::first : SwapStage::second);
  job.conclude = [swap, on] { swap->set(on); };
}

}  // namespace romwright::cli
