-- Removes a room with its members; answers the generation of the removal, 0 where there is no such room.
-- KEYS: rooms, members, made, generation
-- ARGV: room
if redis.call('SREM', KEYS[1], ARGV[1]) == 0 then
  return 0
end
redis.call('UNLINK', KEYS[2])
redis.call('HDEL', KEYS[3], ARGV[1])
return redis.call('INCR', KEYS[4])
