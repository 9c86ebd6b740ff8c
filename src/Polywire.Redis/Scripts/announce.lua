-- Notes again the members of a node in one room, all of them or none.
-- KEYS: node:ID, rooms, members, noderooms, generation, made
-- ARGV: epoch of the incarnation, room, lowest generation among them (empty: not to be looked at), 1 if the room is to be made again, then id and entry of each
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then
  return {'no-lease', '0'}
end
local generation = redis.call('GET', KEYS[5]) or '0'
if ARGV[4] == '1' then
  redis.call('SADD', KEYS[2], ARGV[2])
elseif redis.call('SISMEMBER', KEYS[2], ARGV[2]) == 0 then
  return {'no-room', generation}
end
if ARGV[3] ~= '' then
  local made = redis.call('HGET', KEYS[6], ARGV[2]) or '0'
  if tonumber(ARGV[3]) < tonumber(made) then
    return {'anew', made}
  end
end
redis.call('HSET', KEYS[3], unpack(ARGV, 5))
redis.call('SADD', KEYS[4], ARGV[2])
return {'done', generation}
