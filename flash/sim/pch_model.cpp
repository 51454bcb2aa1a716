// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/pch_model.h"

#include <algorithm>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/base/intel_descriptor.h"

namespace romwright::flash {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds access_time = microseconds(1);
constexpr std::uint32_t rcrb = 0xfed1c000, spi_bar = 0xfe010000;
constexpr PciAddress bridge{0, 0, 0x1f, 0}, spi{0, 0, 0x1f, 5};
constexpr std::uint32_t hsfs = 0x04, hsfc = 0x06, frap = 0x50, freg = 0x54;
constexpr std::uint8_t done = 1, error = 2, denied = 4;  // HSFS; SSFS has them two bits up
constexpr std::uint8_t busy_hardware = 0x20, busy_software = 0x01;

std::uint16_t bridge_id(PchKind kind) {
  switch (kind) {
    case PchKind::ich7:
      return 0x27b8;
    case PchKind::ich9:
      return 0x2918;
    case PchKind::pch6:
      return 0x1c49;
    case PchKind::pch100:
      return 0xa14e;
    default:
      return 0x4387;
  }
}

std::uint32_t spi_offset(PchKind kind) { return kind == PchKind::ich7 ? 0x3020 : 0x3800; }

}  // namespace

/// What `map` hands out: a window on the model.
class PchRegisters final : public Registers {
 public:
  PchRegisters(PchModel& model, std::uint32_t spi_at) : model_(model), spi_at_(spi_at) {}
  std::uint8_t read8(std::uint32_t at) override { return static_cast<std::uint8_t>(get(at, 1)); }
  std::uint16_t read16(std::uint32_t at) override { return static_cast<std::uint16_t>(get(at, 2)); }
  std::uint32_t read32(std::uint32_t at) override { return get(at, 4); }
  void write8(std::uint32_t at, std::uint8_t value) override { put(at, 1, value); }
  void write16(std::uint32_t at, std::uint16_t value) override { put(at, 2, value); }
  void write32(std::uint32_t at, std::uint32_t value) override { put(at, 4, value); }

 private:
  /// The straps lie beside the SPI registers in the same block.
  std::uint32_t get(std::uint32_t at, unsigned bytes) {
    const PchSettings& settings = model_.settings_;
    if (spi_at_ != 0 && at == 0x3410) {
      const std::uint32_t lock = settings.interface_locked ? 1 : 0;
      if (settings.kind == PchKind::ich7)
        return lock | (settings.boots_from_lpc ? 3U << 10 : 1U << 10);
      if (settings.kind == PchKind::ich9) return lock | (settings.boots_from_lpc ? 3U << 10 : 0);
      return lock | (settings.boots_from_lpc ? 0 : 3U << 10);
    }
    if (spi_at_ != 0 && at == 0x3414) return settings.top_swap ? 1 : 0;
    return at >= spi_at_ && at - spi_at_ < 0x200 ? model_.load(at - spi_at_, bytes) : 0;
  }
  void put(std::uint32_t at, unsigned bytes, std::uint32_t value) {
    if (spi_at_ != 0 && at == 0x3414 && !model_.settings_.interface_locked)
      model_.settings_.top_swap = (value & 1) != 0;
    if (at >= spi_at_ && at - spi_at_ < 0x200) model_.store(at - spi_at_, bytes, value);
  }
  PchModel& model_;
  std::uint32_t spi_at_;
};

PchModel::PchModel(const PchSettings& settings, std::vector<NorModel*> chips, VirtualClock& clock)
    : settings_(settings), chips_(std::move(chips)), clock_(clock) {
  const bool ich7 = settings_.kind == PchKind::ich7;
  swseq_ = ich7 ? 0x00 : pch100() ? 0xa0 : 0x90;
  control_ = swseq_ + (ich7 ? 2 : 1);
  preop_ = ich7 ? 0x54 : swseq_ + 4;
  optype_ = preop_ + 2;
  opmenu_ = preop_ + 4;
  pr_ = ich7 ? 0x60 : pch100() ? 0x84 : 0x74;
  fdoc_ = pch100() ? 0xb4 : 0xb0;
  fdod_ = fdoc_ + 4;
  data_ = ich7 ? 0x08 : 0x10;
  for (const NorModel* chip : chips_) size_ += chip->chip().size;
  power_up();
}

