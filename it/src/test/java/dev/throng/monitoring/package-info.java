/** Tests of metrics, rules, alerts and dashboards with a real Prometheus. */
@NullMarked
package dev.throng.monitoring;

import org.jspecify.annotations.NullMarked;
