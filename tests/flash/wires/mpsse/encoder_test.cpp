// SPDX-License-Identifier: GPL-2.0-or-later
#include "flash/wires/mpsse/encoder.h"

#include <array>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace romwright::flash {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using testing::ElementsAre;
using testing::ElementsAreArray;

constexpr MpsseWire fast{};  // 30 MHz

std::vector<MpsseChunk> encode(std::span<const SpiOp> program, const MpsseWire& wire = fast) {
  std::vector<MpsseChunk> chunks;
  encode_mpsse(program, wire, [&](MpsseChunk&& chunk) {
    chunks.push_back(std::move(chunk));
    return true;
  });
  return chunks;
}

Buffer bytes_of(std::span<const SpiOp> program, const MpsseWire& wire = fast) {
  const auto chunks = encode(program, wire);
  EXPECT_EQ(chunks.size(), 1U);
  return chunks.empty() ? Buffer{} : chunks[0].out;
}

TEST(MpsseEncoder, ACommandIsOneSelectionOfTheChip) {
  const std::array<std::uint8_t, 2> data{0xaa, 0xbb};
  const SpiOp op = SpiCommand{.opcode = 0x02, .address_bytes = 3, .address = 0x123456, .out = data};
  EXPECT_THAT(bytes_of({&op, 1}),
              ElementsAre(0x80, 0x00, 0x0b,                                      // selected
                          0x11, 0x05, 0x00, 0x02, 0x12, 0x34, 0x56, 0xaa, 0xbb,  // six bytes out
                          0x80, 0x08, 0x0b));                                    // not selected
}

TEST(MpsseEncoder, AReadEndsWithTheRequestToAnswerAtOnce) {
  std::array<std::uint8_t, 3> id{};
  const SpiOp op = SpiCommand{.opcode = 0x9f, .in = id};
  const auto chunks = encode({&op, 1});
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_THAT(chunks[0].out, ElementsAre(0x80, 0x00, 0x0b, 0x11, 0x00, 0x00, 0x9f, 0x20, 0x02, 0x00,
                                         0x80, 0x08, 0x0b, 0x87));
  EXPECT_EQ(chunks[0].answer_bytes, 3U);
  EXPECT_EQ(chunks[0].completed, 1U);
  EXPECT_EQ(chunks[0].time, fast.time_of(32));
}

TEST(MpsseEncoder, LateSamplingReadsAtTheFallingEdge) {
  std::array<std::uint8_t, 1> in{};
  const SpiOp op = SpiCommand{.opcode = 0x05, .in = in};
  MpsseWire wire = fast;
  wire.sampling = SpiSampling::late;
  EXPECT_EQ(bytes_of({&op, 1}, wire).at(7), 0x24);
}

TEST(MpsseEncoder, FourAddressBytesAndDummies) {
  std::array<std::uint8_t, 256> in{};
  const SpiOp op = SpiCommand{
      .opcode = 0x0c, .address_bytes = 4, .dummy_bytes = 1, .address = 0x01020304, .in = in};
  EXPECT_THAT(bytes_of({&op, 1}),
              ElementsAre(0x80, 0x00, 0x0b, 0x11, 0x05, 0x00, 0x0c, 0x01, 0x02, 0x03, 0x04, 0x00,
                          0x20, 0xff, 0x00, 0x80, 0x08, 0x0b, 0x87));
}

TEST(MpsseEncoder, WaitsAreClocksWhileNotSelected) {
  // 1 us are 30 clocks: 4 bytes. 20 ms are 75 000 bytes: one whole command and a rest.
  const std::array<SpiOp, 2> program{SpiWait{1us}, SpiWait{20ms}};
  EXPECT_THAT(bytes_of(program), ElementsAre(0x8f, 0x03, 0x00, 0x8f, 0xff, 0xff, 0x8f, 0xf7, 0x24));
  const SpiOp none = SpiWait{0ns};
  EXPECT_THAT(bytes_of({&none, 1}), ElementsAre());
}

