// SPDX-License-Identifier: GPL-2.0-or-later
// A key and a certificate for 127.0.0.1 that it signs itself, made anew for each test.
#pragma once

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace romwright::test {

struct FreeSsl {
  void operator()(SSL* object) const noexcept { SSL_free(object); }
  void operator()(SSL_CTX* object) const noexcept { SSL_CTX_free(object); }
  void operator()(EVP_PKEY* object) const noexcept { EVP_PKEY_free(object); }
  void operator()(X509* object) const noexcept { X509_free(object); }
};

class TlsIdentity {
 public:
  TlsIdentity()
      : key_(EVP_EC_gen("P-256")),
        certificate_(X509_new()),
        context_(SSL_CTX_new(TLS_server_method())) {
    std::signal(SIGPIPE, SIG_IGN);  // of a server whose client has gone
    X509* certificate = certificate_.get();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key_.get());
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("romwright test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    if (X509_sign(certificate, key_.get(), EVP_sha256()) == 0 ||
        SSL_CTX_use_certificate(context_.get(), certificate) != 1 ||
        SSL_CTX_use_PrivateKey(context_.get(), key_.get()) != 1)
      throw std::runtime_error("no certificate");
  }

  [[nodiscard]] SSL_CTX* context() const { return context_.get(); }
  void write_certificate(const std::filesystem::path& path) const {
    std::FILE* file = std::fopen(path.c_str(), "w");
    PEM_write_X509(file, certificate_.get());
    std::fclose(file);
  }

 private:
  std::unique_ptr<EVP_PKEY, FreeSsl> key_;
  std::unique_ptr<X509, FreeSsl> certificate_;
  std::unique_ptr<SSL_CTX, FreeSsl> context_;
};

}  // namespace romwright::test
