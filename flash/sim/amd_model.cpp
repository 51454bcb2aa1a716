// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/amd_model.h"

#include <algorithm>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::microseconds;

constexpr microseconds access_time(1);
constexpr std::uint32_t spi_base = 0xfec10000;
constexpr PciAddress lpc{0, 0, 0x14, 3}, smbus{0, 0, 0x14, 0};
constexpr std::uint16_t power_index = 0xcd6, power_data = 0xcd7;
constexpr std::uint16_t super_io = 0x2e, mailbox = 0x3e;
constexpr std::uint32_t control = 0, start = 2, fifo = 0x0c, pointer = 0x0d, opcode_at = 0x45,
                        trigger = 0x47, out_count = 0x48, in_count = 0x4b, status = 0x4c,
                        buffer = 0x80;

struct Identity {
  std::uint16_t lpc_vendor, lpc_device, smbus_vendor, smbus_device;
  std::uint8_t revision;
};

Identity identity(AmdKind kind) {
  switch (kind) {
    case AmdKind::sb600:
      return {0x1002, 0x438d, 0x1002, 0x4385, 0x13};
    case AmdKind::sb700:
      return {0x1002, 0x439d, 0x1002, 0x4385, 0x3c};
    case AmdKind::sb800:
      return {0x1002, 0x439d, 0x1002, 0x4385, 0x42};
    case AmdKind::hudson:
      return {0x1022, 0x780e, 0x1022, 0x780b, 0x14};
    case AmdKind::yangtze:
      return {0x1022, 0x780e, 0x1022, 0x780b, 0x3a};
    default:
      return {0x1022, 0x790e, 0x1022, 0x790b, 0x61};
  }
}

bool changes(std::uint8_t opcode) {
  constexpr std::array<std::uint8_t, 11> changing{0x01, 0x02, 0x12, 0x20, 0x21, 0x52,
                                                  0x5c, 0xd8, 0xdc, 0x60, 0xc7};
  return std::ranges::find(changing, opcode) != changing.end();
}

}  // namespace

/// What `map` hands out: a window on the model.
class AmdRegisters final : public Registers {
 public:
  explicit AmdRegisters(AmdModel& model) : model_(model) {}
  std::uint8_t read8(std::uint32_t at) override { return static_cast<std::uint8_t>(get(at, 1)); }
  std::uint16_t read16(std::uint32_t at) override { return static_cast<std::uint16_t>(get(at, 2)); }
  std::uint32_t read32(std::uint32_t at) override { return get(at, 4); }
  void write8(std::uint32_t at, std::uint8_t value) override { put(at, 1, value); }
  void write16(std::uint32_t at, std::uint16_t value) override { put(at, 2, value); }
  void write32(std::uint32_t at, std::uint32_t value) override { put(at, 4, value); }