TEST(MpsseEncoder, APollWaitsForWhatIsLeftOfItsTime) {
  const std::array<SpiOp, 3> program{
      SpiCommand{.opcode = 0xc7}, SpiWait{1us},
      SpiPoll{.opcode = 0x05, .mask = 1, .expect = 0, .typical = 2us, .deadline = 1s}};
  const auto chunks = encode(program);
  ASSERT_EQ(chunks.size(), 1U);
  // 2 us are 60 clocks, of which the wait has made 32: 28 are left, which are 4 bytes.
  EXPECT_THAT(chunks[0].out,
              ElementsAre(0x80, 0x00, 0x0b, 0x11, 0x00, 0x00, 0xc7, 0x80, 0x08, 0x0b,  //
                          0x8f, 0x03, 0x00,                                            //
                          0x8f, 0x03, 0x00,                                            //
                          0x80, 0x00, 0x0b, 0x11, 0x00, 0x00, 0x05, 0x20, 0x00, 0x00, 0x80, 0x08,
                          0x0b, 0x87));
  ASSERT_EQ(chunks[0].answers.size(), 1U);
  EXPECT_EQ(chunks[0].answers[0].elapsed, fast.time_of(64 + 16));
}

TEST(MpsseEncoder, ASecondPollCountsFromTheSameCommand) {
  const SpiPoll poll{.opcode = 0x05, .typical = 2us, .deadline = 1s};
  const std::array<SpiOp, 3> program{SpiCommand{.opcode = 0x06}, poll, poll};
  const auto chunks = encode(program);
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_EQ(chunks[0].answers.at(0).elapsed, fast.time_of(64 + 16));
  EXPECT_EQ(chunks[0].answers.at(1).elapsed, fast.time_of(64 + 32));
}

TEST(MpsseEncoder, LongReadsAreCutIntoChunksWithTheChipSelected) {
  Buffer in(150'000);
  const SpiOp op = SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = in};
  const auto chunks = encode({&op, 1});
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_THAT(chunks[0].out, ElementsAre(0x80, 0x00, 0x0b, 0x11, 0x03, 0x00, 0x03, 0x00, 0x00, 0x00,
                                         0x20, 0xff, 0xff, 0x87));
  EXPECT_THAT(chunks[1].out, ElementsAre(0x20, 0xff, 0xff, 0x87));
  EXPECT_THAT(chunks[2].out, ElementsAre(0x20, 0xef, 0x49, 0x80, 0x08, 0x0b, 0x87));
  EXPECT_EQ(chunks[0].completed, 0U);
  EXPECT_EQ(chunks[2].completed, 1U);
  EXPECT_EQ(chunks[1].answers.at(0).into.data(), in.data() + 65536);
}

TEST(MpsseEncoder, LongWritesAreCutToo) {
  const Buffer data(70'000, 0x5a);
  const SpiOp op = SpiCommand{.opcode = 0x02, .address_bytes = 3, .out = data};
  std::size_t sent = 0;
  Buffer stream;
  for (const MpsseChunk& chunk : encode({&op, 1})) {
    EXPECT_LE(chunk.out.size(), 2 * 16384U + 64);
    stream.insert(stream.end(), chunk.out.begin(), chunk.out.end());
  }
  // Between the two pin settings there are only commands 0x11 with their data.
  for (std::size_t at = 3; at < stream.size() - 3;) {
    ASSERT_EQ(stream[at], 0x11);
    const std::size_t size = load_le<std::uint16_t>(stream, at + 1) + std::size_t{1};
    sent += size;
    at += 3 + size;
  }
  EXPECT_EQ(sent, data.size() + 4);
}

TEST(MpsseEncoder, AStreamOfPagesNeedsLittleMemoryAtATime) {
  const Buffer page(256, 0x11);
  std::vector<SpiOp> program;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    program.emplace_back(SpiCommand{.opcode = 0x06});
    program.emplace_back(
        SpiCommand{.opcode = 0x02, .address_bytes = 3, .address = i * 256, .out = page});
    program.emplace_back(SpiPoll{.typical = 700us, .deadline = 1s});
  }
  std::size_t polls = 0;
  nanoseconds time{0};
  for (const MpsseChunk& chunk : encode(program)) {
    EXPECT_LE(chunk.out.size(), 16384U + 512);
    polls += chunk.answers.size();
    time += chunk.time;
  }
  EXPECT_EQ(polls, 1000U);
  EXPECT_GE(time, 1000 * 700us);
  EXPECT_LE(time, 1000 * 780us);
}

