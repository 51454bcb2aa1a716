// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/sim/nor_model.h"

#include <algorithm>
#include <utility>

#include "flash/base/error.h"

namespace romwright::flash {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr nanoseconds for_ever = std::chrono::hours(24 * 365);
constexpr nanoseconds status_write_time = milliseconds(10);
constexpr std::uint8_t wip = 0x01, wel = 0x02;
constexpr std::uint32_t macronix = 0xc2;

bool is_chip_erase(std::uint8_t opcode) {
  return opcode == 0x60 || opcode == 0xc7 || opcode == 0x62;
}

bool is_four_byte(std::uint8_t opcode) {
  return opcode == 0x21 || opcode == 0x5c || opcode == 0xdc || opcode == 0x53;
}

void repeat(Bytes in, std::uint8_t value) { std::fill(in.begin(), in.end(), value); }

nanoseconds scaled(nanoseconds time, double factor) {
  return nanoseconds(static_cast<std::int64_t>(static_cast<double>(time.count()) * factor));
}

}  // namespace

NorModel::NorModel(const Chip& chip, Bytes content, VirtualClock& clock, Faults faults)
    : chip_(chip),
      content_(content),
      clock_(clock),
      faults_(std::move(faults)),
      sfdp_(make_sfdp(chip)),
      has_configuration_(protection_registers(chip)[3]) {
  if (content.size() != chip.size)
    throw Error("simulated chip: the content has not the chip's size");
  apply_stuck({0, content.size()});
}

void NorModel::power_up() {
  dead_ = false;
  // The lock that holds until the power is cut.
  if (decode_protection(chip_, stored_).mode == ProtectionMode::power_cycle) {
    const RegisterBit lock = chip_.protection.srl;
    stored_[lock.reg - 1U] = static_cast<std::uint8_t>(stored_[lock.reg - 1U] & ~(1U << lock.bit));
  }
  registers_ = stored_;
  busy_until_ = nanoseconds(0);
  reset();
}

void NorModel::reset() {
  write_enabled_ = volatile_enabled_ = four_byte_mode_ = powered_down_ = false;
  reset_enabled_ = auto_increment_ = quad_mode_ = false;
  segment_ = 0;
}

/// The write enable latch falls when the operation ends.
std::uint8_t NorModel::status() const {
  return static_cast<std::uint8_t>((registers_[0] & ~(wip | wel)) | (busy() ? wip : 0) |
                                   (write_enabled_ || busy() ? wel : 0) |
                                   (auto_increment_ ? 0x40 : 0));
}

unsigned NorModel::address_bytes() const {
  return four_byte_mode_ || chip_.features.four_byte_only ? 4 : 3;
}

std::uint64_t NorModel::address(ConstBytes out, unsigned bytes) const {
  std::uint64_t value = bytes == 3 ? segment_ : 0;
  for (unsigned i = 0; i < bytes; ++i) value = value << 8 | out[1 + i];
  return value % chip_.size;
}

void NorModel::cycle(ConstBytes out, Bytes in) {
  if (dead_) throw DeviceError("the simulated chip has no power", "plug it in again");
  repeat(in, 0xff);
  if (out.empty() || faults_.silent) return;
  const std::uint8_t opcode = out[0];
  if (powered_down_ && opcode != 0xab) return;
  if (quad_mode_) return;
  const bool status_read = opcode == 0x05 || opcode == 0x35 || opcode == 0x15;
  if (busy() && !status_read) {
    ++counts_.ignored;
    return;
  }
  const bool resets = opcode == 0x99 && reset_enabled_;
  reset_enabled_ = opcode == 0x66;
  if (resets) {
    registers_ = stored_;
    reset();
    return;
  }
  if (answer(out, in)) return;
  const auto erase_of = std::ranges::find(chip_.erases, opcode, &ChipErase::opcode);
  if (erase_of != chip_.erases.end()) erase(out, *erase_of);
}

