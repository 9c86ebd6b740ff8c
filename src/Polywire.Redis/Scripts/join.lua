-- Notes one member of a node that holds its lease, in a room that exists.
-- KEYS: node:ID, rooms, members, noderooms, generation
-- ARGV: epoch of the incarnation, room, id, entry
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return {'no-lease', '0'}
end
local generation = redis.call('GET', KEYS[5]) or '0'
if redis.call('SISMEMBER', KEYS[2], ARGV[2]) == 0 then
  return {'no-room', generation}
end
redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
redis.call('SADD', KEYS[4], ARGV[2])
return {'done', generation}
