package dev.throng.redis;

import dev.throng.backend.pool.SlotShares;
import java.util.List;
import java.util.Optional;

/**
 * The slots of each backend, divided in a hash {@code PREFIX:s:{BACKEND}}. For each replica it
 * holds what the replica may use, what it wants, and when its lease ends by the server's clock. A
 * replica gets more only from what the others have released, so together they never hold more than
 * there are.
 */
final class RedisSlots implements SlotShares {
  /**
   * Every replica should get what it wants, at least one slot. Where that is more than there are,
   * slots are assigned in turn, starting with another replica every two seconds. Unwanted slots are
   * divided in the same way.
   */
  private static final RedisScript CLAIM =
      new RedisScript(
          """
          local time = redis.call('TIME')
          local now = time[1] * 1000 + math.floor(time[2] / 1000)
          local me, mine, wanted, known = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
          local names, wants, others = {me}, {[me] = wanted}, 0
          local entries = redis.call('HGETALL', KEYS[1])
          for i = 1, #entries, 2 do
            local name = entries[i]
            local held, wish, ends = string.match(entries[i + 1], '^(%d+):(%d+):(%d+)$')
            if held and name ~= me then
              if tonumber(ends) < now then
                redis.call('HDEL', KEYS[1], name)
              else
                names[#names + 1] = name
                wants[name] = tonumber(wish)
                others = others + tonumber(held)
              end
            end
          end
          if known > 0 then
            redis.call('HSET', KEYS[1], 'slots', known)
          elseif #names == 1 then
            redis.call('HDEL', KEYS[1], 'slots')
          else
            known = tonumber(redis.call('HGET', KEYS[1], 'slots') or 0)
          end
          local slots = math.max(known, 1)
          table.sort(names)
          local first, left, targets = math.floor(now / 2000), slots, {}
          local function divide(limit)
            local moved
            repeat
              moved = false
              for i = 0, #names - 1 do
                local name = names[(first + i) % #names + 1]
                local target = targets[name] or 0
                if left > 0 and target < limit(name) then
                  targets[name] = target + 1
                  left = left - 1
                  moved = true
                end
              end
            until not moved or left == 0
          end
          divide(function(name) return math.max(wants[name], 1) end)
          divide(function(name) return slots end)
          local target = targets[me] or 0
          local granted = math.max(mine, math.min(target, slots - others))
          redis.call('HSET', KEYS[1], me, granted .. ':' .. wanted .. ':' .. (now + ARGV[5]))
          redis.call('PEXPIRE', KEYS[1], 86400000)
          return {granted, target, known}
          """);

  private final RedisLink link;
  private final String prefix;
  private final String replica;

  /**
   * Creates the shares.
   *
   * @param replica the id of this replica, which no other process has or had
   */
  RedisSlots(RedisLink link, String prefix, String replica) {
    this.link = link;
    this.prefix = prefix;
    this.replica = replica;
  }

  @Override
  public Optional<Share> claim(String backend, Claim claim) {
    try {
      List<Object> reply =
          CLAIM.ask(
              link,
              List.of(key(backend)),
              replica,
              claim.held(),
              claim.wanted(),
              claim.slots(),
              LEASE.toMillis());
      return Optional.of(
          new Share(number(reply.get(0)), number(reply.get(1)), number(reply.get(2))));
    } catch (RedisUnavailable e) {
      return Optional.empty();
    }
  }

  @Override
  public void leave(String backend) {
    var _ = link.send(commands -> commands.hdel(key(backend), replica));
  }

  private String key(String backend) {
    return "%s:s:{%s}".formatted(prefix, backend);
  }

  private static int number(Object reply) {
    return Math.toIntExact((Long) reply);
  }
}