/// Everything but erases; false where the opcode is none of these.
bool NorModel::answer(ConstBytes out, Bytes in) {
  const ChipFeatures& features = chip_.features;
  switch (out[0]) {
    case 0x9f:
      if (chip_.id_method == IdMethod::rdid) identify(in);
      return true;
    case 0x90:
      if (chip_.id_method == IdMethod::rdid || chip_.id_method == IdMethod::rems)
        identify_by_pair(in);
      return true;
    case 0xab:
      powered_down_ = false;
      if (out.size() < 4) return true;
      if (chip_.id_method == IdMethod::res2)
        identify_by_pair(in);
      else
        repeat(in, short_model());
      return true;
    case 0xb9:
      powered_down_ = true;
      return true;
    case 0x5a:
      if (out.size() >= 5)
        for (std::size_t i = 0, at = load_be<std::uint32_t>(out, 0) & 0xffffff; i < in.size();
             ++i, ++at)
          in[i] = at < sfdp_.size() ? sfdp_[at] : 0xff;
      return true;
    case 0x05:
      ++counts_.status_reads;
      repeat(in, status());
      return true;
    case 0x35:
      // What reads SR2 elsewhere makes Macronix's chips listen on four lines.
      quad_mode_ = chip_.manufacturer == macronix;
      if (!quad_mode_) repeat(in, registers_[1]);
      return true;
    case 0x15:
      if (chip_.id_method == IdMethod::at25f) {
        identify_by_pair(in);
        return true;
      }
      repeat(in, registers_[has_configuration_ ? 3 : 2]);
      return true;
    case 0x06:
      write_enabled_ = true;
      return true;
    case 0x04:
      write_enabled_ = auto_increment_ = false;
      return true;
    case 0x50:
      if (!chip_.erases.empty() &&
          std::ranges::find(chip_.erases, 0x50, &ChipErase::opcode) != chip_.erases.end())
        return false;
      volatile_enabled_ = true;
      return true;
    case 0x01:
    case 0x31:
    case 0x11:
      write_status(out);
      return true;
    case 0x03:
      read_array(out, in, address_bytes(), 0);
      return true;
    case 0x0b:
      read_array(out, in, address_bytes(), 1);
      return true;
    case 0x13:
      if (features.four_byte_commands) read_array(out, in, 4, 0);
      return true;
    case 0x0c:
      if (features.four_byte_commands) read_array(out, in, 4, 1);
      return true;
    case 0x02:
      program(out, address_bytes());
      return true;
    case 0x12:
      if (features.four_byte_commands) program(out, 4);
      return true;
    case 0xad:
      if (chip_.program == ProgramMethod::aai_word) auto_increment(out);
      return true;
    case 0xb7:
    case 0xe9:
      if (features.four_byte_enter || (features.four_byte_enter_wren && take_write_enable()))
        four_byte_mode_ = out[0] == 0xb7;
      return true;
    case 0xc5:
    case 0x17:
      if (out.size() >= 2 && (out[0] == 0xc5 ? features.four_byte_ear : features.four_byte_bank) &&
          (out[0] == 0x17 || take_write_enable()))
        segment_ = out[0] == 0x17 ? out[1] & 0x7f : out[1];
      return true;
    case 0xc8:
    case 0x16:
      repeat(in, segment_);
      return true;
    case 0x66:
      return true;
    default:
      return false;
  }
}

/// The one byte that older commands tell; of chips with 0x9f it is one less than the last of those.
std::uint8_t NorModel::short_model() const {
  return static_cast<std::uint8_t>(chip_.id_method == IdMethod::rdid ? chip_.model - 1
                                                                     : chip_.model);
}

void NorModel::identify_by_pair(Bytes in) const {
  for (std::size_t i = 0; i < in.size(); ++i)
    in[i] = i % 2 == 0 ? static_cast<std::uint8_t>(chip_.manufacturer) : short_model();
}

void NorModel::identify(Bytes in) const {
  Buffer id;
  if (faults_.id) {
    id = *faults_.id;
  } else {
    for (int shift = 24; shift >= 0; shift -= 8)
      if (const auto byte = static_cast<std::uint8_t>(chip_.manufacturer >> shift);
          byte != 0 || !id.empty())
        id.push_back(byte);
    if (chip_.model > 0xffff) {
      // Six bytes of which the fourth tells how many follow.
      for (const unsigned shift : {24U, 16U})
        id.push_back(static_cast<std::uint8_t>(chip_.model >> shift));
      id.push_back(0x4d);
    }
    for (const unsigned shift : {8U, 0U})
      id.push_back(static_cast<std::uint8_t>(chip_.model >> shift));
  }
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = i < id.size() ? id[i] : 0;
}

