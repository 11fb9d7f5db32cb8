package dev.throng.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.throng.core.Passage;
import dev.throng.core.TextRange;
import dev.throng.store.lucene.LuceneWords;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Citations point at the part of a passage that supports the statement before them. */
final class CitedRangesTest {
  private static final String HALL =
      "The hall is heated to 19 degrees. Mrs Orla keeps the key of the boiler room."
          + " The boiler is inspected every 14 months.";
  private static final String FEES =
      "Fees\n\n| Place | Winter | Summer |\n| Quay | 12 euros | 17 euros |\n| Lock | 9 euros | 11 euros |";

  private static Passage passage(String text, String headings) {
    return new Passage("d", 1, "u", "t", headings, 0, 100, 100 + text.length(), text, 1);
  }

  /** Returns the cited texts of each passage. */
  private static Map<Integer, List<String>> cited(String answer, Passage... passages) {
    Map<Integer, List<TextRange>> ranges =
        CitedRanges.of(answer, false, Arrays.asList(passages), new LuceneWords(), "en");
    return ranges.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    entry.getValue().stream()
                        .map(range ->
                            passages[entry.getKey() - 1]
                                .text()
                                .substring(range.start(), range.end()))
                        .toList()));
  }

  @Test
  void quotedSentenceIsCitedAlone() {
    assertEquals(
        Map.of(1, List.of("Mrs Orla keeps the key of the boiler room.")),
        cited("Mrs Orla keeps the key of the boiler room. [1]", passage(HALL, "")));
  }

  @Test
  void bracketsWithinQuotationsCiteNothing() {
    Passage own = passage("The rope holds 40 kN, see [2] for details.", "");
    Passage other = passage("It is checked each year.", "");
    assertEquals(
        Set.of(1),
        CitedRanges.of(
                "The rope holds 40 kN, see [2] for details. [1]",
                true,
                List.of(own, other),
                new LuceneWords(),
                "en")
            .keySet());
  }

  @Test
  void statementInOtherWordsIsAligned() {
    assertEquals(
        Map.of(1, List.of("The boiler is inspected every 14 months.")),
        cited("Inspections of the boiler happen every 14 months [1].", passage(HALL, "")));
  }

  @Test
  void statementFromTwoSentencesCitesBoth() {
    assertEquals(
        Map.of(
            1,
            List.of(
                "The hall is heated to 19 degrees.", "The boiler is inspected every 14 months.")),
        cited(
            "The hall is heated to 19 degrees, and the boiler inspected every 14 months [1].",
            passage(HALL, "")));
  }

  @Test
  void rowIsFoundByItsValuesAndColumns() {
    assertEquals(
        Map.of(1, List.of("| Lock | 9 euros | 11 euros |")),
        cited("Place: Lock; Winter: 9 euros; Summer: 11 euros [1]", passage(FEES, "")));
  }

  @Test
  void rowWhoseHeaderIsAmongTheHeadingsIsFound() {
    Passage rows =
        passage(
            "| Quay | 12 euros | 17 euros |\n| Lock | 9 euros | 11 euros |",
            "Fees > | Place | Winter | Summer |");
    assertEquals(
        Map.of(1, List.of("| Quay | 12 euros | 17 euros |")),
        cited("In summer the place at the quay costs 17 euros [1].", rows));
  }

  @Test
  void citationBeforeItsStatementTakesTheWholeSentence() {
    assertEquals(
        Map.of(1, List.of("The boiler is inspected every 14 months.")),
        cited("According to [1], the boiler is inspected every 14 months.", passage(HALL, "")));
  }

  @Test
  void twoCitationsOfOneStatementAreAlignedBoth() {
    Passage other = passage("Other rules. The boiler is inspected by Lumen.", "");
    assertEquals(
        Map.of(
            1,
            List.of("The boiler is inspected every 14 months."),
            2,
            List.of("The boiler is inspected by Lumen.")),
        cited(
            "The boiler is inspected every 14 months by Lumen [1, 2].", passage(HALL, ""), other));
  }

  @Test
  void eachCitationOfASentenceHasItsOwnClause() {
    Passage fees = passage("The quay costs 17 euros. The lock costs 11 euros.", "");
    assertEquals(
        Map.of(
            1,
            List.of("The hall is heated to 19 degrees."),
            2,
            List.of("The lock costs 11 euros.")),
        cited(
            "The hall is heated to 19 degrees [1], and the lock costs 11 euros [2].",
            passage(HALL, ""),
            fees));
  }

  @Test
  void numberOfNoPassageIsNoCitation() {
    // The filter makes "[12]" of "[1[99]2]".
    assertEquals(
        Map.of(1, List.of("The boiler is inspected every 14 months.")),
        cited("See [12] and [0]. The boiler is inspected every 14 months. [1]", passage(HALL, "")));
  }

  @Test
  void whatNothingSupportsCitesTheWholePassage() {
    assertEquals(
        Map.of(1, List.of(HALL)),
        cited("Bicycles are repaired on Tuesdays in Norr [1].", passage(HALL, "")));
  }

  @Test
  void paragraphWithoutCitationIsNotPartOfTheNextStatement() {
    assertEquals(
        Map.of(1, List.of("The boiler is inspected every 14 months.")),
        cited(
            "The hall is heated to 19 degrees.\n\nThe boiler is inspected every 14 months. [1]",
            passage(HALL, "")));
  }
}
