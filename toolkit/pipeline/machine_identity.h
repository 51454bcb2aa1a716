// SPDX-License-Identifier: GPL-2.0-or-later
// Which machine this is, and whether it is the one that a board manifest means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flash/base/bytes.h"
#include "flash/base/event.h"
#include "flash/host/chromeos.h"
#include "flash/host/coreboot_table.h"
#include "flash/host/dmi.h"
#include "toolkit/manifests/board.h"

namespace romwright::pipeline {

struct MachineIdentity {
  flash::Dmi dmi;
  std::optional<flash::CorebootTable> coreboot;
  flash::ChromeOs chromeos;

  /// "LENOVO 2325AP1 (ThinkPad X230), coreboot: LENOVO ThinkPad X230"; "unknown" for nothing.
  [[nodiscard]] std::string text() const;
  /// True where coreboot, or a relative of it, runs.
  [[nodiscard]] bool runs_coreboot() const;
  /// True where it is known that something else does.
  [[nodiscard]] bool runs_vendor_firmware() const { return !dmi.empty() && !runs_coreboot(); }
};

[[nodiscard]] MachineIdentity machine_identity(const flash::SystemFiles& files);

enum class MachineMatch { match, mismatch, unknown };

/// One of the board's patterns fits: a match. All of those fail that speak of what is known: a
/// mismatch. Otherwise it is not known. Letter case does not count.
[[nodiscard]] MachineMatch match_machine(const manifests::Machine& wanted,
                                         const MachineIdentity& running);
/// "LENOVO * ThinkPad X230, or coreboot: LENOVO ThinkPad X230"
[[nodiscard]] std::string describe(const manifests::Machine& wanted);

/// What the programmers (as given with -p) say of this machine.
struct OwnMachine {
  bool own = false;     ///< one of them is the machine's own: internal, linux_mtd
  bool forced = false;  ///< boardmismatch=force, as flashprog spells it
};
[[nodiscard]] OwnMachine own_machine(const std::vector<std::string>& programmers);

/// Throws RefusedError "this machine is RUNNING, and WANTED"; a warning where `force` is given.
void refuse_machine(const std::string& running, const std::string& wanted, bool force,
                    EventSink& events);

/// Before `programmers` write `board`: where one of them is the machine's own, shows the board's
/// notes for that, and throws RefusedError with both identities on a mismatch.
/// boardmismatch=force makes that a warning; laptop= is taken by the programmer and not needed
/// here. Says whether it is known that the machine is right: `match` for another machine's chip.
MachineMatch require_machine(const manifests::Board& board,
                             const std::vector<std::string>& programmers,
                             const flash::SystemFiles& files, EventSink& events);

/// The same for an image that no board was named for: it tells its mainboard itself where it is
/// coreboot's, and `boards` tells what machines that is on. An image that does not is a note.
void require_machine_of(ConstBytes image, const std::vector<manifests::Board>& boards,
                        const std::vector<std::string>& programmers,
                        const flash::SystemFiles& files, EventSink& events);

}  // namespace romwright::pipeline
