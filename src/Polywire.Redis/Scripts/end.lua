-- Removes what an incarnation that stops holds of itself; another's lease stays.
-- KEYS: node:ID, nodes, noderooms:ID/EPOCH
-- ARGV: epoch of the incarnation, incarnation
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
  redis.call('UNLINK', KEYS[1])
end
redis.call('SREM', KEYS[2], ARGV[2])
redis.call('UNLINK', KEYS[3])
return 1
