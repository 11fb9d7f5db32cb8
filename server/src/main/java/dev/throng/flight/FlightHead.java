package dev.throng.flight;

import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Source;
import java.util.List;

/**
 * What a generation is made from, so that any replica can continue it.
 *
 * @param answerId identifies the generation
 * @param epoch the epoch of the documents that the sources come from
 * @param system the instructions for the model
 * @param user the numbered passages and the question
 * @param question the question only
 * @param language of the passages' collection
 * @param sources in the order of their numbers
 */
public record FlightHead(
    String answerId,
    CollectionRef collection,
    long epoch,
    String system,
    String user,
    String question,
    String language,
    AnswerLimits limits,
    List<Source> sources) {}
