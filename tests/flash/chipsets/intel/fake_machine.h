// SPDX-License-Identifier: GPL-2.0-or-later
// A machine of plain cells: configuration space and memory that keep what is put into them, and
// note what is asked of them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "flash/base/error.h"
#include "flash/host/machine.h"

namespace romwright::flash::intel {

class FakeMachine final : public PciBus, public PhysicalMemory {
 public:
  using Cell = std::pair<PciAddress, std::uint8_t>;

  void list(PciAddress at, std::uint16_t device) {
    listed_.push_back({at, 0x8086, device, 0x0601});
    there_.insert(at);
  }
  /// There, although the system does not list it.
  void hide(PciAddress at) { there_.insert(at); }
  void put_config(PciAddress at, std::uint8_t offset, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i)
      config_[{at, static_cast<std::uint8_t>(offset + i)}] =
          static_cast<std::uint8_t>(value >> (8 * i));
  }
  [[nodiscard]] std::uint8_t config(PciAddress at, std::uint8_t offset) {
    if (const auto cell = config_.find({at, offset}); cell != config_.end()) return cell->second;
    return there_.contains(at) ? 0 : 0xff;
  }
  void put(std::uint64_t address, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i)
      memory_[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
  [[nodiscard]] std::uint32_t get(std::uint64_t address) {
    std::uint32_t value = 0;
    for (unsigned i = 4; i-- > 0;) value = value << 8 | memory_[address + i];
    return value;
  }
  Machine machine() { return {*this, *this, clock_}; }

  std::vector<Cell> config_writes;
  std::vector<std::uint64_t> reads, writes;  ///< of memory
  std::function<void(std::uint64_t address, std::uint32_t value)> on_write;
  bool smm_clears = false;  ///< firmware takes BIOSWE back in configuration space

  std::vector<PciFunction> functions() override { return listed_; }
  std::uint8_t read8(PciAddress at, std::uint8_t offset) override { return config(at, offset); }
  std::uint16_t read16(PciAddress at, std::uint8_t offset) override {
    return static_cast<std::uint16_t>(config(at, offset) |
                                      config(at, static_cast<std::uint8_t>(offset + 1)) << 8);
  }
  std::uint32_t read32(PciAddress at, std::uint8_t offset) override {
    return read16(at, offset) | std::uint32_t{read16(at, static_cast<std::uint8_t>(offset + 2))}
                                    << 16;
  }
  void write8(PciAddress at, std::uint8_t offset, std::uint8_t value) override {
    config_writes.emplace_back(at, offset);
    config_[{at, offset}] = static_cast<std::uint8_t>(smm_clears ? value & 0xfe : value);
  }
  void write16(PciAddress at, std::uint8_t offset, std::uint16_t value) override {
    write8(at, offset, static_cast<std::uint8_t>(value));
    write8(at, static_cast<std::uint8_t>(offset + 1), static_cast<std::uint8_t>(value >> 8));
  }
  void write32(PciAddress at, std::uint8_t offset, std::uint32_t value) override {
    write16(at, offset, static_cast<std::uint16_t>(value));
    write16(at, static_cast<std::uint8_t>(offset + 2), static_cast<std::uint16_t>(value >> 16));
  }
  std::unique_ptr<Registers> map(std::uint64_t address, std::size_t size) override {
    return std::make_unique<Window>(*this, address, size);
  }

 private:
  class Window final : public Registers {
   public:
    Window(FakeMachine& machine, std::uint64_t from, std::size_t size)
        : machine_(machine), from_(from), size_(size) {}
    std::uint8_t read8(std::uint32_t at) override { return static_cast<std::uint8_t>(load(at, 1)); }
    std::uint16_t read16(std::uint32_t at) override {
      return static_cast<std::uint16_t>(load(at, 2));
    }
    std::uint32_t read32(std::uint32_t at) override { return load(at, 4); }
    void write8(std::uint32_t at, std::uint8_t value) override { store(at, 1, value); }
    void write16(std::uint32_t at, std::uint16_t value) override { store(at, 2, value); }
    void write32(std::uint32_t at, std::uint32_t value) override { store(at, 4, value); }

   private:
    void check(std::uint32_t at, unsigned bytes) const {
      if (at + bytes > size_ || at % bytes != 0) throw DeviceError("outside the mapped block");
    }
    std::uint32_t load(std::uint32_t at, unsigned bytes) {
      check(at, bytes);
      machine_.reads.push_back(from_ + at);
      const std::uint32_t word = machine_.get(from_ + at);
      return bytes == 4 ? word : word & ((1U << (8 * bytes)) - 1);
    }
    void store(std::uint32_t at, unsigned bytes, std::uint32_t value) {
      check(at, bytes);
      machine_.writes.push_back(from_ + at);
      for (unsigned i = 0; i < bytes; ++i)
        machine_.memory_[from_ + at + i] = static_cast<std::uint8_t>(value >> (8 * i));
      if (machine_.on_write) machine_.on_write(from_ + at, value);
    }
    FakeMachine& machine_;
    std::uint64_t from_;
    std::size_t size_;
  };

  VirtualClock clock_;
  std::vector<PciFunction> listed_;
  std::set<PciAddress> there_;
  std::map<Cell, std::uint8_t> config_;
  std::map<std::uint64_t, std::uint8_t> memory_;
};

}  // namespace romwright::flash::intel
