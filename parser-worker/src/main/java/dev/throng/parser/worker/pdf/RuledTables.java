package dev.throng.parser.worker.pdf;

import dev.throng.parser.worker.pdf.Piece.Grid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds tables whose rows and columns are separated by drawn lines. */
final class RuledTables {
  private static final int MAX_CELLS = 20_000;

  private final List<Rule> horizontals;
  private final List<Rule> verticals;
  private final int[] parents;

  private RuledTables(List<Rule> horizontals, List<Rule> verticals) {
    this.horizontals = horizontals;
    this.verticals = verticals;
    this.parents = new int[horizontals.size() + verticals.size()];
    for (int i = 0; i < parents.length; i++) {
      parents[i] = i;
    }
  }

  /**
   * Returns the pieces with each table's pieces replaced by a single one.
   *
   * @param horizontals lines, sorted
   * @param verticals lines, sorted
   */
  static List<Piece> gather(List<Piece> pieces, List<Rule> horizontals, List<Rule> verticals) {
    List<Piece> left = pieces;
    for (RuledGrid grid : new RuledTables(horizontals, verticals).grids()) {
      Set<Piece> inside = new HashSet<>();
      List<Piece> outside = new ArrayList<>();
      for (Piece piece : left) {
        boolean isInside = piece.grid() == null && grid.contains(piece);
        if (isInside) {
          inside.add(piece);
        } else {
          outside.add(piece);
        }
      }
      Grid table = inside.isEmpty() ? null : grid.table(inside);
      if (table != null && Tables.isTable(table)) {
        outside.add(Tables.asPiece(Tables.compact(table)));
        left = outside;
      }
    }
    return left;
  }

  /** Returns the grids that lines form which touch each other. */
  private List<RuledGrid> grids() {
    for (int i = 0; i < verticals.size(); i++) {
      Rule vertical = verticals.get(i);
      for (int j = firstFrom(vertical.from() - Rule.TOLERANCE); j < horizontals.size(); j++) {
        Rule horizontal = horizontals.get(j);
        if (horizontal.at() > vertical.to() + Rule.TOLERANCE) {
          break;
        }
        if (horizontal.covers(vertical.at())) {
          parents[root(horizontals.size() + i)] = root(j);
        }
      }
    }
    Map<Integer, List<Rule>> across = new HashMap<>();
    Map<Integer, List<Rule>> down = new HashMap<>();
    for (int i = 0; i < horizontals.size(); i++) {
      across.computeIfAbsent(root(i), root -> new ArrayList<>()).add(horizontals.get(i));
    }
    for (int i = 0; i < verticals.size(); i++) {
      down.computeIfAbsent(root(horizontals.size() + i), root -> new ArrayList<>())
          .add(verticals.get(i));
    }
    List<RuledGrid> grids = new ArrayList<>();
    for (Map.Entry<Integer, List<Rule>> part : across.entrySet()) {
      List<Rule> ofPart = down.getOrDefault(part.getKey(), List.of());
      if (!ofPart.isEmpty()) {
        RuledGrid grid = RuledGrid.of(part.getValue(), ofPart);
        if (grid.columns() >= 2 && grid.rows() >= 2 && grid.rows() * grid.columns() <= MAX_CELLS) {
          grids.add(grid);
        }
      }
    }
    grids.sort(Comparator.comparingDouble(RuledGrid::top));
    return grids;
  }

  private int firstFrom(float place) {
    int low = 0;
    int high = horizontals.size();
    while (low < high) {
      int center = (low + high) >>> 1;
      if (horizontals.get(center).at() < place) {
        low = center + 1;
      } else {
        high = center;
      }
    }
    return low;
  }

  private int root(int rule) {
    int at = rule;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }
}
