// SPDX-License-Identifier: GPL-2.0-or-later
// The program under a real kernel: Debian's, in QEMU, with a small initial file system that holds
// the program, what it links, a few kernel modules and busybox.
#pragma once

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/program.h"

namespace romwright::test {

namespace fs = std::filesystem;

/// A kernel with its modules, as Debian's package lays them out below `root`.
struct Kernel {
  fs::path root;
  std::string release;
  [[nodiscard]] fs::path image() const { return root / "boot" / ("vmlinuz-" + release); }
  [[nodiscard]] fs::path modules() const { return root / "lib/modules" / release / "kernel"; }
};

/// Where `setup` puts one, else the system's.
inline std::optional<Kernel> find_kernel() {
  for (const fs::path& root : {fs::path(ROMWRIGHT_BINARY_DIR) / "kernel", fs::path("/")}) {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(root / "boot", code)) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with("vmlinuz-")) continue;
      Kernel kernel{root, name.substr(8)};
      if (fs::exists(kernel.modules())) return kernel;
    }
  }
  return std::nullopt;
}

/// What one command in the guest gave.
struct GuestResult {
  int status = -1;  ///< -1 where the guest did not get so far
  std::string out;  ///< both outputs
};

class Guest {
 public:
  explicit Guest(Kernel kernel) : kernel_(std::move(kernel)) {
    for (const char* folder : {"bin", "proc", "sys", "dev", "tmp", "modules", "root"})
      fs::create_directories(root() / folder);
    add_program(*find_program("busybox"), "bin/busybox");
    add_program(ROMWRIGHT_PROGRAM, "bin/romwright");
  }

  /// A kernel module by its path below .../kernel, with what is said when it is loaded.
  void module(const std::string& path, const std::string& parameters = {}) {
    const fs::path file = kernel_.modules() / path;
    fs::copy_file(file, root() / "modules" / file.filename());
    modules_ += "insmod /modules/" + file.filename().string() + " " + parameters + "\n";
  }
  void file(const std::string& path, const fs::path& from) {
    fs::create_directories((root() / path).parent_path());
    fs::copy(from, root() / path, fs::copy_options::recursive);
  }
  /// Runs in the guest, by its shell, in the folder /root; `name` finds the result.
  void command(const std::string& name, const std::string& line) {
    commands_ += "echo '<<" + name + "'\n(" + line + ") 2>&1\necho \">>" + name + " $?\"\n";
  }
  /// False where the kernel that was found has no such module.
  [[nodiscard]] bool has_module(const std::string& path) const {
    return fs::exists(kernel_.modules() / path);
  }
  /// More of the kernel's command line.
  void kernel_arguments(const std::string& more) { append_ += " " + more; }
  /// What QEMU gets besides the kernel.
  void arguments(const std::vector<std::string>& more) {
    arguments_.insert(arguments_.end(), more.begin(), more.end());
  }
  /// Boots, runs the commands, and switches off. Killed when it takes longer.
  void boot(std::chrono::seconds longest) {
    std::ofstream(root() / "init") << "#!/bin/busybox sh\n"
                                      "/bin/busybox --install -s /bin\n"
                                      "export PATH=/bin HOME=/root\n"
                                      "mount -t proc proc /proc\nmount -t sysfs sysfs /sys\n"
                                      "mount -t devtmpfs dev /dev\ncd /root\nstty -onlcr\n"
                                   << modules_ << commands_ << "poweroff -f\n";
    fs::permissions(root() / "init", fs::perms::owner_all);
    const std::string archive = (folder_ / "initrd").string();
    run({"sh", "-c",
         "cd '" + root().string() + "' && find . | cpio -o -H newc --quiet >'" + archive + "'"});
    std::vector<std::string> all = {"timeout",
                                    "--signal=KILL",
                                    std::to_string(longest.count()),
                                    "qemu-system-x86_64",
                                    "-machine",
                                    "q35,accel=tcg",
                                    "-m",
                                    "1024",
                                    "-display",
                                    "none",
                                    "-no-reboot",
                                    "-nodefaults",
                                    "-serial",
                                    "stdio",
                                    "-kernel",
                                    kernel_.image().string(),
                                    "-initrd",
                                    archive,
                                    "-append",
                                    "console=ttyS0 quiet panic=-1" + append_};
    all.insert(all.end(), arguments_.begin(), arguments_.end());
    const Result result = run(all);
    console_ = result.out;
    errors_ = result.err;
  }

  [[nodiscard]] GuestResult result(const std::string& name) const {
    GuestResult found;
    const std::string begin = "<<" + name + "\n", end = ">>" + name + " ";
    const auto from = console_.find(begin);
    const auto to = console_.find(end);
    if (from == std::string::npos || to == std::string::npos) return found;
    found.out = console_.substr(from + begin.size(), to - from - begin.size());
    found.status = std::atoi(console_.c_str() + to + end.size());
    return found;
  }
  /// All that the guest said, for a failure's message.
  [[nodiscard]] std::string console() const { return console_ + errors_; }

 private:
  [[nodiscard]] fs::path root() const { return folder_ / "root"; }
  /// A program and the libraries that it loads.
  void add_program(const std::string& program, const std::string& path) {
    fs::copy_file(program, root() / path);
    std::istringstream lines(run({"ldd", program}).out);
    for (std::string word; lines >> word;) {
      if (!word.starts_with('/') || !fs::exists(word) || fs::exists(root() / word.substr(1)))
        continue;
      fs::create_directories((root() / word.substr(1)).parent_path());
      fs::copy_file(word, root() / word.substr(1));
    }
  }

  TemporaryFolder folder_;
  Kernel kernel_;
  std::string modules_, commands_, append_, console_, errors_;
  std::vector<std::string> arguments_;
};

}  // namespace romwright::test