/// What the controller fetches from the descriptor, and what firmware sets before it hands over.
void PchModel::power_up() {
  if (settings_.memory_only) return;
  const bool ich7 = settings_.kind == PchKind::ich7;
  const bool descriptor = !ich7 && !chips_.empty() && descriptor_dword(0x10) == 0x0ff0a55a;
  std::uint16_t status = settings_.locked ? 0x8000 : 0;
  if (!ich7) status |= static_cast<std::uint16_t>(settings_.override_strap ? 0 : 0x2000);
  if (descriptor) status |= 0x4000;
  if (!ich7 && !pch100()) status |= 1U << 3;  // 4 KiB erases
  set_word(ich7 ? 0 : hsfs, status);
  if (descriptor) {
    const std::uint32_t regions = ((descriptor_dword(0x14) >> 16) & 0xff) << 4;
    const std::uint32_t master = descriptor_dword((descriptor_dword(0x18) & 0xff) << 4);
    const unsigned count = pch100() ? (settings_.kind == PchKind::pch500 ? 12 : 10) : 5;
    for (unsigned i = 0; i < count; ++i) set_word(freg + 4 * i, descriptor_dword(regions + 4 * i));
    master_reads_ = pch100() ? (master >> 8) & 0xfff : (master >> 16) & 0xff;
    master_writes_ = pch100() ? (master >> 20) & 0xfff : (master >> 24) & 0xff;
    set_word(frap, (master_reads_ & 0xff) | (master_writes_ & 0xff) << 8);
  }
  for (unsigned i = 0; i < settings_.pr.size(); ++i)
    if (settings_.pr.at(i) != 0) set_word(pr_ + 4 * i, settings_.pr.at(i));
  if (ich7) set_word(0x50, settings_.bbar);
  if (!ich7 && !pch100()) set_word(0xa0, settings_.bbar);
  if (settings_.menu) {
    std::copy(settings_.menu->begin(), settings_.menu->end(), registers_.begin() + opmenu_);
    store_le(Bytes(registers_), optype_, settings_.menu_types);
    store_le(Bytes(registers_), preop_, settings_.preops);
  }
  if (settings_.smm_only) bios_control_ |= 0x20;
  if (settings_.takes_writes_back || settings_.takes_back_later != 0) bios_control_ |= 0x02;
  if (settings_.other_master.count() != 0) end(ich7, clock_.now() + settings_.other_master, 0);
}

std::uint32_t PchModel::word(std::uint32_t offset) const {
  return load_le<std::uint32_t>(ConstBytes(registers_), offset);
}
void PchModel::set_word(std::uint32_t offset, std::uint32_t value) {
  store_le(Bytes(registers_), offset, value);
}
std::uint32_t PchModel::peek(std::uint32_t offset) const { return word(offset); }

std::uint32_t PchModel::descriptor_dword(std::uint32_t offset) const {
  std::array<std::uint8_t, 4> bytes{};
  const std::array<std::uint8_t, 4> command{3, 0, static_cast<std::uint8_t>(offset >> 8),
                                            static_cast<std::uint8_t>(offset)};
  chips_.front()->cycle(command, bytes);
  return load_le<std::uint32_t>(bytes);
}

// ---- configuration space

std::vector<PciFunction> PchModel::functions() {
  std::vector<PciFunction> found{{{0, 0, 0, 0}, 0x8086, 0x0100, 0x0600},
                                 {bridge, 0x8086, bridge_id(settings_.kind), 0x0601}};
  if (pch100() && !settings_.hidden) found.push_back({spi, 0x8086, 0xa124, 0x0c80});
  return found;
}

std::uint8_t PchModel::config(PciAddress at, std::uint8_t offset) {
  clock_.advance(access_time);
  const auto part = [&](std::uint32_t value, unsigned first) {
    return static_cast<std::uint8_t>(value >> (8 * (offset - first)));
  };
  const bool control = offset >= 0xdc && offset < 0xe0 && at == (pch100() ? spi : bridge);
  if (control) {
    if (until_taken_back_ != 0 && --until_taken_back_ == 0) bios_control_ &= 0xfe;
    std::uint32_t value = bios_control_;
    if (pch100())
      value |= (settings_.boots_from_lpc ? 0x40U : 0) | (settings_.top_swap ? 0x10U : 0);
    return part(value, 0xdc);
  }
  if (at == bridge && !pch100() && offset >= 0xf0 && offset < 0xf4) return part(rcrb | 1U, 0xf0);
  if (at == spi && pch100() && offset >= 0x10 && offset < 0x14) return part(spi_bar, 0x10);
  return at == bridge || (at == spi && pch100()) ? 0 : 0xff;
}

