// SPDX-License-Identifier: GPL-2.0-or-later
// A spidev device file in memory: it keeps the kernel's rules, and hands chip-select cycles on.
#pragma once

#include <functional>
#include <linux/spi/spidev.h>
#include <string>
#include <sys/ioctl.h>
#include <vector>

#include "flash/base/clock.h"
#include "flash/host/device_file.h"

namespace romwright::flash::test {

/// What a test sees of it; outlives the file.
struct SpidevWire {
  std::size_t bufsiz = 4096;
  std::function<void(ConstBytes out, Bytes in)> cycle = [](ConstBytes, Bytes) {};
  VirtualClock* clock = nullptr;  ///< takes the wire's time and that of the call
  std::chrono::nanoseconds call{0};
  std::vector<std::string> settings;       ///< "mode 0", "bits 8", "speed 2000000"
  std::vector<std::vector<int>> messages;  ///< of each transfer: its length, negative for in
  std::uint32_t speed = 0;
  int fail = 0;  ///< an errno that the next call gives
};

class FakeSpidev final : public DeviceFile {
 public:
  explicit FakeSpidev(SpidevWire& wire) : wire_(wire) {}

  int control(unsigned long request, void* argument) override {
    if (wire_.fail != 0) return -std::exchange(wire_.fail, 0);
    if (request == SPI_IOC_WR_MODE) return note("mode", *static_cast<std::uint8_t*>(argument));
    if (request == SPI_IOC_WR_BITS_PER_WORD)
      return note("bits", *static_cast<std::uint8_t*>(argument));
    if (request == SPI_IOC_WR_MAX_SPEED_HZ) {
      wire_.speed = *static_cast<std::uint32_t*>(argument);
      return note("speed", wire_.speed);
    }
    if (_IOC_TYPE(request) != SPI_IOC_MAGIC || _IOC_NR(request) != 0) return -ENOTTY;
    return message(static_cast<const spi_ioc_transfer*>(argument),
                   _IOC_SIZE(request) / sizeof(spi_ioc_transfer));
  }
  std::ptrdiff_t read_at(std::uint64_t, Bytes) override { return -ESPIPE; }
  std::ptrdiff_t write_at(std::uint64_t, ConstBytes) override { return -ESPIPE; }

 private:
  int note(const char* what, std::uint32_t value) {
    wire_.settings.push_back(what + (" " + std::to_string(value)));
    return 0;
  }

  int message(const spi_ioc_transfer* transfers, std::size_t count) {
    std::size_t total = 0;
    std::vector<int> shape;
    for (std::size_t i = 0; i < count; ++i) {
      total += transfers[i].len;
      const auto length = static_cast<int>(transfers[i].len);
      shape.push_back(transfers[i].rx_buf != 0 ? -length : length);
    }
    wire_.messages.push_back(shape);
    if (total > wire_.bufsiz) return -EMSGSIZE;
    if (wire_.clock != nullptr) wire_.clock->advance(wire_.call);
    Buffer out;
    for (std::size_t i = 0; i < count; ++i) {
      const spi_ioc_transfer& transfer = transfers[i];
      if (wire_.clock != nullptr && wire_.speed != 0)
        wire_.clock->advance(
            std::chrono::nanoseconds(transfer.len * 8'000'000'000ULL / wire_.speed));
      Bytes in;
      if (transfer.tx_buf != 0) {
        const auto* data = reinterpret_cast<const std::uint8_t*>(transfer.tx_buf);
        out.insert(out.end(), data, data + transfer.len);
      } else {
        in = {reinterpret_cast<std::uint8_t*>(transfer.rx_buf), transfer.len};
      }
      const bool last = i + 1 == count;
      // On the last transfer the flag would keep the chip selected.
      if (last && transfer.cs_change != 0) return -EINVAL;
      if (last || transfer.cs_change != 0) {
        wire_.cycle(out, in);
        out.clear();
      }
    }
    return static_cast<int>(total);
  }

  SpidevWire& wire_;
};

}  // namespace romwright::flash::test
