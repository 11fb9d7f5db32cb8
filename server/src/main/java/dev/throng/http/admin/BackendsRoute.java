package dev.throng.http.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.throng.backend.pool.BackendPool;
import dev.throng.backend.pool.PoolState;
import dev.throng.catalog.Catalog;
import dev.throng.core.ThrongException;
import dev.throng.http.Exchange;
import dev.throng.http.Json;
import dev.throng.http.JsonFields;
import dev.throng.http.Route;
import dev.throng.http.Route.Access;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * GET /admin/backends: shows the pool's state of each backend. POST /admin/backends/drain and
 * .../resume, with {@code {"url": "..."}}: take a backend out of use and back into use, also across
 * restarts. A drained backend gets no new work but finishes the answers it is generating.
 */
public final class BackendsRoute {
  private static final int MAX_BODY_BYTES = 1 << 16;

  private final @Nullable BackendPool pool;
  private final Catalog catalog;

  /**
   * Creates the route.
   *
   * @param pool null when no backend is used
   */
  public BackendsRoute(@Nullable BackendPool pool, Catalog catalog) {
    this.pool = pool;
    this.catalog = catalog;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/admin/backends", Access.OPERATOR, this::list),
        Route.post("/admin/backends/drain", Access.OPERATOR, this::drain),
        Route.post("/admin/backends/resume", Access.OPERATOR, this::resume));
  }

  private void list(Exchange exchange) {
    ObjectNode answer = Json.object();
    var rows = answer.putArray("backends");
    for (PoolState.View view : view()) {
      rows.addObject()
          .put("url", view.name())
          .put("state", view.phase().toLowerCase(Locale.ROOT))
          .put("drained", view.isDrained())
          .put("slots", view.slots())
          .put("in_flight", view.inFlight());
    }
    exchange.sendJson(answer);
  }

  private void drain(Exchange exchange) {
    change(exchange, true);
  }

  private void resume(Exchange exchange) {
    change(exchange, false);
  }

  private void change(Exchange exchange, boolean isDrained) {
    JsonFields fields = JsonFields.parse(exchange.readJson(MAX_BODY_BYTES));
    String url = fields.text("url").orElse("");
    fields.finish();
    List<String> names = view().stream().map(PoolState.View::name).toList();
    if (pool == null || !names.contains(url)) {
      throw ThrongException.invalidField("url", "\"" + url + "\"", "one of " + names);
    }
    catalog.drainedBackends().set(url, isDrained);
    pool.drain(url, isDrained);
    list(exchange);
  }

  private List<PoolState.View> view() {
    return pool == null ? List.of() : pool.view();
  }
}
