-- Forgets a dead incarnation of which nothing is left, unless its lease is back: 0 then.
-- KEYS: node:ID of the dead, nodes, noderooms of the dead, sweep of the dead
-- ARGV: epoch of the dead, incarnation of the dead
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
  return 0
end
redis.call('SREM', KEYS[2], ARGV[2])
redis.call('UNLINK', KEYS[3], KEYS[4])
return 1
