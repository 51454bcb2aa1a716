// SPDX-License-Identifier: GPL-2.0-or-later
// ch341a:chip=NAME,image=FILE and ch347:...: WCH's USB bridges in real time with a simulated chip.
#include <algorithm>
#include <deque>
#include <functional>

#include "flash/base/error.h"
#include "flash/chips/table.h"
#include "flash/host/mapped_file.h"
#include "tests/emulation/usb_device.h"
#include "tests/support/ch341a_model.h"
#include "tests/support/ch347_model.h"

namespace romwright::emulation {
namespace {

/// Packets of answers that the bridge keeps; while there are as many it takes no packet.
constexpr std::size_t answer_room = 2;

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

struct Shape {
  std::uint16_t packet = 64;  ///< of the endpoints
  bool high_speed = false;
  Time packet_time{0}, byte_time{0};
};

/// A device that works off one packet after another.
class Bridge : public UsbDevice {
 public:
  Bridge(Settings& settings, Shape shape)
      : shape_(shape),
        chip_(chip_named(settings.take("chip", "W25Q64FV"))),
        content_(settings.take("image"), chip_.size, 0xff),
        model_(chip_, content_.bytes(), clock_, faults(settings)),
        hang_after_(settings.take_number("hang_after", 0)) {
    description_.high_speed = shape.high_speed;
    description_.serial = settings.take("serial");
  }

  [[nodiscard]] const UsbDescription& description() const noexcept override { return description_; }
  std::optional<std::size_t> control(const UsbSetup&, Bytes, Time) override { return std::nullopt; }
  void submit(UsbRequest& request, Time) override {
    ((request.endpoint & 0x80U) != 0 ? in_ : out_).push_back(&request);
    work();
  }
  void cancel(UsbRequest& request, Time) override { remove(request); }
  void delivered(UsbRequest& request, Time) override { remove(request); }
  void advance(Time) override { work(); }

 protected:
  virtual std::vector<Buffer> packet(ConstBytes packet) = 0;

  UsbDescription description_;
  VirtualClock clock_;

 private:
  struct Answer {
    Buffer bytes;
    Time ready{0};
  };

  void remove(UsbRequest& request) {
    std::erase(in_, &request);
    std::erase(out_, &request);
  }
  static UsbRequest* first_open(const std::deque<UsbRequest*>& queue) {
    const auto open = std::ranges::find(queue, never, &UsbRequest::completes);
    return open == queue.end() ? nullptr : *open;
  }
  [[nodiscard]] Time on_bus(std::size_t size) const {
    return shape_.packet_time + shape_.byte_time * static_cast<std::int64_t>(size);
  }
  void work() {
    while (answer() || take()) {
    }
  }
  /// One answer to the host, where it asks.
  bool answer() {
    UsbRequest* const request = first_open(in_);
    if (request == nullptr || answers_.empty()) return false;
    const Answer& first = answers_.front();
    in_free_ = std::max({in_free_, first.ready, request->starts}) + on_bus(first.bytes.size());
    room_since_ = in_free_;
    request->completes = in_free_;
    request->failed = first.bytes.size() > request->data.size();
    request->actual = std::min(first.bytes.size(), request->data.size());
    std::copy_n(first.bytes.begin(), request->actual, request->data.begin());
    answers_.pop_front();
    return true;
  }
  /// One packet from the host, where there is room for its answer.
  bool take() {
    UsbRequest* const request = first_open(out_);
    if (request == nullptr || answers_.size() >= answer_room ||
        (hang_after_ != 0 && taken_ >= hang_after_))
      return false;
    const std::size_t size =
        std::min<std::size_t>(request->data.size() - request->actual, shape_.packet);
    const Time arrived = std::max({out_free_, request->starts, room_since_}) + on_bus(size);
    if (arrived > clock_.now()) clock_.advance(arrived - clock_.now());
    try {
      for (Buffer& bytes : packet(request->data.subspan(request->actual, size)))
        answers_.push_back({std::move(bytes), clock_.now()});
    } catch (const Error&) {
      request->failed = true;
      request->completes = clock_.now();
      return true;
    }
    out_free_ = clock_.now();
    request->actual += size;
    taken_ += size;
    if (request->actual == request->data.size()) request->completes = out_free_;
    return true;
  }

  Shape shape_;
  const flash::Chip& chip_;
  flash::MappedFile content_;

 protected:
  flash::NorModel model_;

 private:
  std::uint64_t hang_after_;
  std::uint64_t taken_ = 0;
  std::deque<UsbRequest*> in_, out_;
  std::deque<Answer> answers_;
  Time in_free_{0}, out_free_{0}, room_since_{0};
};

class Ch341a final : public Bridge {
 public:
  explicit Ch341a(Settings& settings)
      : Bridge(settings, {.packet = 32, .packet_time = Time(15'000), .byte_time = Time(667)}),
        device_(model_, clock_) {
    description_.vendor = 0x1a86;
    description_.product = 0x5512;
    description_.interfaces = {{{0x82, 32}, {0x02, 32}}};
  }

 private:
  std::vector<Buffer> packet(ConstBytes packet) override {
    auto answer = device_.packet(packet);
    return answer ? std::vector<Buffer>{std::move(*answer)} : std::vector<Buffer>{};
  }
  flash::test::Ch341aModel device_;
};

class Ch347 final : public Bridge {
 public:
  explicit Ch347(Settings& settings)
      : Bridge(
            settings,
            {.packet = 512, .high_speed = true, .packet_time = Time(2'000), .byte_time = Time(25)}),
        device_(model_, clock_) {
    description_.vendor = 0x1a86;
    description_.product = 0x55db;
    description_.interfaces = {{{0x86, 512}, {0x06, 512}}};
  }

 private:
  std::vector<Buffer> packet(ConstBytes packet) override { return device_.packet(packet); }
  flash::test::Ch347Model device_;
};

const UsbDeviceKind ch341a("ch341a", [](Settings& settings) -> std::unique_ptr<UsbDevice> {
  return std::make_unique<Ch341a>(settings);
});
const UsbDeviceKind ch347("ch347", [](Settings& settings) -> std::unique_ptr<UsbDevice> {
  return std::make_unique<Ch347>(settings);
});

}  // namespace
}  // namespace romwright::emulation
