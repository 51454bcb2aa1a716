// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/spidev/message.h"

#include <sys/ioctl.h>

#include "flash/wires/spi_bytes.h"

namespace romwright::flash {
namespace {

/// Where each transfer starts in the kernel's buffers: a cache line of the machines with the
/// longest (ARCH_DMA_MINALIGN).
constexpr std::size_t alignment = 128;
/// The size field of an ioctl's number has 14 bits.
constexpr std::size_t most_transfers = ((1U << _IOC_SIZEBITS) - 1) / sizeof(spi_ioc_transfer);

std::uint64_t address_of(const void* data) { return reinterpret_cast<std::uintptr_t>(data); }

}  // namespace

bool SpidevMessage::add(const SpiCommand& command) {
  const std::size_t out = header_size(command) + command.out.size();
  const std::size_t in = command.in.size();
  const std::size_t aligned_out = out_ + align_up(out, alignment);
  const std::size_t aligned_in = in_ + align_up(in, alignment);
  if (total_ + out + in > capacity_ || transfers_.size() + 2 > most_transfers) return false;
  if (!empty() && (aligned_out > capacity_ || aligned_in > capacity_)) return false;
  // Chip-select rises behind the command before. Behind the last one it rises by itself; there the
  // flag would hold it.
  if (!empty()) transfers_.back().cs_change = 1;
  append_out(sent_.emplace_back(), command);
  spi_ioc_transfer transfer{};
  transfer.tx_buf = address_of(sent_.back().data());
  transfer.len = static_cast<std::uint32_t>(out);
  transfers_.push_back(transfer);
  if (in != 0) {
    transfer.tx_buf = 0;
    transfer.rx_buf = address_of(command.in.data());
    transfer.len = static_cast<std::uint32_t>(in);
    transfers_.push_back(transfer);
  }
  total_ += out + in;
  out_ = aligned_out;
  in_ = aligned_in;
  return true;
}

unsigned long SpidevMessage::request() const noexcept {
  return _IOC(_IOC_WRITE, SPI_IOC_MAGIC, 0, transfers_.size() * sizeof(spi_ioc_transfer));
}

void SpidevMessage::clear() {
  transfers_.clear();
  sent_.clear();
  total_ = out_ = in_ = 0;
}

}  // namespace romwright::flash