void PchModel::set_config(PciAddress at, std::uint8_t offset, std::uint8_t value) {
  clock_.advance(access_time);
  ++config_writes_;
  if (offset != 0xdc || at != (pch100() ? spi : bridge)) return;
  const std::uint8_t fixed = bios_control_ & 0x22;  // locks stay until reset
  const bool sets = (value & 1U) != 0 && (bios_control_ & 1U) == 0;
  bios_control_ = static_cast<std::uint8_t>((value & 0x2f) | fixed);
  if (sets && settings_.takes_writes_back) bios_control_ &= 0xfe;
  if (sets && settings_.takes_back_later != 0) until_taken_back_ = settings_.takes_back_later;
}

std::uint8_t PchModel::read8(PciAddress at, std::uint8_t offset) { return config(at, offset); }
std::uint16_t PchModel::read16(PciAddress at, std::uint8_t offset) {
  return static_cast<std::uint16_t>(config(at, offset) |
                                    config(at, static_cast<std::uint8_t>(offset + 1)) << 8);
}
std::uint32_t PchModel::read32(PciAddress at, std::uint8_t offset) {
  return read16(at, offset) | std::uint32_t{read16(at, static_cast<std::uint8_t>(offset + 2))}
                                  << 16;
}
void PchModel::write8(PciAddress at, std::uint8_t offset, std::uint8_t value) {
  set_config(at, offset, value);
}
void PchModel::write16(PciAddress at, std::uint8_t offset, std::uint16_t value) {
  set_config(at, offset, static_cast<std::uint8_t>(value));
  set_config(at, static_cast<std::uint8_t>(offset + 1), static_cast<std::uint8_t>(value >> 8));
}
void PchModel::write32(PciAddress at, std::uint8_t offset, std::uint32_t value) {
  write16(at, offset, static_cast<std::uint16_t>(value));
  write16(at, static_cast<std::uint8_t>(offset + 2), static_cast<std::uint16_t>(value >> 16));
}

std::unique_ptr<Registers> PchModel::map(std::uint64_t address, std::size_t /*size*/) {
  if (address == rcrb && !pch100())
    return std::make_unique<PchRegisters>(*this, spi_offset(settings_.kind));
  if (address == spi_bar && pch100()) return std::make_unique<PchRegisters>(*this, 0);
  throw NoDeviceError("the modelled machine has nothing there");
}

// ---- registers

void PchModel::misused(std::uint32_t offset, const char* what) {
  if (settings_.memory_only) return;
  misuse_.push_back(fmt::format("register {:#04x}: {}", offset, what));
}

/// The widths of the data sheets; HSFS with HSFC, and SSFS with SSFC, are also one of 32 bits.
void PchModel::check_width(std::uint32_t offset, unsigned bytes) {
  const bool ich7 = settings_.kind == PchKind::ich7;
  const bool halves = offset == preop_ || offset == optype_ ||
                      (ich7 ? offset == 0 || offset == 2 : offset == hsfs || offset == hsfc);
  const bool whole = offset % 4 == 0 && offset != preop_ && !(ich7 && offset == 0);
  const bool status_byte = !ich7 && offset == swseq_;
  if ((bytes == 2 && halves) || (bytes == 4 && whole) || (bytes == 1 && status_byte)) return;
  misused(offset, "has another width");
}

void PchModel::check_store(std::uint32_t offset, unsigned bytes, std::uint32_t value) {
  const bool ich7 = settings_.kind == PchKind::ich7;
  const bool running = pending_.has_value();
  const std::uint32_t status = ich7 ? 0 : hsfs;
  if (offset == status && !settings_.locked && (value & 0x8000) != 0)
    misused(offset, "locks the configuration");
  if (is_locked_register(offset) && value != word(offset)) misused(offset, "is locked");
  const bool menu = offset >= preop_ && offset < opmenu_ + 8;
  const bool cycle = offset == (ich7 ? 0x04U : 0x08U) || (offset >= data_ && offset < data_ + 64);
  if (running && (menu || cycle)) misused(offset, "is written while a cycle runs");
  if (!ich7 && offset <= hsfc && offset + bytes > hsfc) {
    if ((value >> (8 * (hsfc - offset)) & 1U) == 0) return;
    if (running) misused(offset, "starts a cycle while one runs");
    if ((registers_.at(hsfs) & (done | error | denied)) != 0)
      misused(offset, "starts a cycle while the last one's status stands");
  }
  if (offset <= control_ && offset + bytes > control_) {
    const std::uint32_t reserved = ich7 ? 0 : 0xf80081e2;
    if (!ich7 && ((value ^ word(swseq_)) & reserved) != 0)
      misused(offset, "has other reserved bits");
    if ((value >> (8 * (control_ - offset)) & 2U) == 0) return;
    if (running) misused(offset, "starts a cycle while one runs");
    if ((registers_.at(swseq_) & (done | error) << 2U) != 0)
      misused(offset, "starts a cycle while the last one's status stands");
  }
}

