package dev.throng.app;

import dev.throng.catalog.Catalog;
import dev.throng.config.ThrongConfig;
import dev.throng.core.Ids;
import dev.throng.http.FeedbackRoute;
import dev.throng.http.Route;
import dev.throng.http.TenantResolver;
import dev.throng.observe.FeedbackMetrics;
import dev.throng.observe.MetricsRegistry;
import java.util.List;

/** What users say about answers. */
final class Opinions {
  private Opinions() {}

  static List<Route> routes(
      ThrongConfig config,
      Catalog catalog,
      TenantResolver tenants,
      Ids ids,
      MetricsRegistry metrics) {
    return new FeedbackRoute(
            catalog,
            config.feedback(),
            config.server(),
            config.answer().defaultCollection(),
            tenants,
            ids,
            new FeedbackMetrics(metrics.registry()))
        .routes();
  }
}
