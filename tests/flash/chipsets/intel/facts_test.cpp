// SPDX-License-Identifier: GPL-2.0-or-later
// The tables against the facts that they were made from, where those are at hand.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "flash/chipsets/intel/layout.h"
#include "flash/chipsets/intel/pci_ids.h"
#include "tests/support/fixtures.h"

namespace romwright::flash::intel {
namespace {

using Json = nlohmann::json;

class IntelFacts : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto folder = test::shared();
    if (!folder || !std::filesystem::exists(*folder / "facts/intel_chipsets.json"))
      GTEST_SKIP() << "the facts are not at hand";
    facts_ = Json::parse(std::ifstream(*folder / "facts/intel_chipsets.json"));
    for (std::size_t i = 0; i < facts_["generation_order"].size(); ++i)
      ids_.emplace(facts_["generation_order"][i].get<std::string>(), static_cast<GenerationId>(i));
  }
  Json facts_;
  std::map<std::string, GenerationId> ids_;
};

unsigned number(const Json& text) {
  return text.is_number() ? text.get<unsigned>()
                          : static_cast<unsigned>(std::stoul(text.get<std::string>(), nullptr, 0));
}

BootSource source(const std::string& text) {
  if (text == "spi") return BootSource::spi;
  if (text == "lpc_fwh") return BootSource::lpc;
  if (text == "espi") return BootSource::espi;
  return text == "pci" ? BootSource::pci : BootSource::unknown;
}

TEST_F(IntelFacts, EveryGeneration) {
  ASSERT_EQ(ids_.size(), 39U);
  for (const auto& [name, id] : ids_) {
    const Json& fact = facts_["generations"][name];
    const Generation& ours = generation(id);
    const std::string engine = fact["engine"];
    EXPECT_EQ(ours.engine, engine == "none"   ? Engine::none
                           : engine == "ich7" ? Engine::ich7
                           : engine == "ich9" ? Engine::ich9
                                              : Engine::pch100)
        << name;
    if (ours.engine == Engine::none) continue;
    EXPECT_EQ(ours.spi_offset, number(fact["spibar"]["offset"])) << name;
    EXPECT_EQ(ours.bios_cntl, number(fact["bios_cntl"]["offset"])) << name;
    EXPECT_EQ(ours.smm_bwp_bit, fact["bios_cntl"].value("smm_bwp_bit", 5U)) << name;
    EXPECT_EQ(ours.regions, fact.value("freg_mmio_count", 0U)) << name;
    EXPECT_EQ(ours.access_registers, fact.contains("access_regs")) << name;
    const std::string function = fact["spibar"].value("function", "");
    EXPECT_EQ(ours.place == Place::spi_function, !function.empty()) << name;
    if (function.starts_with("0:")) {
      EXPECT_EQ(function,
                (ours.spi_device == 0x0d ? "0:0d." : "0:1f.") + std::to_string(ours.spi_function))
          << name;
    }
    const Json& straps = fact["gcs"];
    if (straps.contains("bbs_values")) {
      for (const auto& [value, meaning] : straps["bbs_values"].items())
        EXPECT_EQ(ours.straps.values.at(std::stoul(value)), source(meaning)) << name << value;
      const std::string bits =
          straps["bbs_bits"].is_string() ? straps["bbs_bits"] : Json(straps["bbs_bits"].dump());
      EXPECT_EQ(ours.straps.shift, std::stoul(bits)) << name;
      EXPECT_EQ(ours.straps.bits, bits.find('-') == std::string::npos ? 1 : 2) << name;
    } else {
      EXPECT_EQ(ours.straps.bits, 0) << name;
    }
    if (!fact.contains("regions")) continue;
    for (const auto& [index, region] : fact["regions"].items()) {
      if (region == "n/a") continue;
      EXPECT_EQ(region_name(ours, static_cast<unsigned>(std::stoul(index))), region) << name;
    }
  }
}

