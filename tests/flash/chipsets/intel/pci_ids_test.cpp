// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/chipsets/intel/pci_ids.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace romwright::flash::intel {
namespace {

TEST(IntelIds, AreSortedAndUnique) {
  EXPECT_TRUE(std::ranges::is_sorted(pci_ids(), std::ranges::less_equal{}, &PciId::device));
  EXPECT_EQ(std::ranges::adjacent_find(pci_ids(), {}, &PciId::device), pci_ids().end());
  EXPECT_EQ(pci_ids().size(), 335U);
}

TEST(IntelIds, EveryOneHasAGenerationThatIsWhole) {
  for (const PciId& id : pci_ids()) {
    const Generation& generation = intel::generation(id.generation);
    EXPECT_EQ(generation.id, id.generation) << id.name;
    EXPECT_FALSE(generation.title.empty()) << id.name;
    EXPECT_TRUE(id.function == Function::lpc || generation.place == Place::spi_function) << id.name;
    const unsigned least = generation.engine == Engine::ich9     ? 5
                           : generation.engine == Engine::pch100 ? 10
                                                                 : 0;
    EXPECT_GE(generation.regions, least) << id.name;
  }
}

struct Known {
  std::uint16_t device;
  GenerationId generation;
  Engine engine;
};

class IntelId : public ::testing::TestWithParam<Known> {};

TEST_P(IntelId, IsOfItsGeneration) {
  const PciId* const id = find_id(GetParam().device);
  ASSERT_NE(id, nullptr);
  EXPECT_EQ(id->generation, GetParam().generation);
  EXPECT_EQ(generation(id->generation).engine, GetParam().engine);
}

INSTANTIATE_TEST_SUITE_P(
    Known, IntelId,
    ::testing::Values(Known{0x27b9, GenerationId::ich7, Engine::ich7},  // X60, T60
                      Known{0x2918, GenerationId::ich9, Engine::ich9},  // QEMU's q35
                      Known{0x2917, GenerationId::ich9, Engine::ich9},  // X200
                      Known{0x1c4f, GenerationId::pch6, Engine::ich9},  // X220
                      Known{0x1e55, GenerationId::pch7, Engine::ich9},  // X230
                      Known{0x8c4f, GenerationId::pch8, Engine::ich9},  // T440p
                      Known{0x0f1c, GenerationId::baytrail, Engine::ich9}));

TEST(IntelIds, AForeignOneIsNot) { EXPECT_EQ(find_id(0x1237), nullptr); }

}  // namespace
}  // namespace romwright::flash::intel
