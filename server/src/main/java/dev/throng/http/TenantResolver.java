package dev.throng.http;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;

/**
 * Determines the tenant of a request. All requests belong to one tenant, unless a trusted proxy
 * names the tenant in a header.
 */
public final class TenantResolver {
  /** The tenant of a server with a single tenant. */
  public static final String DEFAULT_TENANT = "default";

  private final String header;

  /**
   * Creates a resolver.
   *
   * @param trustedHeader the header's name, or "" for none
   */
  public TenantResolver(String trustedHeader) {
    this.header = trustedHeader;
  }

  /**
   * Returns the tenant of a request.
   *
   * @throws ThrongException INVALID_TENANT when the trusted header is missing or not a valid name
   */
  public String resolve(Exchange exchange) {
    if (header.isEmpty()) {
      return DEFAULT_TENANT;
    }
    String name = exchange.header(header).orElse("");
    if (!CollectionRef.isName(name)) {
      throw new ThrongException(
          ErrorCode.INVALID_TENANT,
          "%s: \"%s\" (expected: %s)".formatted(header, name, CollectionRef.NAME_RULE));
    }
    return name;
  }

  /**
   * Returns a collection of a request's tenant.
   *
   * @throws ThrongException INVALID_FIELD when the name is invalid; otherwise as {@link #resolve}
   */
  public CollectionRef collection(Exchange exchange, String name) {
    if (!CollectionRef.isName(name)) {
      throw ThrongException.invalidField(
          "collection", "\"%.70s\"".formatted(name), CollectionRef.NAME_RULE);
    }
    return new CollectionRef(resolve(exchange), name);
  }
}