void NorModel::read_array(ConstBytes out, Bytes in, unsigned bytes, unsigned dummies) {
  if (out.size() < 1 + bytes + dummies) return;
  const std::uint64_t first = address(out, bytes);
  // The address runs on past the end to the start.
  for (std::size_t done = 0; done < in.size();) {
    const std::uint64_t at = (first + done) % chip_.size;
    const std::size_t part = std::min<std::size_t>(in.size() - done, chip_.size - at);
    std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(at), part,
                in.begin() + static_cast<std::ptrdiff_t>(done));
    done += part;
  }
  corrupt(first, in);
}

void NorModel::corrupt(std::uint64_t first, Bytes read) {
  if (faults_.flip_address && *faults_.flip_address >= first &&
      *faults_.flip_address - first < read.size()) {
    read[*faults_.flip_address - first] ^= 1;
    faults_.flip_address.reset();
  }
  if (faults_.flip_every != 0) {
    const std::uint64_t every = faults_.flip_every;
    for (std::uint64_t at = every - 1 - bytes_read_ % every; at < read.size(); at += every)
      read[at] ^= 1;
  }
  bytes_read_ += read.size();
}

bool NorModel::take_write_enable() {
  if (!write_enabled_) {
    ++counts_.ignored;
    return false;
  }
  write_enabled_ = false;
  return true;
}

void NorModel::begin(Nanoseconds time) {
  ++operations_;
  const bool hangs = faults_.hang != 0 && operations_ >= faults_.hang;
  busy_until_ = hangs ? for_ever : clock_.now() + scaled(time, faults_.slow);
}

void NorModel::write_status(ConstBytes out) {
  const bool lasting = write_enabled_;
  if (!lasting && !volatile_enabled_) {
    ++counts_.ignored;
    return;
  }
  write_enabled_ = volatile_enabled_ = false;
  const StatusRegisters before = registers_;
  const ProtectionMode mode = decode_protection(chip_, registers_).mode;
  if (mode == ProtectionMode::power_cycle || mode == ProtectionMode::permanent) return;
  if (out[0] == 0x01) {
    if (out.size() >= 2) registers_[0] = out[1];
    if (out.size() >= 3 && chip_.features.sr2_via_wrsr) registers_[1] = out[2];
    if (out.size() >= 3 && has_configuration_) write_configuration(out[2]);
  } else if (out.size() >= 2) {
    registers_[out[0] == 0x31 ? 1 : 2] = out[1];
  }
  registers_[0] = static_cast<std::uint8_t>(registers_[0] & ~(wip | wel));
  if (lasting) {
    stored_ = registers_;
    begin(registers_ == before ? Nanoseconds(0) : status_write_time);
  }
}

/// The configuration register of Macronix, whose TB bit can be set but never cleared.
void NorModel::write_configuration(std::uint8_t value) {
  const RegisterBit once = chip_.protection.tb;
  const auto set_already = static_cast<std::uint8_t>(registers_[3] & (1U << once.bit));
  registers_[3] = static_cast<std::uint8_t>(value | set_already);
}

Range NorModel::protected_range() const { return decode_protection(chip_, registers_).range; }

void NorModel::apply_stuck(Range range) {
  for (const StuckBit& stuck : faults_.stuck) {
    if (!range.contains(stuck.address) || stuck.address >= content_.size()) continue;
    const auto mask = static_cast<std::uint8_t>(1U << stuck.bit);
    std::uint8_t& cell = content_[stuck.address];
    cell = static_cast<std::uint8_t>(stuck.value ? cell | mask : cell & ~mask);
  }
}

void NorModel::cut_power() {
  dead_ = true;
  throw DeviceError("the simulated chip lost its power", "plug it in again");
}

