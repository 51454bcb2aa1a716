// SPDX-License-Identifier: GPL-2.0-or-later
// A small HTTP server with a script: it answers as a test says, in all the wrong ways too.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "flash/base/bytes.h"
#include "tests/support/tls_identity.h"

namespace romwright::test {

/// What a client asked for. Names of headers are in lower case.
struct HttpAsked {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? std::string() : at->second;
  }
};

/// What is sent: the headers as they are, and the body in one of several bad manners.
struct HttpReply {
  int status = 200;
  std::vector<std::string> headers;
  Buffer body;
  bool length = true;                   ///< says Content-Length, unless the headers do
  bool chunked = false;                 ///< sends the body in pieces without a length
  bool endless = false;                 ///< sends the body again and again
  bool stall = false;                   ///< behind the body waits until the client goes
  bool hang_up = false;                 ///< sends nothing at all
  std::optional<std::size_t> cut = {};  ///< closes behind so many bytes of the body
};

/// The part of `whole` that a Range header asks for, or all of it.
inline HttpReply file_reply(const HttpAsked& asked, const Buffer& whole) {
  const std::string range = asked.header("range");
  if (range.empty()) return {.body = whole};
  const std::size_t from = std::strtoull(range.c_str() + 6, nullptr, 10);
  if (from >= whole.size()) return {.status = 416};
  return {.status = 206,
          .headers = {fmt::format("Content-Range: bytes {}-{}/{}", from, whole.size() - 1,
                                  whole.size())},
          .body = Buffer(whole.begin() + static_cast<std::ptrdiff_t>(from), whole.end())};
}

/// Listens on the local host; each connection gets one answer, in a thread of its own.
class HttpServer {
 public:
  using Script = std::function<HttpReply(const HttpAsked&)>;

  explicit HttpServer(Script script, const TlsIdentity* identity = nullptr)
      : script_(std::move(script)), identity_(identity) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &size) != 0 || ::pipe(wake_) != 0)
      throw std::runtime_error("no local server");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this] { accept(); });
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer() {
    ::close(wake_[1]);  // everybody polls the other end
    acceptor_.join();
    connections_.clear();
    ::close(wake_[0]);
    ::close(listener_);
  }

  [[nodiscard]] std::string url(const std::string& target) const {
    return fmt::format("{}://127.0.0.1:{}{}", identity_ ? "https" : "http", port_, target);
  }
  /// All requests so far.
  [[nodiscard]] std::vector<HttpAsked> asked() const {
    const std::scoped_lock lock(mutex_);
    return asked_;
  }
  /// Bytes of all bodies, up to where they were cut.
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  /// A connection, plain or encrypted.
  class Wire {
   public:
    Wire(int socket, const TlsIdentity* identity) : socket_(socket) {
      if (identity == nullptr) return;
      tls_.reset(SSL_new(identity->context()));
      SSL_set_fd(tls_.get(), socket);
      good_ = SSL_accept(tls_.get()) == 1;
    }
    ~Wire() {
      if (tls_ && good_) SSL_shutdown(tls_.get());
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] int socket() const { return socket_; }
    std::size_t read(char* to, std::size_t size) {
      const auto count = tls_ ? SSL_read(tls_.get(), to, static_cast<int>(size))
                              : static_cast<int>(::recv(socket_, to, size, 0));
      return count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    bool write(ConstBytes bytes) {
      while (good_ && !bytes.empty()) {
        const auto count = tls_
                               ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        good_ = count > 0;
        if (good_) bytes = bytes.subspan(static_cast<std::size_t>(count));
      }
      return good_;
    }

   private:
    int socket_;
    std::unique_ptr<SSL, FreeSsl> tls_;
    bool good_ = true;
  };

  void accept() {
    while (wait_for(listener_)) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) continue;
      connections_.emplace_back([this, socket] {
        {
          Wire wire(socket, identity_);
          if (wire.good()) serve(wire);
        }
        ::shutdown(socket, SHUT_WR);
        // What the client still sends is read, or closing would throw away what it has not read.
        char rest[4096];
        while (wait_for(socket) && ::recv(socket, rest, sizeof rest, 0) > 0) {
        }
        ::close(socket);
      });
    }
  }

  /// False when the server ends.
  [[nodiscard]] bool wait_for(int socket) const {
    pollfd files[] = {{socket, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    ::poll(files, 2, -1);
    return files[1].revents == 0;
  }

  std::optional<HttpAsked> read_request(Wire& wire) const {
    std::string text;
    while (text.find("\r\n\r\n") == std::string::npos) {
      char piece[4096];
      const std::size_t count =
          identity_ != nullptr || wait_for(wire.socket()) ? wire.read(piece, sizeof piece) : 0;
      if (count == 0) return std::nullopt;
      text.append(piece, count);
    }
    HttpAsked asked;
    const auto line = text.find("\r\n");
    const auto first = text.find(' ');
    const auto second = text.find(' ', first + 1);
    asked.method = text.substr(0, first);
    asked.target = text.substr(first + 1, second - first - 1);
    for (std::size_t at = line + 2; text.compare(at, 2, "\r\n") != 0;) {
      const auto end = text.find("\r\n", at);
      const auto colon = text.find(':', at);
      std::string name = text.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      asked.headers[name] = text.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    return asked;
  }

  void serve(Wire& wire) {
    const auto asked = read_request(wire);
    if (!asked) return;
    {
      const std::scoped_lock lock(mutex_);
      asked_.push_back(*asked);
    }
    const HttpReply reply = script_(*asked);
    if (reply.hang_up) return;
    std::string head = fmt::format("HTTP/1.1 {} Status\r\nConnection: close\r\n", reply.status);
    bool told = !reply.length || reply.chunked || reply.endless;
    for (const std::string& header : reply.headers) {
      head += header + "\r\n";
      told |= header.starts_with("Content-Length:");
    }
    if (!told) head += fmt::format("Content-Length: {}\r\n", reply.body.size());
    if (reply.chunked) head += "Transfer-Encoding: chunked\r\n";
    if (!wire.write(as_bytes(head + "\r\n")) || asked->method == "HEAD") return;
    send_body(wire, reply);
    if (reply.stall && wait_for(wire.socket())) return;
  }

  void send_body(Wire& wire, const HttpReply& reply) {
    const ConstBytes body = ConstBytes(reply.body).first(reply.cut.value_or(reply.body.size()));
    do {
      sent_ += body.size();  // first, so that a client that has it all finds it counted
      if (reply.chunked && !wire.write(as_bytes(fmt::format("{:x}\r\n", body.size())))) return;
      if (!wire.write(body)) return;
      if (reply.chunked && !wire.write(as_bytes("\r\n"))) return;
    } while (reply.endless);
    if (reply.chunked && !reply.cut) wire.write(as_bytes("0\r\n\r\n"));
  }

  Script script_;
  const TlsIdentity* identity_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<HttpAsked> asked_;
  std::atomic<std::uint64_t> sent_ = 0;
  std::vector<std::jthread> connections_;
  std::jthread acceptor_;
};

}  // namespace romwright::test
