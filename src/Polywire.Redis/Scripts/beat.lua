-- Prolongs the lease of a node, and counts what it has served since the last beat.
-- KEYS: node:ID, nodes, epoch, generation, stats
-- ARGV: epoch of the incarnation, lease in ms, info, incarnation, name of the data set if it has none, requests over web, socket and websocket
local holder = redis.call('HGET', KEYS[1], 'epoch')
if holder and holder ~= ARGV[1] then
  return {'taken', redis.call('HGET', KEYS[1], 'info') or ''}
end
local outcome = 'kept'
if not holder then
  outcome = 'lost'
  redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'beat', '1')
else
  redis.call('HINCRBY', KEYS[1], 'beat', 1)
end
redis.call('HSET', KEYS[1], 'info', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[4])
redis.call('SET', KEYS[3], ARGV[5], 'NX')
local names = {'web', 'socket', 'websocket'}
local counts = {}
for i = 1, 3 do
  if ARGV[5 + i] ~= '0' then
    counts[i] = redis.call('HINCRBY', KEYS[5], names[i], ARGV[5 + i])
  else
    counts[i] = redis.call('HGET', KEYS[5], names[i]) or '0'
  end
end
return {outcome, redis.call('GET', KEYS[3]), redis.call('GET', KEYS[4]) or '0', counts[1], counts[2], counts[3]}