void NorModel::program(ConstBytes out, unsigned bytes) {
  if (out.size() <= 1 + bytes || !take_write_enable()) return;
  const std::uint64_t page = chip_.program == ProgramMethod::page ? chip_.page_size : 1;
  const std::uint64_t start = address(out, bytes);
  const std::uint64_t first = start - start % page;
  if (protected_range().overlaps({first, page})) return;
  ConstBytes data = out.subspan(1 + bytes);
  std::uint64_t column = start % page;
  // What exceeds a page overwrites the page buffer from its other side: the last page's worth
  // stays.
  if (data.size() > page) {
    column = (column + (data.size() - page)) % page;
    data = data.last(page);
  }
  ++counts_.programs;
  const bool cut = faults_.cut_program != 0 && counts_.programs == faults_.cut_program;
  const auto done =
      cut ? static_cast<std::size_t>(static_cast<double>(data.size()) * faults_.cut_at)
          : data.size();
  for (std::size_t i = 0; i < done; ++i) content_[first + (column + i) % page] &= data[i];
  // The byte that the cut met has only some of its bits.
  if (cut && done < data.size())
    content_[first + (column + done) % page] &= static_cast<std::uint8_t>(data[done] | 0x0f);
  apply_stuck({first, page});
  if (cut) cut_power();
  begin(page_time());
}

void NorModel::auto_increment(ConstBytes out) {
  // The first word brings its address, those that follow only data; WRDI ends it.
  const std::size_t at = auto_increment_ ? 1 : 4;
  if (out.size() < at + 2 || (!auto_increment_ && !write_enabled_)) {
    ++counts_.ignored;
    return;
  }
  if (!auto_increment_) auto_address_ = address(out, 3) & ~std::uint64_t{1};
  auto_increment_ = true;
  if (protected_range().overlaps({auto_address_, 2})) return;
  ++counts_.programs;
  for (std::size_t i = 0; i < 2; ++i) content_[auto_address_ + i] &= out[at + i];
  apply_stuck({auto_address_, 2});
  auto_address_ = (auto_address_ + 2) % chip_.size;
  begin(page_time());
}

Range NorModel::erase_block(const ChipErase& erase, std::uint64_t at) const {
  if (is_chip_erase(erase.opcode)) return {0, chip_.size};
  if (erase.runs.empty()) return {at - at % erase.size, erase.size};
  std::uint64_t offset = 0;
  for (const EraseRun& run : erase.runs) {
    const std::uint64_t size = std::uint64_t{run.size} * run.count;
    if (at < offset + size) return {at - (at - offset) % run.size, run.size};
    offset += size;
  }
  return {at, 0};
}

void NorModel::erase(ConstBytes out, const ChipErase& erase) {
  const bool whole = is_chip_erase(erase.opcode);
  const unsigned bytes = whole ? 0 : is_four_byte(erase.opcode) ? 4 : address_bytes();
  // A command with bytes behind its address is none: chip-select must rise there.
  if (out.size() != 1 + bytes || !take_write_enable()) return;
  const Range block = erase_block(erase, whole ? 0 : address(out, bytes));
  if (block.empty() || protected_range().overlaps(block)) return;
  ++counts_.erases;
  const Bytes cells = content_.subspan(block.offset, block.size);
  if (faults_.cut_erase != 0 && counts_.erases == faults_.cut_erase) {
    // Cells rise at their own pace: a part of the block is blank, the rest somewhere between.
    const auto done = static_cast<std::size_t>(static_cast<double>(cells.size()) * faults_.cut_at);
    std::fill_n(cells.begin(), done, 0xff);
    for (std::size_t i = done; i < cells.size(); i += 3) cells[i] |= 0x55;
    apply_stuck(block);
    cut_power();
  }
  if (counts_.erases != faults_.ignore_erase) std::fill(cells.begin(), cells.end(), 0xff);
  apply_stuck(block);
  begin(erase_time(block.size));
}

NorModel::Nanoseconds NorModel::erase_time(std::uint64_t size) const {
  const ChipTimes& times = chip_.times;
  const auto known = [](milliseconds time, milliseconds usual) {
    return time.count() != 0 ? time : usual;
  };
  if (size == chip_.size && times.chip_erase.count() != 0) return times.chip_erase;
  if (size <= 4U << 10) return known(times.erase_4k, milliseconds(60));
  if (size <= 32U << 10) return known(times.erase_32k, milliseconds(150));
  const Nanoseconds block = known(times.erase_64k, milliseconds(250));
  return block * static_cast<std::int64_t>(std::max<std::uint64_t>(1, size >> 16));
}

NorModel::Nanoseconds NorModel::page_time() const {
  if (chip_.program != ProgramMethod::page) return microseconds(10);
  return chip_.times.page_program.count() != 0 ? chip_.times.page_program : microseconds(700);
}

}  // namespace romwright::flash