TEST_F(IntelFacts, EveryPciId) {
  std::size_t count = 0;
  for (const Json& fact : facts_["pci_ids"]) {
    const std::string text = fact["id"];
    if (!text.starts_with("8086:")) continue;
    const auto device = static_cast<std::uint16_t>(std::stoul(text.substr(5), nullptr, 16));
    const PciId* ours = find_id(device);
    ASSERT_NE(ours, nullptr) << text;
    EXPECT_EQ(ours->generation, ids_.at(fact["gen"])) << text;
    EXPECT_EQ(ours->function, fact["match"] == "spi" ? Function::spi : Function::lpc) << text;
    const std::string tested = fact["tested"];
    EXPECT_EQ(ours->status, tested == "ok"         ? ChipsetStatus::ok
                            : tested == "untested" ? ChipsetStatus::untested
                                                   : ChipsetStatus::depends)
        << text;
    ++count;
  }
  EXPECT_EQ(count, pci_ids().size());
}

TEST_F(IntelFacts, EveryRegister) {
  for (const char* name : {"ich7", "ich9", "pch100"}) {
    const std::string engine = name;
    const Layout& ours = layout_of(engine == "ich7"   ? Engine::ich7
                                   : engine == "ich9" ? Engine::ich9
                                                      : Engine::pch100);
    const Json& registers = facts_["spi_engines"][name]["registers"];
    const auto at = [&](const char* key) { return number(registers[key]["off"]); };
    EXPECT_EQ(ours.preop, at("PREOP")) << name;
    EXPECT_EQ(ours.optype, at("OPTYPE")) << name;
    EXPECT_EQ(ours.opmenu, at("OPMENU")) << name;
    if (registers.contains("BBAR")) {
      EXPECT_EQ(ours.bbar, at("BBAR")) << name;
      EXPECT_EQ(bbar_mask, number(registers["BBAR"]["mask"])) << name;
    }
    if (engine == "ich7") {
      EXPECT_EQ(ours.swseq, at("SPIS"));
      EXPECT_EQ(ours.control_shift, 8 * at("SPIC"));
      EXPECT_EQ(ours.address, at("SPIA"));
      EXPECT_EQ(ours.data, at("SPID0"));
      EXPECT_EQ(ours.pr, at("PBR0"));
      EXPECT_EQ(ours.pr_count, 3U);
      continue;
    }
    EXPECT_EQ(hsfs, at("HSFS"));
    EXPECT_EQ(hsfs + 2, at("HSFC"));
    EXPECT_EQ(ours.swseq, at("SSFS_SSFC"));
    EXPECT_EQ(ours.keep, number(registers["SSFS_SSFC"]["reserved_mask"]));
    EXPECT_EQ(ours.address, at("FADDR"));
    EXPECT_EQ(ours.address_mask, number(facts_["spi_engines"][name]["faddr_mask_hwseq"]));
    EXPECT_EQ(ours.data, at("FDATA0"));
    EXPECT_EQ(frap, at("FRAP"));
    EXPECT_EQ(freg, at("FREG0"));
    EXPECT_EQ(ours.fdoc, at("FDOC"));
    EXPECT_EQ(ours.fdod, at("FDOD"));
    EXPECT_EQ(ours.pr, at(engine == "ich9" ? "PR0" : "FPR0"));
    EXPECT_EQ(ours.pr_count, engine == "ich9" ? 5U : 6U);
    if (engine == "ich9") {
      EXPECT_EQ(ours.fpb, at("FPB"));
      continue;
    }
    EXPECT_EQ(ours.pr + 4 * 5, at("GPR0"));
    EXPECT_EQ(dlock, at("DLOCK"));
    EXPECT_EQ(freg_from_12, at("FREG12"));
    EXPECT_EQ(access_read, at("BIOS_BM_RAP"));
    EXPECT_EQ(access_write, at("BIOS_BM_WAP"));
  }
}

TEST_F(IntelFacts, WhoHasBbarAndTheBlockBoundary) {
  for (const auto& [name, id] : ids_) {
    const Generation& ours = generation(id);
    if (ours.engine == Engine::none) continue;
    const std::string engine = facts_["generations"][name]["engine"];
    const Json& registers = facts_["spi_engines"][engine]["registers"];
    const std::string& of = name;
    const auto has = [&](const char* key) {
      if (!registers.contains(key)) return false;
      const Json absent = registers[key].value("absent_on", Json::array());
      return std::find(absent.begin(), absent.end(), Json(of)) == absent.end();
    };
    EXPECT_EQ(ours.has_bbar, has("BBAR")) << name;
    EXPECT_EQ(ours.has_fpb, has("FPB")) << name;
  }
}

}  // namespace
}  // namespace romwright::flash::intel
