// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/serprog/conversation.h"

#include <gtest/gtest.h>

#include "flash/base/error.h"
#include "tests/flash/wires/serprog/scripted_link.h"

namespace romwright::flash::test {
namespace {

using namespace std::chrono_literals;

constexpr std::uint8_t nop = 0x00;

void silent(ConstBytes, Buffer&) {}

TEST(SerprogConversation, KeepsWithinTheWindow) {
  VirtualClock clock;
  std::size_t unanswered = 0, most = 0;
  ScriptedLink link(clock, [&](ConstBytes bytes, Buffer&) {
    unanswered += bytes.size();
    most = std::max(most, unanswered);
  });
  // Five bytes a command; answered when the host waits for it.
  struct Answering final : ByteStream {
    explicit Answering(ScriptedLink& below, std::size_t& count) : link(below), unanswered(count) {}
    [[nodiscard]] const std::string& name() const noexcept override { return link.name(); }
    std::size_t read_some(Bytes into) override { return link.read_some(into); }
    std::size_t write_some(ConstBytes bytes) override { return link.write_some(bytes); }
    bool wait(bool, std::chrono::nanoseconds) override {
      if (unanswered >= 5) {
        unanswered -= 5;
        link.answers.push_back(serprog_ack);
      }
      return !link.answers.empty();
    }
    [[nodiscard]] std::size_t kept() const noexcept override { return 4096; }
    ScriptedLink& link;
    std::size_t& unanswered;
  } answering(link, unanswered);
  SerprogConversation conversation(answering, clock);
  conversation.set_window(16);
  const Buffer delay = {0x0e, 1, 0, 0, 0};
  for (int i = 0; i < 10; ++i) conversation.queue(delay);
  conversation.finish();
  EXPECT_EQ(link.written.size(), 50U);
  EXPECT_EQ(most, 15U);
}

TEST(SerprogConversation, ALongCommandGoesAlone) {
  VirtualClock clock;
  std::vector<Buffer> pieces;
  ScriptedLink link(clock, [&](ConstBytes bytes, Buffer& answers) {
    pieces.emplace_back(bytes.begin(), bytes.end());
    answers.push_back(serprog_ack);
  });
  SerprogConversation conversation(link, clock);
  conversation.set_window(16);
  conversation.queue(Buffer{nop});
  conversation.queue(Buffer(40, nop));
  conversation.queue(Buffer{nop});
  conversation.finish();
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(pieces[1].size(), 40U);
}

TEST(SerprogConversation, WithoutAWindowAllGoesOutAtOnce) {
  VirtualClock clock;
  std::size_t writes = 0;
  ScriptedLink link(clock, [&](ConstBytes bytes, Buffer& answers) {
    ++writes;
    answers.insert(answers.end(), bytes.size(), serprog_ack);
  });
  SerprogConversation conversation(link, clock);
  conversation.set_window(std::nullopt);
  for (int i = 0; i < 1000; ++i) conversation.queue(Buffer{nop});
  EXPECT_EQ(writes, 0U);
  conversation.finish();
  EXPECT_EQ(writes, 1U);
}

TEST(SerprogConversation, AnswersGoWhereTheyBelong) {
  VirtualClock clock;
  ScriptedLink link(clock, silent);
  SerprogConversation conversation(link, clock);
  conversation.set_window(std::nullopt);
  Buffer first(2), second(1);
  StatusReading reading;
  conversation.queue(Buffer{nop}, first);
  conversation.queue(Buffer{nop}, reading, 3);
  conversation.queue(Buffer{nop});
  conversation.queue(Buffer{nop}, second);
  link.answers = {6, 1, 2, 6, 7, 8, 9, 6, 6, 3};
  conversation.finish();
  EXPECT_EQ(first, (Buffer{1, 2}));
  EXPECT_EQ(second, (Buffer{3}));
  EXPECT_EQ(reading.last, 9);
}

TEST(SerprogConversation, ADeviceThatIsSilentIsAnErrorInBoundedTime) {
  VirtualClock clock;
  ScriptedLink link(clock, silent);
  SerprogConversation conversation(link, clock);
  conversation.queue(Buffer{0x13}, {}, 1s);
  EXPECT_EQ(line_of<TimeoutError>([&] { conversation.finish(); }),
            "link: the serprog device does not answer O_SPIOP (unplug it and plug it in again)");
  EXPECT_EQ(clock.now(), 5s);
  EXPECT_TRUE(conversation.lost());
}

TEST(SerprogConversation, ADeviceThatTakesNothingIsAnErrorInBoundedTime) {
  VirtualClock clock;
  ScriptedLink link(clock, silent);
  link.takes = 0;
  SerprogConversation conversation(link, clock);
  conversation.queue(Buffer{nop});
  EXPECT_EQ(line_of<TimeoutError>([&] { conversation.finish(); }),
            "link: the serprog device does not answer NOP (unplug it and plug it in again)");
  EXPECT_EQ(clock.now(), 3s);
}

TEST(SerprogConversation, RefusalsAndNonsense) {
  VirtualClock clock;
  ScriptedLink link(clock, silent);
  SerprogConversation conversation(link, clock);
  conversation.queue(Buffer{0x13});
  link.answers = {serprog_nak};
  EXPECT_EQ(line_of<DeviceError>([&] { conversation.finish(); }),
            "link: the serprog device refuses O_SPIOP");
  conversation.queue(Buffer{0x13});
  link.answers = {0x41};
  EXPECT_EQ(line_of<DeviceError>([&] { conversation.finish(); }),
            "link: the serprog device answers 0x41 to O_SPIOP (bytes were lost on the way: try a "
            "lower baud rate, or another cable)");
  conversation.queue(Buffer{0x13});
  link.answers = {serprog_ack, serprog_ack};
  EXPECT_EQ(line_of<DeviceError>([&] { conversation.finish(); }),
            "link: the serprog device answers what was not asked (does another program use it?)");
}

TEST(SerprogConversation, AsksOneCommandAlone) {
  VirtualClock clock;
  ScriptedLink link(clock, silent);
  SerprogConversation conversation(link, clock);
  Buffer answer(2);
  link.answers = {serprog_ack, 1, 0, serprog_nak};
  EXPECT_TRUE(conversation.ask(Buffer{0x01}, answer, 1s));
  EXPECT_EQ(answer, (Buffer{1, 0}));
  EXPECT_FALSE(conversation.ask(Buffer{0x05}, answer, 1s));
  EXPECT_EQ(line_of<TimeoutError>([&] { conversation.ask(Buffer{0x05}, answer, 1s); }),
            "link: the serprog device does not answer Q_BUSTYPE");
  link.answers = {serprog_ack, 1};
  EXPECT_EQ(line_of<TimeoutError>([&] { conversation.ask(Buffer{0x01}, answer, 1s); }),
            "link: the serprog device does not end its answer to Q_IFACE");
}

/// Answers SYNCNOP and NOP, after `ignored` bytes that it drops.
struct SyncDevice {
  void operator()(ConstBytes bytes, Buffer& answers) {
    for (const std::uint8_t byte : bytes) {
      if (ignored > 0) {
        --ignored;
        continue;
      }
      if (byte == 0x10) answers.push_back(serprog_nak);
      answers.push_back(serprog_ack);
    }
  }
  std::size_t ignored = 0;
};

TEST(SerprogConversation, Synchronizes) {
  VirtualClock clock;
  ScriptedLink link(clock, SyncDevice{});
  SerprogConversation conversation(link, clock);
  EXPECT_TRUE(conversation.lost());
  link.answers = {0x41, 0x15, 0x42};  // left over from another program
  conversation.synchronize();
  EXPECT_FALSE(conversation.lost());
  EXPECT_EQ(link.written, (Buffer{0x10, 0x10}));
}

TEST(SerprogConversation, SynchronizesADeviceThatWaitsForTheRestOfACommand) {
  VirtualClock clock;
  ScriptedLink link(clock, SyncDevice{.ignored = 5});
  SerprogConversation conversation(link, clock);
  conversation.synchronize();
  EXPECT_EQ(link.written, (Buffer{0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10}));
}

TEST(SerprogConversation, WhatDoesNotSpeakSerprogIsSaidSoInBoundedTime) {
  VirtualClock clock;
  ScriptedLink link(clock, silent);
  SerprogConversation conversation(link, clock);
  EXPECT_EQ(line_of<NoDeviceError>([&] { conversation.synchronize(); }),
            "link: nothing there speaks serprog (is it the right port and speed, and the "
            "programmer's firmware running?)");
  EXPECT_LT(clock.now(), 6s);
  ScriptedLink echo(clock, [](ConstBytes bytes, Buffer& answers) {
    answers.insert(answers.end(), bytes.begin(), bytes.end());
  });
  SerprogConversation other(echo, clock);
  EXPECT_THROW(other.synchronize(), NoDeviceError);
}

}  // namespace
}  // namespace romwright::flash::test
