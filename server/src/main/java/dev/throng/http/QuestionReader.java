package dev.throng.http;

import dev.throng.answer.Question;
import dev.throng.config.ThrongConfig;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;
import java.util.function.IntSupplier;

/** Creates questions from bodies in the format of /query. */
public final class QuestionReader {
  private final IntSupplier maxTokens;
  private final TenantResolver tenants;
  private final QueryRequest.Rules rules;

  /**
   * Creates the reader.
   *
   * @param maxTokens maximum length of an answer, in tokens
   */
  public QuestionReader(ThrongConfig config, IntSupplier maxTokens, TenantResolver tenants) {
    this.maxTokens = maxTokens;
    this.tenants = tenants;
    this.rules = new QueryRequest.Rules(config.server(), config.retrieval(), config.answer());
  }

  /**
   * Returns the question of a request to an operator path.
   *
   * @throws dev.throng.core.ThrongException as /query
   */
  public Question read(Exchange exchange, byte[] body) {
    return question(exchange.id(), parse(body, tenants.resolve(exchange)));
  }

  QueryRequest parse(byte[] body, String tenant) {
    return QueryRequest.forQuery(body, tenant, rules, maxTokens.getAsInt());
  }

  Question question(String id, QueryRequest request) {
    Integer wanted = request.maxTokens();
    return new Question(
        id,
        request.collection(),
        request.queries().getFirst(),
        request.topK(),
        request.filter(),
        new AnswerLimits(wanted == null ? maxTokens.getAsInt() : wanted, request.stop()),
        request.priority(),
        Deadline.after(Ticker.system(), rules.answer().timeout()));
  }

  QueryRequest.Rules rules() {
    return rules;
  }
}