TEST(MpsseEncoder, EndsBehindTheOperationUnderWay) {
  Buffer in(200'000);
  const std::array<SpiOp, 2> program{SpiCommand{.opcode = 0x03, .address_bytes = 3, .in = in},
                                     SpiCommand{.opcode = 0x06}};
  std::vector<MpsseChunk> chunks;
  encode_mpsse(program, fast, [&](MpsseChunk&& chunk) {
    chunks.push_back(std::move(chunk));
    return false;
  });
  // The chip is deselected, the next operation is not begun.
  EXPECT_THAT(ConstBytes(chunks.back().out).last(4), ElementsAre(0x80, 0x08, 0x0b, 0x87));
  EXPECT_EQ(chunks.back().completed, 1U);
}

TEST(MpsseEncoder, PinsOfTheBoard) {
  MpsseWire wire = fast;
  wire.pins = {.selected = 0x20, .idle = 0x28, .direction = 0x2b};
  const SpiOp op = SpiCommand{.opcode = 0x06};
  EXPECT_THAT(bytes_of({&op, 1}, wire),
              ElementsAre(0x80, 0x20, 0x2b, 0x11, 0x00, 0x00, 0x06, 0x80, 0x28, 0x2b));
}

TEST(MpsseDecoder, SpreadsTheAnswers) {
  std::array<std::uint8_t, 2> in{};
  const std::array<SpiOp, 3> program{
      SpiPoll{.opcode = 0x05, .mask = 1, .expect = 0, .typical = 1us, .deadline = 1s},
      SpiCommand{.opcode = 0x9f, .in = in},
      SpiPoll{.opcode = 0x05, .mask = 1, .expect = 0, .deadline = 1s}};
  const auto chunks = encode(program);
  ASSERT_EQ(chunks.size(), 1U);
  const Buffer answers{0x03, 0x12, 0x34, 0x02};
  std::size_t at = 0;
  std::vector<PollResult> polls;
  decode_mpsse(
      chunks[0], program,
      [&](Bytes into) {
        for (std::uint8_t& byte : into) byte = answers.at(at++);
      },
      polls);
  EXPECT_EQ(at, answers.size());
  EXPECT_THAT(in, ElementsAre(0x12, 0x34));
  ASSERT_EQ(polls.size(), 2U);
  EXPECT_EQ(polls[0].op, 0U);
  EXPECT_EQ(polls[0].value, 0x03);
  EXPECT_FALSE(polls[0].passed);
  EXPECT_EQ(polls[1].op, 2U);
  EXPECT_TRUE(polls[1].passed);
}

TEST(MpsseSettings, OnAnHType) {
  EXPECT_THAT(mpsse_sync(), ElementsAre(0xaa, 0x87));
  EXPECT_THAT(mpsse_settings(fast),
              ElementsAre(0x8a, 0x97, 0x8d, 0x85, 0x86, 0x00, 0x00, 0x80, 0x08, 0x0b));
}

TEST(MpsseSettings, OnTheOlderOnesWithHighPins) {
  const MpsseWire wire{.base_hz = 12'000'000, .divisor = 6, .idle_clocks = false};
  EXPECT_THAT(mpsse_settings(wire, MpsseHighPins{0x00, 0x70}),
              ElementsAre(0x85, 0x86, 0x02, 0x00, 0x80, 0x08, 0x0b, 0x82, 0x00, 0x70));
  EXPECT_THAT(mpsse_release(MpsseHighPins{0x00, 0x70}),
              ElementsAre(0x80, 0x00, 0x00, 0x82, 0x00, 0x00));
}

TEST(MpsseDivisor, IsEvenAndNotTooFast) {
  EXPECT_EQ(mpsse_divisor(60'000'000, 30'000'000), 2U);
  EXPECT_EQ(mpsse_divisor(60'000'000, 100'000'000), 2U);
  EXPECT_EQ(mpsse_divisor(60'000'000, 29'999'999), 4U);
  EXPECT_EQ(mpsse_divisor(60'000'000, 12'000'000), 6U);
  EXPECT_EQ(mpsse_divisor(60'000'000, 1), 131072U);
  EXPECT_EQ(mpsse_divisor(60'000'000, 0), 131072U);
  EXPECT_THAT(mpsse_divisor_command(131072), ElementsAre(0x86, 0xff, 0xff));
}

TEST(MpsseWire, TimesAreRoundedUp) {
  EXPECT_EQ(fast.time_of(30), 1us);
  EXPECT_EQ(fast.time_of(1), 34ns);
  EXPECT_EQ(fast.time_of(30'000'000ULL * 3600), std::chrono::hours(1));
}

}  // namespace
}  // namespace romwright::flash
