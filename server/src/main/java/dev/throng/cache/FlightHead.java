package dev.throng.cache;

import dev.throng.core.AnswerLimits;
import dev.throng.core.CollectionRef;
import dev.throng.core.Source;
import java.util.List;

/**
 * What a generation is made from, so that any replica can go on with it.
 *
 * @param answerId names the generation
 * @param epoch of the documents that the sources are from
 * @param system how to answer
 * @param user the passages, numbered, and the question
 * @param question the question alone
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
