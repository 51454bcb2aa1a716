// SPDX-License-Identifier: GPL-2.0-or-later
// An HTTP server on this machine that gives the answers that a test has put into it.
#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace romwright::test {

/// One answer; `body` is not sent to a question for the head.
struct Answer {
  int status = 200;
  std::string body;
  std::string headers;        ///< further ones, each with "\r\n" behind it
  bool refuses_head = false;  ///< status 405 for a question for the head alone
};

/// Serves one connection after the other until it is destroyed; what is not known is 404.
class AnsweringServer {
 public:
  AnsweringServer() {
    // A proxy that the environment names is for other machines.
    ::setenv("no_proxy", "127.0.0.1", 1);
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(socket_, 16) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no port on this machine");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;
  ~AnsweringServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }

  void put(const std::string& path, Answer answer) {
    const std::scoped_lock lock(mutex_);
    answers_[path] = std::move(answer);
  }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// "HEAD /a", "GET /a", in their order.
  [[nodiscard]] std::vector<std::string> questions() const {
    const std::scoped_lock lock(mutex_);
    return questions_;
  }

 private:
  void serve() {
    for (int client = 0; (client = ::accept(socket_, nullptr, nullptr)) >= 0;) {
      answer_to(client);
      ::close(client);
    }
  }
  void answer_to(int client) {
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(client, bytes, sizeof bytes, 0);
      if (count <= 0) return;
      request.append(bytes, static_cast<std::size_t>(count));
    }
    const std::string question = request.substr(0, request.find(" HTTP/"));
    const bool head = question.starts_with("HEAD ");
    Answer answer{404, "not here", {}};
    {
      const std::scoped_lock lock(mutex_);
      questions_.push_back(question);
      const auto at = answers_.find(question.substr(question.find(' ') + 1));
      if (at != answers_.end()) answer = at->second;
    }
    if (head && answer.refuses_head) answer = {405, {}, {}};
    const std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " Answer\r\n" +
                             answer.headers +
                             "Content-Length: " + std::to_string(answer.body.size()) +
                             "\r\nConnection: close\r\n\r\n" + (head ? "" : answer.body);
    for (std::size_t sent = 0; sent < text.size();) {
      const ssize_t count = ::send(client, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
  }

  int socket_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, Answer> answers_;
  std::vector<std::string> questions_;
  std::thread thread_;
};

}  // namespace romwright::test