std::uint32_t PchModel::load(std::uint32_t offset, unsigned bytes) {
  clock_.advance(access_time);
  ++counts_.register_accesses;
  settle();
  check_width(offset, bytes);
  std::uint32_t value = 0;
  for (unsigned i = bytes; i-- > 0;) value = value << 8 | registers_.at(offset + i);
  return value;
}

void PchModel::store(std::uint32_t offset, unsigned bytes, std::uint32_t value) {
  clock_.advance(access_time);
  ++counts_.register_accesses;
  settle();
  check_width(offset, bytes);
  check_store(offset, bytes, value);
  for (unsigned i = 0; i < bytes; ++i)
    store_byte(offset + i, static_cast<std::uint8_t>(value >> (8 * i)));
  if (settings_.memory_only) return;
  const bool ich7 = settings_.kind == PchKind::ich7;
  if (!ich7 && offset <= hsfc && offset + bytes > hsfc && (registers_.at(hsfc) & 1) != 0) {
    registers_.at(hsfc) &= 0xfe;
    begin_hardware();
  }
  if (offset <= control_ && offset + bytes > control_ && (registers_.at(control_) & 2) != 0) {
    registers_.at(control_) &= 0xfd;
    begin_software();
  }
  if (!ich7 && offset == fdoc_) {
    const std::uint32_t index = (value >> 2) & 0x3ff;
    const std::uint32_t map0 = descriptor_dword(0x14);
    std::uint32_t base = 0x10;
    if (((value >> 12) & 7) == 1) base = (map0 & 0xff) << 4;
    if (((value >> 12) & 7) == 2) base = ((map0 >> 16) & 0xff) << 4;
    if (((value >> 12) & 7) == 3) base = (descriptor_dword(0x18) & 0xff) << 4;
    set_word(fdod_, descriptor_dword(base + 4 * index));
  }
}

bool PchModel::is_locked_register(std::uint32_t at) const {
  const bool ich7 = settings_.kind == PchKind::ich7;
  const unsigned prs = ich7 ? 3 : pch100() ? 6 : 5;
  if (pch100() && at >= pr_ + 20 && at < pr_ + 24) return true;  // GPR0
  if (!settings_.locked) return false;
  const bool menu = at >= preop_ && at < opmenu_ + 8;
  const bool ranges = at >= pr_ && at < pr_ + 4 * prs;
  const std::uint32_t bbar = ich7 ? 0x50 : 0xa0;
  return menu || ranges || (!pch100() && at >= bbar && at < bbar + 4);
}

void PchModel::store_byte(std::uint32_t at, std::uint8_t value) {
  std::uint8_t& cell = registers_.at(at);
  if (settings_.memory_only) {
    cell = value;
    return;
  }
  const bool ich7 = settings_.kind == PchKind::ich7;
  if (!ich7 && at == hsfs) {
    cell &= static_cast<std::uint8_t>(~(value & 7));
    show_denied();
  } else if (!ich7 && at == hsfs + 1) {
    if ((value & 0x80) != 0) {
      cell |= 0x80;
      settings_.locked = true;
    }
  } else if (at == swseq_) {
    cell &= static_cast<std::uint8_t>(~(value & 0x0c));
  } else if (ich7 && at == 1) {
    return;
  } else if (!is_locked_register(at) && !(at >= frap && at < frap + 2 && !ich7)) {
    cell = value;
  }
}

