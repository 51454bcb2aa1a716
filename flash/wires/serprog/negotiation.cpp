// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/negotiation.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "flash/base/error.h"

namespace romwright::flash {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds patience = std::chrono::seconds(2);
constexpr std::uint16_t version = 1;
constexpr std::uint16_t unlimited = 0xffff;
constexpr std::size_t map_size = 32, name_size = 16;
constexpr std::uint32_t trial_microseconds = 2000;

Buffer bytes_of(Serprog command) {
  Buffer bytes;
  append_serprog(bytes, command);
  return bytes;
}

/// The number that a query answers, where the device has it.
std::optional<std::uint32_t> query(SerprogConversation& conversation,
                                   const SerprogCommands& commands, Serprog command,
                                   std::size_t size) {
  std::array<std::uint8_t, 4> answer{};
  if (!commands.has(command)) return std::nullopt;
  if (!conversation.ask(bytes_of(command), Bytes(answer).first(size), patience))
    return std::nullopt;
  return load_le<std::uint32_t>(answer);
}

/// 0 is 2^24, one more than an O_SPIOP can say.
std::uint32_t longest(std::optional<std::uint32_t> answer) {
  return answer.value_or(0) == 0 ? serprog_longest - 1 : *answer;
}

void set(SerprogConversation& conversation, const SerprogCommands& commands, Serprog command,
         std::uint8_t value) {
  if (!commands.has(command)) return;
  Buffer bytes;
  append_serprog(bytes, command, value);
  if (!conversation.ask(bytes, {}, patience))
    throw DeviceError(fmt::format("{}: the serprog device refuses {} {}",
                                  conversation.link().name(), serprog_name(command), value));
}

void check_interface(SerprogConversation& conversation) {
  std::array<std::uint8_t, 2> answer{};
  if (!conversation.ask(bytes_of(Serprog::query_interface), answer, patience) ||
      load_le<std::uint16_t>(answer) != version)
    throw NoDeviceError(fmt::format("{}: the device speaks version {} of serprog, not {}",
                                    conversation.link().name(), load_le<std::uint16_t>(answer),
                                    version));
}

void check_spi(SerprogConversation& conversation, const SerprogCommands& commands) {
  const auto buses = query(conversation, commands, Serprog::query_buses, 1);
  const bool spi = !buses || (*buses & serprog_spi_bus) != 0;
  if (spi && commands.has(Serprog::spi)) return;
  std::vector<std::string_view> names;
  constexpr std::array<std::string_view, 3> others{"parallel", "LPC", "FWH"};
  for (unsigned i = 0; i < others.size(); ++i)
    if ((buses.value_or(0) >> i & 1) != 0) names.push_back(others[i]);
  throw NoDeviceError(
      fmt::format("{}: the serprog device has no SPI bus", conversation.link().name()),
      names.empty() ? "" : fmt::format("it has {}", fmt::join(names, ", ")));
}

void select_chip(SerprogConversation& conversation, const SerprogCommands& commands,
                 std::uint8_t chip_select) {
  const std::string& link = conversation.link().name();
  if (!commands.has(Serprog::set_chip_select))
    throw NoDeviceError(fmt::format("{}: the serprog device has one chip-select line only", link),
                        "leave cs= out");
  Buffer bytes;
  append_serprog(bytes, Serprog::set_chip_select, chip_select);
  if (!conversation.ask(bytes, {}, patience))
    throw NoDeviceError(
        fmt::format("{}: the serprog device has no chip-select line {}", link, chip_select));
}

/// Delays are relied upon only where they are answered, and take their time.
bool delays_work(SerprogConversation& conversation, const SerprogCommands& commands) {
  if (!commands.has(Serprog::init_operations) || !commands.has(Serprog::delay) ||
      !commands.has(Serprog::execute_operations))
    return false;
  const auto buffer = query(conversation, commands, Serprog::query_operation_buffer, 2);
  if (buffer && *buffer < serprog_delay_size) return false;
  Buffer delay;
  append_serprog(delay, Serprog::delay, trial_microseconds);
  try {
    if (!conversation.ask(bytes_of(Serprog::init_operations), {}, patience) ||
        !conversation.ask(delay, {}, patience))
      return false;
    const nanoseconds from = conversation.clock().now();
    if (!conversation.ask(bytes_of(Serprog::execute_operations), {}, patience)) return false;
    return 2 * (conversation.clock().now() - from) >= std::chrono::microseconds(trial_microseconds);
  } catch (const TimeoutError&) {
    // Early firmware of the frser family does not answer O_EXEC.
    conversation.synchronize();
    return false;
  }
}

}  // namespace

SerprogDevice negotiate(SerprogConversation& conversation,
                        std::optional<std::uint8_t> chip_select) {
  conversation.synchronize();
  check_interface(conversation);
  std::array<std::uint8_t, map_size> map{};
  if (!conversation.ask(bytes_of(Serprog::query_commands), map, patience))
    throw NoDeviceError(fmt::format("{}: the serprog device does not tell what it can do",
                                    conversation.link().name()));
  SerprogDevice device;
  device.commands = SerprogCommands(map);
  check_spi(conversation, device.commands);
  std::array<std::uint8_t, name_size> name{};
  if (device.commands.has(Serprog::query_name) &&
      conversation.ask(bytes_of(Serprog::query_name), name, patience))
    device.name = c_string(name);
  if (const auto buffer = query(conversation, device.commands, Serprog::query_serial_buffer, 2)) {
    device.window = *buffer;
    if (*buffer == unlimited) device.window.reset();
  }
  device.longest_write =
      longest(query(conversation, device.commands, Serprog::query_longest_write, 3));
  device.longest_read =
      longest(query(conversation, device.commands, Serprog::query_longest_read, 3));
  set(conversation, device.commands, Serprog::set_bus, serprog_spi_bus);
  if (chip_select) select_chip(conversation, device.commands, *chip_select);
  set(conversation, device.commands, Serprog::set_pins, 1);
  device.delays = delays_work(conversation, device.commands);
  conversation.set_window(device.window);
  if (!device.window) conversation.link().heed_flow_control();
  return device;
}

}  // namespace romwright::flash
