// SPDX-License-Identifier: GPL-2.0-or-later
// ftdi:type=2232H,chip=NAME,image=FILE: an FTDI device in real time with a simulated chip on
// channel A.
#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include "flash/base/error.h"
#include "flash/chips/table.h"
#include "flash/host/mapped_file.h"
#include "tests/emulation/mpsse_engine.h"

namespace romwright::emulation {
namespace {

constexpr Time usb_byte_time{25};  // 40 MB/s
constexpr std::size_t status_size = 2;
constexpr std::uint8_t status[status_size] = {0x32, 0x60};
constexpr Time default_latency = std::chrono::milliseconds(16);
constexpr std::uint8_t mpsse_mode = 2;

/// The USB side of one channel: moves packets between the requests and the FIFOs of its MPSSE.
class Channel {
 public:
  Channel(SpiChip chip, std::size_t fifo_size, bool fast, std::size_t packet,
          std::uint64_t hang_after)
      : engine_(chip, fifo_size, fast), packet_(packet), hang_after_(hang_after) {}

  void submit(UsbRequest& request, Time now) {
    ((request.endpoint & 0x80U) != 0 ? in_ : out_).push_back(&request);
    advance(now);
  }
  void remove(UsbRequest& request) {
    std::erase(in_, &request);
    std::erase(out_, &request);
  }
  void set_latency(unsigned milliseconds) { latency_ = std::chrono::milliseconds(milliseconds); }
  void set_mode(std::uint8_t mode, Time now) {
    mode_ = mode;
    engine_.reset(now);
  }
  void reset(std::uint16_t what, Time now) {
    if (what == 0) engine_.reset(now);
    if (what == 1) engine_.clear_input();
    if (what == 2) engine_.clear_output();
  }

  /// Works ahead as far as the requests determine what happens.
  void advance(Time now) {
    for (;;) {
      const bool fed = feed();
      const Packet packet = next_packet();
      // An empty or early packet may still become another one, until its time has come.
      const bool certain = packet.time != never && (!packet.by_latency || packet.time <= now);
      if (!hangs() && engine_.step(packet.time)) continue;
      if (certain) {
        send(packet);
        continue;
      }
      if (!fed) {
        expect(packet);
        return;
      }
    }
  }

 private:
  struct Packet {
    Time time = never;
    bool by_latency = false;
  };

  [[nodiscard]] bool hangs() const { return hang_after_ != 0 && moved_out_ >= hang_after_; }

  /// One packet from the host into the FIFO.
  bool feed() {
    const auto open = std::ranges::find(out_, never, &UsbRequest::completes);
    if (open == out_.end() || hangs()) return false;
    UsbRequest& request = **open;
    const std::size_t size = std::min(request.data.size() - request.actual, packet_);
    const Time room = mode_ == mpsse_mode ? engine_.room_since(size) : Time(0);
    if (room == never) return false;
    out_free_ = std::max({out_free_, request.starts, room}) +
                usb_byte_time * static_cast<std::int64_t>(size);
    if (mode_ == mpsse_mode)
      engine_.feed(ConstBytes(request.data).subspan(request.actual, size), out_free_);
    request.actual += size;
    moved_out_ += size;
    if (request.actual == request.data.size()) request.completes = out_free_;
    return true;
  }

  UsbRequest* open_in() {
    const auto open = std::ranges::find_if(in_, [&](const UsbRequest* r) { return !is_done(*r); });
    return open == in_.end() ? nullptr : *open;
  }
  [[nodiscard]] bool is_done(const UsbRequest& request) const {
    return std::ranges::find(done_, &request) != done_.end();
  }

  Packet next_packet() {
    const UsbRequest* const request = open_in();
    if (request == nullptr || hangs()) return {};
    const Time from = std::max(request->starts, in_free_);
    const std::size_t room =
        std::min(request->data.size() - request->actual, packet_) - status_size;
    const Time asked = std::min(engine_.ready_since(room), engine_.flush_since());
    const Time timer = std::max(last_in_ + latency_, from);
    if (asked != never && std::max(asked, from) <= timer) return {std::max(asked, from), false};
    return {timer, true};
  }

  void send(const Packet& packet) {
    UsbRequest& request = *open_in();
    const std::size_t room = std::min(request.data.size() - request.actual, packet_) - status_size;
    const std::size_t size = std::min(engine_.ready(packet.time), room);
    const Time end = packet.time + usb_byte_time * static_cast<std::int64_t>(size + status_size);
    std::ranges::copy(status, request.data.subspan(request.actual).begin());
    engine_.take(request.data.subspan(request.actual + status_size, size), end);
    request.actual += size + status_size;
    in_free_ = last_in_ = end;
    const bool is_short = size + status_size < packet_;
    if (is_short || request.data.size() - request.actual <= status_size) {
      request.completes = end;
      done_.push_back(&request);
    }
  }