/// A cycle under way ends when its time is over.
void PchModel::settle() {
  if (!pending_ || clock_.now() < pending_->at) return;
  set_busy(false);
  std::uint8_t& status = registers_.at(pending_->software ? swseq_ : hsfs);
  const std::uint8_t bits = pending_->bits;
  status |= static_cast<std::uint8_t>(pending_->software ? (bits & (done | error)) << 2 : bits);
  if (settings_.kind != PchKind::ich7) {
    registers_.at(hsfs) |= bits & denied;
    show_denied();
  }
  pending_.reset();
}

/// Both status registers show the one engine's cycle, whoever began it.
void PchModel::set_busy(bool busy) {
  const auto show = [&](std::uint32_t at, std::uint8_t bit) {
    std::uint8_t& cell = registers_.at(at);
    cell = static_cast<std::uint8_t>(busy ? cell | bit : cell & ~bit);
  };
  show(swseq_, busy_software);
  if (settings_.kind != PchKind::ich7) show(hsfs, busy_hardware);
}

/// SSFS shows HSFS's bit of a refused access.
void PchModel::show_denied() {
  if (settings_.kind == PchKind::ich7) return;
  std::uint8_t& shown = registers_.at(swseq_);
  shown = static_cast<std::uint8_t>((registers_.at(hsfs) & denied) != 0 ? shown | 0x10U
                                                                        : shown & 0xefU);
}

void PchModel::end(bool software, Nanoseconds at, std::uint8_t bits) {
  set_busy(true);
  if (!settings_.hangs) pending_ = Pending{at, software, bits};
}

void PchModel::fail(bool software, bool because_denied) {
  if (because_denied) ++counts_.denied;
  end(software, clock_.now(),
      static_cast<std::uint8_t>(done | error | (because_denied ? denied : 0)));
}

bool PchModel::disturbed() {
  ++counts_.cycles;
  if (settings_.takes_back_every != 0 && counts_.cycles % settings_.takes_back_every == 0)
    bios_control_ &= 0xfe;
  return settings_.fail_every != 0 && counts_.cycles % settings_.fail_every == 0;
}

/// BIOS_CNTL guards the BIOS region, and everything where no descriptor makes regions.
bool PchModel::in_bios(Range range) const {
  if (settings_.kind == PchKind::ich7 || (registers_.at(hsfs + 1) & 0x40) == 0) return true;
  const auto region = decode_region(word(freg + 4), 1);
  return region && region->overlaps(range);
}

bool PchModel::allowed(Range range, bool writing) const {
  const bool ich7 = settings_.kind == PchKind::ich7;
  if (writing && settings_.denies_writes) return false;
  if (writing && (bios_control_ & 0x21) != 1 && in_bios(range)) return false;
  const std::uint32_t bbar = pch100() ? 0 : word(ich7 ? 0x50 : 0xa0) & 0x00ffff00;
  if (range.offset < bbar) return false;
  for (unsigned i = 0; i < (ich7 ? 3U : pch100() ? 6U : 5U); ++i) {
    const std::uint32_t pr = word(pr_ + 4 * i);
    const std::uint64_t first = std::uint64_t{pr & (ich7 ? 0xfffU : 0x7fffU)} << 12;
    const std::uint64_t last =
        std::uint64_t{(pr >> (ich7 ? 12 : 16)) & (ich7 ? 0xfffU : 0x7fffU)} << 12 | 0xfff;
    const bool forbids = ((pr >> 31) != 0 && writing) || (!ich7 && (pr & 0x8000) != 0 && !writing);
    if (forbids && first <= last && range.overlaps({first, last + 1 - first})) return false;
  }
  if (ich7 || (registers_.at(hsfs + 1) & 0x60) != 0x60) return true;
  for (unsigned i = 0; i < 12; ++i) {
    if (i >= 5 && !pch100()) break;
    const std::uint32_t value = word(freg + 4 * i);
    const auto region = decode_region(value, i);
    if (!region || (value == 0 && i != 0) || !region->overlaps(range)) continue;
    if (((writing ? master_writes_ : master_reads_) >> i & 1U) == 0) return false;
  }
  return true;
}

