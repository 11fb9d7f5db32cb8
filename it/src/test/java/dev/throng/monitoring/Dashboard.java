package dev.throng.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A dashboard of Grafana: panels in rows of two, for one data source, namespace and job. */
final class Dashboard {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int SCHEMA = 39;
  private static final int WIDTH = 12;
  private static final int HEIGHT = 8;

  /**
   * One graph.
   *
   * @param unit as Grafana names it: s, bytes, percentunit, reqps, short
   */
  record Panel(String title, String unit, String description, List<Query> queries) {}

  /**
   * One query of a graph.
   *
   * @param legend with labels in double braces
   */
  record Query(String expression, String legend) {}

  private final String name;
  private final String title;
  private final List<Panel> panels = new ArrayList<>();

  /**
   * Creates an empty dashboard.
   *
   * @param name of its file and in its address
   */
  Dashboard(String name, String title) {
    this.name = name;
    this.title = title;
  }

  Dashboard panel(String title, String unit, String description, Query... queries) {
    panels.add(new Panel(title, unit, description, List.of(queries)));
    return this;
  }

  String name() {
    return name;
  }

  List<Panel> panels() {
    return panels;
  }

  /** Returns the file that Grafana imports. */
  String json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("uid", "throng-" + name).put("title", title).put("schemaVersion", SCHEMA);
    root.putArray("tags").add("throng");
    root.put("editable", true).put("refresh", "30s");
    root.putObject("time").put("from", "now-6h").put("to", "now");
    ArrayNode variables = root.putObject("templating").putArray("list");
    variables
        .addObject()
        .put("name", "datasource")
        .put("type", "datasource")
        .put("query", "prometheus");
    variable(variables, "namespace", "label_values(throng_build_info, namespace)");
    variable(variables, "job", "label_values(throng_build_info{namespace=~\"$namespace\"}, job)");
    ArrayNode graphs = root.putArray("panels");
    for (int i = 0; i < panels.size(); i++) {
      graph(graphs.addObject(), panels.get(i), i);
    }
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void variable(ArrayNode variables, String name, String query) {
    ObjectNode variable = variables.addObject();
    variable.put("name", name).put("type", "query").put("query", query);
    variable.put("includeAll", true).put("allValue", ".*").put("multi", true).put("refresh", 2);
    variable.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
    variable.putObject("current").put("text", "All").put("value", "$__all");
  }

  private static void graph(ObjectNode graph, Panel panel, int number) {
    graph.put("id", number + 1).put("type", "timeseries").put("title", panel.title());
    graph.put("description", panel.description());
    graph.putObject("datasource").put("type", "prometheus").put("uid", "${datasource}");
    graph
        .putObject("gridPos")
        .put("x", number % 2 * WIDTH)
        .put("y", number / 2 * HEIGHT)
        .put("w", WIDTH)
        .put("h", HEIGHT);
    ObjectNode defaults = graph.putObject("fieldConfig").putObject("defaults");
    defaults.put("unit", panel.unit()).put("min", 0);
    graph.putObject("options").putObject("tooltip").put("mode", "multi");
    ArrayNode targets = graph.putArray("targets");
    for (int i = 0; i < panel.queries().size(); i++) {
      Query query = panel.queries().get(i);
      ObjectNode target = targets.addObject();
      target.put("refId", String.valueOf((char) ('A' + i)));
      target.put("expr", query.expression()).put("legendFormat", query.legend());
    }
  }
}
