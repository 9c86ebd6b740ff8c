-- Creates a room, with a generation of its own.
-- KEYS: rooms, generation, made
-- ARGV: room
if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then
  return 0
end
redis.call('HSET', KEYS[3], ARGV[1], redis.call('INCR', KEYS[2]))
return 1