/// Sends a command to the chip that `address` lies in, and returns when all is over.
PchModel::Nanoseconds PchModel::send(std::uint64_t address, ConstBytes command, Bytes in,
                                     bool waits, std::uint8_t preop) {
  NorModel* chip = chips_.front();
  std::uint64_t base = 0;
  for (NorModel* one : chips_) {
    if (address >= base && address - base < one->chip().size) {
      chip = one;
      address -= base;
      break;
    }
    base += one->chip().size;
  }
  Buffer out(command.begin(), command.end());
  if (out.size() >= 4)
    for (unsigned i = 0; i < 3; ++i)
      out[1 + i] = static_cast<std::uint8_t>(address >> (16 - 8 * i));
  std::uint64_t bytes = out.size() + in.size();
  if (preop != 0) {
    const std::array<std::uint8_t, 1> enable{preop};
    chip->cycle(enable, {});
    ++bytes;
  }
  chip->cycle(out, in);
  if (waits) bytes += 2;
  const Nanoseconds wire(static_cast<std::int64_t>(bytes * 8 * 1'000'000'000 / settings_.clock_hz));
  const Nanoseconds chip_time = waits ? chip->busy_until() - clock_.now() : Nanoseconds(0);
  return clock_.now() + wire + std::max(chip_time, Nanoseconds(0));
}

void PchModel::begin_hardware() {
  if ((registers_.at(hsfs) & (busy_hardware | error)) != 0) return;
  const unsigned cycle = (registers_.at(hsfc) >> 1) & (pch100() ? 0xfU : 3U);
  const std::size_t count = (registers_.at(hsfc + 1) & 0x3fU) + 1;
  const std::uint64_t address = word(0x08) & (pch100() ? 0x07ffffffU : 0x01ffffffU);
  if (disturbed() || (registers_.at(hsfs + 1) & 0x40) == 0) return fail(false, false);
  if (cycle == 8) {
    const std::array<std::uint8_t, 1> command{5};
    return end(false, send(0, command, Bytes(registers_).subspan(data_, count), false, 0), done);
  }
  const std::uint64_t size = cycle == 3 ? 4096 : cycle == 4 ? 65536 : count;
  const Range range{cycle >= 3 ? address - address % size : address, size};
  if (cycle == 1 || cycle > 4 || range.end() > size_ || (cycle < 3 && address % 256 + count > 256))
    return fail(false, false);
  if (!allowed(range, cycle != 0)) return fail(false, true);
  if (cycle == 0) {
    const std::array<std::uint8_t, 4> command{3};
    return end(false, send(address, command, Bytes(registers_).subspan(data_, count), false, 0),
               done);
  }
  Buffer command{static_cast<std::uint8_t>(cycle == 2 ? 0x02 : cycle == 3 ? 0x20 : 0xd8), 0, 0, 0};
  if (cycle == 2)
    command.insert(command.end(), registers_.begin() + data_,
                   registers_.begin() + data_ + static_cast<std::ptrdiff_t>(count));
  end(false, send(range.offset, command, {}, true, 0x06), done);
}

void PchModel::begin_software() {
  if ((registers_.at(swseq_) & (busy_software | error << 2U)) != 0) return;
  const std::uint32_t control = load_le<std::uint16_t>(ConstBytes(registers_), control_);
  const unsigned slot = (control >> 4) & 7;
  const std::size_t count =
      (control & 0x4000) != 0 ? ((registers_.at(control_ + 1) & 0x3fU) + 1) : 0;
  const std::uint8_t opcode = registers_.at(opmenu_ + slot);
  const unsigned type = (load_le<std::uint16_t>(ConstBytes(registers_), optype_) >> (2 * slot)) & 3;
  const std::uint64_t address = word(settings_.kind == PchKind::ich7 ? 0x04 : 0x08) & 0xffffff;
  const bool atomic = (control & 4) != 0;
  const std::uint8_t preop =
      atomic ? registers_.at(preop_ + ((control & 8) != 0 ? 1 : 0)) : std::uint8_t{0};
  if (disturbed()) return fail(true, false);
  const bool writes = (type & 1) != 0;
  const bool addressed = (type & 2) != 0;
  std::uint64_t size = std::max<std::size_t>(count, 1);
  if (opcode == 0x20) size = 4096;
  if (opcode == 0x52) size = 32768;
  if (opcode == 0xd8) size = 65536;
  const Range range{address - (size >= 4096 ? address % size : 0), size};
  if (addressed ? !allowed(range, writes) : writes && (bios_control_ & 0x21) != 1 && opcode != 0x04)
    return fail(true, true);
  Buffer command{opcode};
  if (addressed) command.resize(4);
  const Bytes data = Bytes(registers_).subspan(data_, count);
  if (writes) command.insert(command.end(), data.begin(), data.end());
  end(true, send(address, command, writes ? Bytes{} : data, atomic, preop), done);
}

}  // namespace romwright::flash
