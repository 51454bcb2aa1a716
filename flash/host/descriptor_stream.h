// SPDX-License-Identifier: GPL-2.0-or-later
// A byte stream on a file descriptor: what sockets and serial ports share.
#pragma once

#include <string>

#include "flash/host/byte_stream.h"

namespace romwright::flash {

/// A file descriptor that is closed with its owner; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) = delete;
  ~Descriptor();
  [[nodiscard]] int number() const noexcept { return number_; }

 private:
  int number_;
};

class DescriptorStream : public ByteStream {
 public:
  /// `descriptor` does not block.
  DescriptorStream(Descriptor descriptor, std::string name, std::size_t kept);
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  std::size_t read_some(Bytes into) override;
  std::size_t write_some(ConstBytes bytes) override;
  bool wait(bool to_write, std::chrono::nanoseconds longest) override;
  [[nodiscard]] std::size_t kept() const noexcept override { return kept_; }

 protected:
  [[nodiscard]] int descriptor() const noexcept { return descriptor_.number(); }

 private:
  [[noreturn]] void lost(int error) const;

  Descriptor descriptor_;
  std::string name_;
  std::size_t kept_;
};

}  // namespace romwright::flash
