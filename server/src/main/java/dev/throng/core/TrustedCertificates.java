package dev.throng.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates of an operator's own, for servers that the JDK's do not know. */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * Trusts what these certificates have signed, and nothing else.
   *
   * @param file in PEM, one or several
   * @param code of the failure when there is none to be read
   */
  public static SSLContext context(Path file, ErrorCode code) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca-" + count, certificate);
        count++;
      }
      if (count == 0) {
        throw new GeneralSecurityException("no certificate in it");
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new ThrongException(
          code,
          "ca_file: \"%s\" (expected: certificates in PEM): %s".formatted(file, e.getMessage()),
          e);
    }
  }
}
