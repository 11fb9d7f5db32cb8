package dev.throng.index;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SupersededNoticeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Leave 2019\n\n> **Archived.** In force until 2021.",
        "LIBRARY RULES\n\nSUPERSEDED - see the rules of 2024",
        "Fees\n\nSuperseded by edition 7.",
        "Fees\n\nEdition 6. It has been superseded by edition 7 since 1 May.",
        "Fees\n\nThese rules were withdrawn on 3 June.",
        "Fees\n\nThis price list is no longer valid.",
        "Fees\n\nDo not use the values below.",
        "Gebühren\n\nDiese Ordnung ist nicht mehr gültig.",
        "Gebühren\n\nErsetzt durch Fassung 8."
      })
  void noticeAboutTheDocumentItselfIsFound(String head) {
    assertTrue(SupersededNotice.isIn(head), head);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Fees\n\nEdition 7. This edition supersedes edition 6, which is no longer valid.",
        "Fees\n\nIt replaces the rules of 2020, which have not been valid since that date.",
        "Fees\n\nIt supersedes the list of 2018. The phone number of 2018 is no longer valid.",
        "Fees\n\nEdition 6 was withdrawn. It has been superseded by this edition.",
        "How to file archived documents\n\nArchived documents are kept for ten years.",
        "Hausordnung\n\nSie ersetzt die Fassung 7 vom April."
      })
  void noticeAboutAnotherDocumentIsNot(String head) {
    assertFalse(SupersededNotice.isIn(head), head);
  }

  @Test
  void onlyTheHeadCounts() {
    assertFalse(SupersededNotice.isIn("Fees\n\n" + "They are paid. ".repeat(60) + "\nARCHIVED."));
  }
}
