package dev.throng.http;

import dev.throng.core.CollectionRef;
import dev.throng.core.ErrorCode;
import dev.throng.core.ThrongException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

/** Who asks. Everybody is one tenant, unless a trusted proxy names the tenant in a header. */
public final class TenantResolver {
  /** The tenant of a server that has only one. */
  public static final String DEFAULT_TENANT = "default";

  private final @Nullable HeaderName header;

  /**
   * @param trustedHeader the header's name, or "" for none
   */
  public TenantResolver(String trustedHeader) {
    this.header = trustedHeader.isEmpty() ? null : HeaderNames.create(trustedHeader);
  }

  /**
   * The tenant of a request.
   *
   * @throws ThrongException INVALID_TENANT when the trusted header is missing or not a name
   */
  public String resolve(ServerRequest request) {
    if (header == null) {
      return DEFAULT_TENANT;
    }
    String name = request.headers().first(header).orElse("");
    if (!CollectionRef.isName(name)) {
      throw new ThrongException(
          ErrorCode.INVALID_TENANT,
          "%s: \"%s\" (expected: %s)"
              .formatted(header.defaultCase(), name, CollectionRef.NAME_RULE));
    }
    return name;
  }

  /**
   * A collection of a request's tenant.
   *
   * @throws ThrongException INVALID_FIELD when it has no such name; as {@link #resolve}
   */
  public CollectionRef collection(ServerRequest request, String name) {
    if (!CollectionRef.isName(name)) {
      throw ThrongException.invalidField(
          "collection", "\"%.70s\"".formatted(name), CollectionRef.NAME_RULE);
    }
    return new CollectionRef(resolve(request), name);
  }
}