 private:
  std::uint32_t get(std::uint32_t at, unsigned bytes) {
    count();
    std::uint32_t value = 0;
    for (unsigned i = 0; i < bytes; ++i) value |= std::uint32_t{model_.load(at + i)} << (8 * i);
    return value;
  }
  void put(std::uint32_t at, unsigned bytes, std::uint32_t value) {
    count();
    for (unsigned i = 0; i < bytes; ++i)
      model_.store(at + i, static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void count() {
    model_.clock_.advance(access_time);
    ++model_.counts_.register_accesses;
    model_.settle();
  }
  AmdModel& model_;
};

AmdModel::AmdModel(const AmdSettings& settings, NorModel& chip, VirtualClock& clock)
    : settings_(settings), chip_(chip), clock_(clock), protects_(settings.rom_protect) {
  registers_.at(start) = static_cast<std::uint8_t>((settings_.closed ? 0x40 : 0xc0) |
                                                   (settings_.stuck_refusal ? 0x20 : 0));
  registers_.at(pointer) = 0x30;  // 16.5 MHz
  registers_.at(0x20) = settings_.kind == AmdKind::spi100 ? 1 : 0;
  registers_.at(0x22) = 0x33;
  registers_.at(0x23) = 0x33;
}

// ---- configuration space

std::vector<PciFunction> AmdModel::functions() {
  const Identity id = identity(settings_.kind);
  return {{{0, 0, 0, 0}, 0x1022, 0x1410, 0x0600},
          {smbus, id.smbus_vendor, id.smbus_device, 0x0c05},
          {lpc, id.lpc_vendor, id.lpc_device, 0x0601}};
}

std::uint32_t AmdModel::configuration(PciAddress at, std::uint8_t dword) const {
  const Identity id = identity(settings_.kind);
  if (at == smbus) {
    if (dword == 0x00) return id.smbus_vendor | std::uint32_t{id.smbus_device} << 16;
    if (dword == 0x08) return settings_.revision.value_or(id.revision);
    if (dword == 0xa8) return std::uint32_t{settings_.gpio_taken} << 24;
    return 0;
  }
  if (at != lpc) return 0xffffffff;
  if (dword == 0x00) return id.lpc_vendor | std::uint32_t{id.lpc_device} << 16;
  if (dword == 0x40) return settings_.imc ? 0x80 : 0;
  if (dword >= 0x50 && dword < 0x60) return protects_.at((dword - 0x50U) / 4);
  if (dword == 0xa0) return settings_.rom_armor ? 0xffffffff : settings_.spi_off ? 0 : spi_base | 2;
  if (dword == 0xa4) return settings_.imc ? super_io | 1U : 0;
  return 0;
}

std::uint32_t AmdModel::read32(PciAddress at, std::uint8_t offset) {
  clock_.advance(access_time);
  return configuration(at, offset & 0xfcU);
}
std::uint16_t AmdModel::read16(PciAddress at, std::uint8_t offset) {
  return static_cast<std::uint16_t>(read32(at, offset) >> (8 * (offset & 2U)));
}
std::uint8_t AmdModel::read8(PciAddress at, std::uint8_t offset) {
  return static_cast<std::uint8_t>(read32(at, offset) >> (8 * (offset & 3U)));
}
void AmdModel::write32(PciAddress at, std::uint8_t offset, std::uint32_t value) {
  clock_.advance(access_time);
  ++counts_.configuration_writes;
  if (at == lpc && offset >= 0x50 && offset < 0x60 && !settings_.protect_locked)
    protects_.at((offset - 0x50U) / 4) = value;
}
void AmdModel::write16(PciAddress at, std::uint8_t offset, std::uint16_t value) {
  const unsigned shift = 8 * (offset & 2U);
  const std::uint32_t rest = configuration(at, offset & 0xfcU) & ~(0xffffU << shift);
  write32(at, offset & 0xfcU, rest | std::uint32_t{value} << shift);
}
void AmdModel::write8(PciAddress at, std::uint8_t offset, std::uint8_t value) {
  const unsigned shift = 8 * (offset & 3U);
  const std::uint32_t rest = configuration(at, offset & 0xfcU) & ~(0xffU << shift);
  write32(at, offset & 0xfcU, rest | std::uint32_t{value} << shift);
}

std::unique_ptr<Registers> AmdModel::map(std::uint64_t address, std::size_t /*size*/) {
  if (address != spi_base) throw NoDeviceError("the modelled machine has nothing there");
  return std::make_unique<AmdRegisters>(*this);
}

// ---- I/O ports

std::uint8_t AmdModel::read8(std::uint16_t port) {
  clock_.advance(access_time);
  if (settings_.lockdown) throw NoDeviceError("/dev/port: Operation not permitted");
  if (port == power_index) return power_index_;
  if (port == power_data) return power_index_ == 0x8f ? settings_.strap_override : 0;
  if (port == super_io + 1 && configuring_ && super_io_device_ == 9) {
    if (super_io_index_ == 0x30) return settings_.imc ? 1 : 0;
    if (super_io_index_ == 0x60) return mailbox >> 8;
    if (super_io_index_ == 0x61) return mailbox & 0xff;
  }
  if (port == mailbox + 1 && settings_.imc) return mailbox_.at(mailbox_index_);
  return 0xff;
}

void AmdModel::write8(std::uint16_t port, std::uint8_t value) {
  clock_.advance(access_time);
  if (settings_.lockdown) throw NoDeviceError("/dev/port: Operation not permitted");
  if (port == power_index) power_index_ = value;
  if (port == super_io) {
    if (value == 0x5a) configuring_ = true;
    if (value == 0xa5) configuring_ = false;
    super_io_index_ = value;
  }
  if (port == super_io + 1 && configuring_ && super_io_index_ == 0x07) super_io_device_ = value;
  if (port == mailbox) mailbox_index_ = value;
  if (port == mailbox + 1) {
    mailbox_.at(mailbox_index_) = value;
    if (mailbox_index_ == 0x80 && value == 0x96) mailbox_command();
  }
}

void AmdModel::mailbox_command() {
  if (!settings_.imc || settings_.imc_deaf) return;
  if (mailbox_.at(0x83) == 0xb4) imc_sleeps_ = true;
  if (mailbox_.at(0x83) == 0xb5) imc_sleeps_ = false;
  mailbox_.at(0x82) = 0xfa;
}

// ---- registers

/// A command under way ends when its time is over.
void AmdModel::settle() {
  if (!busy_until_ || clock_.now() < *busy_until_) return;
  registers_.at(start) &= 0xfe;
  registers_.at(status + 3) &= 0x7f;
  registers_.at(control + 3) &= 0x7f;
  busy_until_.reset();
}

std::uint8_t AmdModel::load(std::uint32_t offset) {
  if (settings_.memory_only || indexed()) return registers_.at(offset);
  if (offset == fifo) {
    const std::uint8_t value = fifo_.at(pointer_);
    pointer_ = (pointer_ + 1) % 8;
    return value;
  }
  if (offset == pointer)
    return static_cast<std::uint8_t>((registers_.at(pointer) & 0xf8) | pointer_);
  return registers_.at(offset);
}

void AmdModel::store(std::uint32_t offset, std::uint8_t value) {
  if (settings_.memory_only) {
    registers_.at(offset) = value;
    return;
  }
  if (offset == fifo && !indexed()) {
    fifo_.at(pointer_) = value;
    pointer_ = (pointer_ + 1) % 8;
    return;
  }
  if (offset == start) {
    if ((value & 0x10) != 0) pointer_ = 0;
    const bool begins = (value & 1) != 0 && !busy_until_ && settings_.kind != AmdKind::spi100;
    // Access rights do not come back, and the pointer's bits keep nothing.
    registers_.at(start) = static_cast<std::uint8_t>((value & 0x0f & (begins ? 0xff : 0xfe)) |
                                                     (registers_.at(start) & 0xe0));
    if (begins) begin();
    return;
  }
  registers_.at(offset) = value;
  if (offset == trigger && settings_.kind == AmdKind::spi100 && (value & 0x80) != 0) {
    registers_.at(trigger) &= 0x7f;
    if (!busy_until_) begin();
  }
}

void AmdModel::begin() {
  ++counts_.commands;
  std::size_t out_bytes = 0;
  std::size_t in_bytes = 0;
  if (indexed()) {
    const bool spi100 = settings_.kind == AmdKind::spi100;
    const std::uint8_t opcode = registers_.at(spi100 ? opcode_at : control);
    out_bytes = registers_.at(out_count);
    in_bytes = registers_.at(in_count);
    const bool refused = std::ranges::find(settings_.refused, opcode) != settings_.refused.end() ||
                         out_bytes + in_bytes > 71;
    registers_.at(start) = static_cast<std::uint8_t>(
        (registers_.at(start) & 0xdf) | (refused || settings_.stuck_refusal ? 0x20 : 0));
    const Bytes bytes = Bytes(registers_).subspan(buffer);
    if (!refused) send(opcode, bytes.first(out_bytes), bytes.subspan(out_bytes, in_bytes));
    if (spi100) registers_.at(status + 3) |= 0x80;
  } else {
    out_bytes = registers_.at(1) & 0xfU;
    in_bytes = registers_.at(1) >> 4;
    if (out_bytes == 0 && in_bytes != 0) --in_bytes;
    if (out_bytes <= 8 && in_bytes <= 8) {
      std::array<std::uint8_t, 8> out{};
      for (std::size_t i = 0; i < out.size(); ++i) out.at(i) = fifo_.at((pointer_ + i) % 8);
      std::array<std::uint8_t, 8> in{};
      send(registers_.at(control), ConstBytes(out).first(out_bytes), Bytes(in).first(in_bytes));
      for (std::size_t i = 0; i < in_bytes; ++i)
        fifo_.at((pointer_ + out_bytes + i) % 8) = in.at(i);
    }
    pointer_ = static_cast<unsigned>((pointer_ + out_bytes + in_bytes + (disturbed_ ? 1 : 0)) % 8);
    disturbed_ = false;
  }
  constexpr std::int64_t nanoseconds_a_byte = 8 * 1'000'000'000LL / 16'500'000;
  busy_until_ =
      settings_.hangs
          ? Nanoseconds::max()
          : clock_.now() + Nanoseconds(nanoseconds_a_byte *
                                       static_cast<std::int64_t>(1 + out_bytes + in_bytes));
}

void AmdModel::send(std::uint8_t opcode, ConstBytes out, Bytes in) {
  if (settings_.disturb_every != 0 && !indexed() &&
      counts_.commands % settings_.disturb_every == 0) {
    // Another user's command has taken its place.
    std::ranges::fill(in, std::uint8_t{0xff});
    disturbed_ = true;
    return;
  }
  if (changes(opcode)) {
    if (settings_.imc && !imc_sleeps_) ++counts_.while_imc_runs;
    if (swallowed(opcode, out)) {
      ++counts_.blocked;
      return;
    }
  }
  Buffer bytes{opcode};
  bytes.insert(bytes.end(), out.begin(), out.end());
  chip_.cycle(bytes, in);
}

/// Whether ROM protect, which goes by the machine's addresses, covers a part of it.
bool AmdModel::swallowed(std::uint8_t opcode, ConstBytes out) const {
  const std::uint64_t size = chip_.chip().size;
  Range range{0, size};
  if (opcode == 0x01) return false;
  if (opcode != 0x60 && opcode != 0xc7) {
    const bool four = opcode == 0x12 || opcode == 0x21 || opcode == 0x5c || opcode == 0xdc;
    const unsigned address_bytes = four ? 4 : 3;
    std::uint64_t at = 0;
    for (unsigned i = 0; i < address_bytes && i < out.size(); ++i) at = at << 8 | out[i];
    std::uint64_t length = out.size() - std::min<std::size_t>(out.size(), address_bytes);
    if (opcode == 0x20 || opcode == 0x21) length = 4096;
    if (opcode == 0x52 || opcode == 0x5c) length = 32768;
    if (opcode == 0xd8 || opcode == 0xdc) length = 65536;
    range = {length >= 4096 ? at - at % length : at, length};
  }
  const std::uint64_t base = (std::uint64_t{1} << 32) - size;
  return std::ranges::any_of(protects_, [&](std::uint32_t value) {
    const Range locked{(value & 0xfffff800) - base, ((value & 0x7fcU) << 8 | 0x3ffU) + 1ULL};
    return (value & 1U) != 0 && locked.overlaps(range);
  });
}

}  // namespace romwright::flash
