package dev.throng.http;

import dev.throng.answer.Question;
import dev.throng.backend.Generator;
import dev.throng.config.ThrongConfig;
import dev.throng.core.AnswerLimits;
import dev.throng.core.Deadline;
import dev.throng.core.Ticker;

/** Creates questions from bodies in the format of /query. */
public final class QuestionReader {
  private final Generator generator;
  private final TenantResolver tenants;
  private final QueryRequest.Rules rules;

  public QuestionReader(ThrongConfig config, Generator generator, TenantResolver tenants) {
    this.generator = generator;
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
    return QueryRequest.forQuery(body, tenant, rules, generator.maxTokens());
  }

  Question question(String id, QueryRequest request) {
    return new Question(
        id,
        request.collection(),
        request.queries().getFirst(),
        request.topK(),
        request.filter(),
        new AnswerLimits(request.maxTokens().orElse(generator.maxTokens()), request.stop()),
        request.priority(),
        Deadline.after(Ticker.system(), rules.answer().timeout()));
  }

  QueryRequest.Rules rules() {
    return rules;
  }
}
