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

/**
 * Certificates that the operator provides, for servers that the JDK's default trust store does not
 * know.
 */
public final class TrustedCertificates {
  private TrustedCertificates() {}

  /**
   * Returns a context that trusts only what these certificates have signed.
   *
   * @param file one or more certificates in PEM
   * @param code the error code to use when no certificate can be read
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
        throw new GeneralSecurityException("it contains no certificate");
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
