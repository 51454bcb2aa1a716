// SPDX-License-Identifier: GPL-2.0-or-later
// The machines of the shipped manifests, as their vendors' DMI names them.
#include "toolkit/pipeline/machine_identity.h"

#include <gtest/gtest.h>

#include "tests/support/machine_root.h"
#include "toolkit/manifests/catalogue.h"

namespace romwright::pipeline {
namespace {

struct Named {
  const char* board;
  const char *vendor, *product, *version, *baseboard;
  MachineMatch match = MachineMatch::match;
};

TEST(MachineIdentity, ShippedBoardsKnowTheirMachinesByDmi) {
  const manifests::Catalogue shipped({ROMWRIGHT_SOURCE_DIR});
  constexpr MachineMatch other = MachineMatch::mismatch;
  const Named machines[] = {
      {"x60", "LENOVO", "1706CTO", "ThinkPad X60", ""},
      {"x60", "LENOVO", "170605U", "ThinkPad X60s", ""},
      {"x60_16mb", "LENOVO", "6363CTO", "ThinkPad X60 Tablet", ""},
      {"x60", "LENOVO", "7666CTO", "ThinkPad X61", "", other},
      {"t60_intelgpu", "LENOVO", "2007CTO", "ThinkPad T60", ""},
      {"t60_intelgpu", "LENOVO", "8741CTO", "ThinkPad T60p", "", other},
      {"x200_8mb", "lenovo", "7454CTO", "thinkpad x200  ", ""},
      {"x200_8mb", "LENOVO", "7466CTO", "ThinkPad X200s", ""},
      {"x200_8mb", "LENOVO", "7449CTO", "ThinkPad X200 Tablet", ""},
      {"x200_8mb", "LENOVO", "3680CTO", "ThinkPad X201", "", other},
      {"t400_8mb", "LENOVO", "2808CTO", "ThinkPad T400s", "", other},
      {"x220_8mb", "LENOVO", "4298CTO", "ThinkPad X220 Tablet", ""},
      {"x230_12mb", "LENOVO", "2324CTO", "ThinkPad X230i", ""},
      {"x230_12mb", "LENOVO", "3434CTO", "ThinkPad X230 Tablet", "", other},
      {"x230t_12mb", "LENOVO", "3434CTO", "ThinkPad X230 Tablet", ""},
      {"t420_8mb", "LENOVO", "4180CTO", "ThinkPad T420i", ""},
      {"t420_8mb", "LENOVO", "4174CTO", "ThinkPad T420s", "", other},
      {"x270_vfsp_16mb", "LENOVO", "20K6CTO", "ThinkPad X270 W10DG", ""},
      {"dell780mt_8mb", "Dell Inc.", "OptiPlex 780                 ", "", ""},
      {"macbook21", "Apple Computer, Inc.", "MacBook2,1", "1.0", ""},
      {"macbook21", "Apple Inc.", "MacBook1,1", "1.0", "", other},
      {"hp8200sff_8mb", "Hewlett-Packard", "HP Compaq 8200 Elite SFF PC", "", ""},
      {"hp8300usdt_16mb", "Hewlett-Packard", "HP Compaq Elite 8300 CMT", "", "", other},
      {"d510mo", "", "", "", "D510MO"},
      {"kgpe_d16_16mb", "System manufacturer", "System Product Name", "", "KGPE-D16 Series"},
      {"kcma_d8_2mb", "System manufacturer", "System Product Name", "", "KGPE-D16 Series", other},
      {"ga_g41m_es2l", "Gigabyte Technology Co., Ltd.", "G41M-ES2L", "", "G41M-ES2L"},
      {"supermicro_x11ssh_f_vfsp_16mb", "Supermicro", "Super Server", "", "X11SSH-F"},
      {"qemu_x86_12mb", "QEMU", "Standard PC (i440FX + PIIX, 1996)", "", "", MachineMatch::unknown},
  };
  for (const Named& one : machines) {
    romwright::test::MachineRoot root;
    root.dmi(one.vendor, one.product, one.version);
    root.put("/sys/class/dmi/id/board_name", one.baseboard);
    EXPECT_EQ(match_machine(shipped.board(one.board).machine, machine_identity(root.files())),
              one.match)
        << one.board << ": " << one.product << " " << one.version << " " << one.baseboard;
  }
}

/// coreboot on a ThinkPad puts the type number of the EEPROM for the product.
TEST(MachineIdentity, ThinkPadsUnderCorebootWithoutItsTable) {
  const manifests::Catalogue shipped({ROMWRIGHT_SOURCE_DIR});
  romwright::test::MachineRoot root;
  root.dmi("LENOVO", "7454CTO", "ThinkPad X200");
  root.put("/sys/class/dmi/id/bios_vendor", "coreboot");
  EXPECT_EQ(match_machine(shipped.board("x200_8mb").machine, machine_identity(root.files())),
            MachineMatch::match);
  root.dmi("LENOVO", "ThinkPad X200", "1.0");
  EXPECT_EQ(match_machine(shipped.board("x200_8mb").machine, machine_identity(root.files())),
            MachineMatch::match);
  EXPECT_EQ(match_machine(shipped.board("t400_8mb").machine, machine_identity(root.files())),
            MachineMatch::mismatch);
}

class Lines final : public EventSink {
 public:
  void warning(std::string_view text) override { all.emplace_back(text); }
  std::vector<std::string> all;
};

TEST(MachineIdentity, VendorsFirmwareThatLocksTheChipIsWarnedOf) {
  const manifests::Catalogue shipped({ROMWRIGHT_SOURCE_DIR});
  romwright::test::MachineRoot root;
  root.dmi("LENOVO", "7454CTO", "ThinkPad X200");
  Lines lines;
  EXPECT_EQ(require_machine(shipped.board("x200_8mb"), {"internal"}, root.files(), lines),
            MachineMatch::match);
  EXPECT_EQ(lines.all, (std::vector<std::string>{
                           "x200_8mb is not written from its vendor's firmware, which locks the "
                           "chip: the first write needs an external programmer"}));
  lines.all.clear();
  root.put("/sys/class/dmi/id/bios_vendor", "coreboot");
  require_machine(shipped.board("x200_8mb"), {"internal"}, root.files(), lines);
  EXPECT_TRUE(lines.all.empty());
}

}  // namespace
}  // namespace romwright::pipeline
