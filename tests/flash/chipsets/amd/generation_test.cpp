// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/amd/generation.h"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/fixtures.h"

namespace romwright::flash::amd {
namespace {

using Json = nlohmann::json;

/// The generation of a machine with these functions; nothing for one that is not known.
std::optional<GenerationId> of(std::uint16_t lpc_vendor, std::uint16_t lpc, std::uint8_t revision) {
  for (const Part& part : parts())
    if (part.lpc_vendor == lpc_vendor && part.lpc_device == lpc &&
        revision >= part.first_revision && revision <= part.last_revision)
      return part.generation;
  return std::nullopt;
}

TEST(AmdGenerations, TheRevisionOfTheSmbusFunctionDecides) {
  EXPECT_EQ(of(0x1002, 0x438d, 0x13), GenerationId::sb6xx);
  EXPECT_EQ(of(0x1002, 0x439d, 0x3c), GenerationId::sb7xx);
  EXPECT_EQ(of(0x1002, 0x439d, 0x42), GenerationId::sb89xx);
  EXPECT_EQ(of(0x1002, 0x439d, 0x43), GenerationId::sb89xx);
  EXPECT_EQ(of(0x1022, 0x780e, 0x14), GenerationId::hudson234);
  EXPECT_EQ(of(0x1022, 0x780e, 0x16), GenerationId::bolton);
  EXPECT_EQ(of(0x1022, 0x780e, 0x39), GenerationId::yangtze);
  EXPECT_EQ(of(0x1022, 0x790e, 0x4b), GenerationId::promontory);
  EXPECT_EQ(of(0x1022, 0x790e, 0x61), GenerationId::spi100);
  EXPECT_EQ(of(0x1022, 0x780e, 0x17), std::nullopt);
  EXPECT_EQ(of(0x1022, 0x790e, 0x62), std::nullopt);
}

TEST(AmdGenerations, FifosAndImc) {
  for (const GenerationId id : {GenerationId::sb6xx, GenerationId::sb7xx, GenerationId::sb89xx,
                                GenerationId::hudson234, GenerationId::bolton}) {
    EXPECT_EQ(generation(id).engine, Engine::fifo);
    EXPECT_EQ(generation(id).max_in, 8);
    EXPECT_EQ(generation(id).max_out, 5);
    EXPECT_EQ(generation(id).has_imc, id != GenerationId::sb6xx);
  }
  EXPECT_EQ(generation(GenerationId::yangtze).max_in, 68);
  EXPECT_EQ(generation(GenerationId::promontory).max_out, 68);
  EXPECT_EQ(generation(GenerationId::spi100).max_in, 67);
  EXPECT_EQ(generation(GenerationId::spi100).bar_mask, 0xffffff00U);
  EXPECT_EQ(generation(GenerationId::bolton).bar_mask, 0xffffffe0U);
}

unsigned number(const std::string& text) {
  return static_cast<unsigned>(std::stoul(text, nullptr, 16));
}

TEST(AmdGenerations, AreAsTheFactsHaveThem) {
  const auto folder = test::shared();
  if (!folder || !std::filesystem::exists(*folder / "facts/amd_chipsets.json"))
    GTEST_SKIP() << "the facts are not at hand";
  const Json facts = Json::parse(std::ifstream(*folder / "facts/amd_chipsets.json"));
  const std::vector<std::string> names = facts["generations"];
  ASSERT_EQ(facts["generation_detection"].size(), parts().size());
  for (std::size_t i = 0; i < parts().size(); ++i) {
    const Json& fact = facts["generation_detection"][i];
    const Part& part = parts()[i];
    const std::string lpc = fact["lpc"];
    EXPECT_EQ(part.lpc_vendor, number(lpc.substr(0, 4))) << lpc;
    EXPECT_EQ(part.lpc_device, number(lpc.substr(5))) << lpc;
    EXPECT_EQ(names.at(static_cast<std::size_t>(part.generation)), fact["gen"]) << part.name;
    if (fact.contains("smbus")) {
      const std::string smbus = fact["smbus"];
      EXPECT_EQ(part.smbus_vendor, number(smbus.substr(0, 4))) << part.name;
      EXPECT_EQ(part.smbus_device, number(smbus.substr(5))) << part.name;
    }
    if (!fact.contains("rev") || !fact["rev"].is_array()) continue;
    EXPECT_EQ(part.first_revision, number(fact["rev"][0])) << part.name;
    EXPECT_EQ(part.last_revision, number(fact["rev"][1])) << part.name;
  }
  for (const auto& [name, engine] : facts["engines"].items())
    for (const Json& id : engine["gens"]) {
      const auto at = std::find(names.begin(), names.end(), id.get<std::string>()) - names.begin();
      const Generation& ours = generation(static_cast<GenerationId>(at));
      EXPECT_EQ(ours.max_in, engine["max_read"]) << id;
      EXPECT_EQ(ours.max_out, engine["max_write"]) << id;
    }
}

}  // namespace
}  // namespace romwright::flash::amd
