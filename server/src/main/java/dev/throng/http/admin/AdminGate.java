package dev.throng.http.admin;

import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import dev.throng.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Authorizes operators, by the configured token or by the local token in this machine's data
 * folder.
 */
public final class AdminGate {
  private static final String BEARER = "Bearer ";

  private final String configuredToken;
  private final String localToken;

  /**
   * Creates a gate.
   *
   * @param configuredToken from THRONG_ADMIN_TOKEN; "" when there is none
   * @param localToken generated at every start and readable in the data folder by its owner only
   */
  public AdminGate(String configuredToken, String localToken) {
    this.configuredToken = configuredToken;
    this.localToken = localToken;
  }

  /**
   * Checks a request.
   *
   * @throws ThrongException UNAUTHORIZED, or ADMIN_DISABLED when no token exists
   */
  public void check(Exchange exchange) {
    if (isOperator(exchange)) {
      return;
    }
    throw configuredToken.isEmpty()
        ? new ThrongException(ErrorCode.ADMIN_DISABLED, "THRONG_ADMIN_TOKEN is not set")
        : new ThrongException(ErrorCode.UNAUTHORIZED, "no valid bearer token");
  }

  /** Returns whether a request carries an operator's token. */
  public boolean isOperator(Exchange exchange) {
    String header = exchange.header("Authorization").orElse("");
    String token = header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
    return isSame(token, localToken) || isSame(token, configuredToken);
  }

  /** Compares in constant time, and never accepts an empty token. */
  private static boolean isSame(String given, String expected) {
    return !expected.isEmpty()
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