  /// What the host will learn of the first open read if nothing happens before.
  void expect(const Packet& packet) {
    std::erase_if(done_,
                  [&](const UsbRequest* r) { return std::ranges::find(in_, r) == in_.end(); });
    if (UsbRequest* const request = open_in()) request->completes = packet.time;
  }

  MpsseEngine engine_;
  std::size_t packet_;
  std::uint64_t hang_after_;
  std::uint64_t moved_out_ = 0;
  std::deque<UsbRequest*> out_, in_;
  std::deque<UsbRequest*> done_;  ///< reads that are complete, though not delivered
  Time latency_ = default_latency;
  Time out_free_{0}, in_free_{0}, last_in_{0};
  std::uint8_t mode_ = 0;
};

struct Type {
  std::string_view name;
  std::string_view product;
  std::uint16_t id, release;
  std::size_t channels, fifo;
  bool fast;
};

constexpr Type types[] = {
    {"2232H", "Dual RS232-HS", 0x6010, 0x0700, 2, 4096, true},
    {"4232H", "Quad RS232-HS", 0x6011, 0x0800, 4, 2048, true},
    {"232H", "Single RS232-HS", 0x6014, 0x0900, 1, 1024, true},
    {"2232D", "Dual RS232", 0x6010, 0x0500, 2, 384, false},
};

const Type& type_named(const std::string& name) {
  for (const Type& type : types)
    if (type.name == name) return type;
  throw Error("emulated USB: no FTDI type '" + name + "'");
}

const flash::Chip& chip_named(const std::string& name) {
  const auto found = flash::find_chips(name);
  if (found.empty()) throw Error("emulated USB: no chip '" + name + "'");
  return *found.front();
}

flash::Faults faults(Settings& settings) {
  flash::Faults faults;
  faults.hang = settings.take_number("chip_hang", 0);
  faults.slow = static_cast<double>(settings.take_number("slow_percent", 100)) / 100;
  return faults;
}

class Ftdi final : public UsbDevice {
 public:
  explicit Ftdi(Settings& settings)
      : type_(type_named(settings.take("type", "2232H"))),
        chip_(chip_named(settings.take("chip", "W25Q64FV"))),
        content_(settings.take("image"), chip_.size, 0xff),
        model_(chip_, content_.bytes(), clock_, faults(settings)) {
    const std::uint64_t hang_after = settings.take_number("hang_after", 0);
    const std::uint16_t packet = type_.fast ? 512 : 64;
    description_ = {
        .vendor = static_cast<std::uint16_t>(settings.take_number("vendor", 0x0403)),
        .product = static_cast<std::uint16_t>(settings.take_number("product", type_.id)),
        .release = type_.release,
        .high_speed = type_.fast,
        .manufacturer = "FTDI",
        .name = settings.take("name", std::string(type_.product)),
        .serial = settings.take("serial")};
    for (std::size_t i = 0; i < type_.channels; ++i) {
      const auto number = static_cast<std::uint8_t>(2 * i);
      description_.interfaces.push_back({{static_cast<std::uint8_t>(0x81 + number), packet},
                                         {static_cast<std::uint8_t>(0x02 + number), packet}});
      channels_.emplace_back(SpiChip{model_, clock_}, type_.fifo, type_.fast, packet, hang_after);
    }
  }

  [[nodiscard]] const UsbDescription& description() const noexcept override { return description_; }

  std::optional<std::size_t> control(const UsbSetup& setup, Bytes data, Time now) override {
    if (setup.type == 0xc0) {
      std::ranges::fill(data, std::uint8_t{0});
      return data.size();
    }
    const std::size_t index = std::max<std::size_t>(setup.index & 0xffU, 1) - 1;
    if (setup.type != 0x40 || index >= channels_.size()) return std::nullopt;
    Channel& channel = channels_[index];
    if (setup.request == 0x00) channel.reset(setup.value, now);
    if (setup.request == 0x09) channel.set_latency(setup.value & 0xffU);
    if (setup.request == 0x0b) channel.set_mode(static_cast<std::uint8_t>(setup.value >> 8), now);
    return data.size();
  }
  void submit(UsbRequest& request, Time now) override { channel_of(request).submit(request, now); }
  void cancel(UsbRequest& request, Time) override { channel_of(request).remove(request); }
  void delivered(UsbRequest& request, Time) override { channel_of(request).remove(request); }
  void advance(Time now) override {
    for (Channel& channel : channels_) channel.advance(now);
  }

 private:
  Channel& channel_of(const UsbRequest& request) {
    return channels_.at(((request.endpoint & 0x0fU) - 1U) / 2);
  }

  const Type& type_;
  const flash::Chip& chip_;
  flash::MappedFile content_;
  VirtualClock clock_;
  flash::NorModel model_;
  UsbDescription description_;
  std::deque<Channel> channels_;
};

const UsbDeviceKind kind("ftdi", [](Settings& settings) -> std::unique_ptr<UsbDevice> {
  return std::make_unique<Ftdi>(settings);
});

}  // namespace
}  // namespace romwright::emulation
