package io.github.gpfm.examples.service;

import io.github.gpfm.api.InvalidOptionException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificate and private key from PEM files. */
final class PemFiles {
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  private PemFiles() {}

  /**
   * A key store in memory with one entry.
   *
   * @param password of the entry
   * @throws InvalidOptionException if a file cannot be read or does not hold what it should
   */
  static KeyStore keyStore(ServiceSettings.Tls files, char[] password) {
    byte[] certificates = read(files.certificates());
    try {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(certificates))
              .toArray(Certificate[]::new);
      if (chain.length == 0) {
        throw new InvalidOptionException(
            files.certificates() + " holds no certificate; give a PEM file.");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("gpfm", key(files.key()), password, chain);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new InvalidOptionException(
          "The certificate %s cannot be used with the key %s (%s); give PEM files that belong together."
              .formatted(files.certificates(), files.key(), e.getMessage()),
          e);
    }
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException {
    Matcher pem = KEY.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new InvalidOptionException(
          file
              + " holds no PKCS #8 private key without password; convert it with: openssl pkcs8"
              + " -topk8 -nocrypt -in KEY -out KEY.pem");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(pem.group(1));
    } catch (IllegalArgumentException e) {
      throw new InvalidOptionException(file + " is not valid PEM; export the key again.", e);
    }
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        continue;
      }
    }
    throw new InvalidOptionException(
        file + " holds a key that is neither RSA nor EC nor Ed25519; give another.");
  }

  private static byte[] read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new InvalidOptionException(file + " is too large for a PEM file; check the path.");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new InvalidOptionException(
          "%s cannot be read (%s); check the path.".formatted(file, e.getMessage()), e);
    }
  }
}
