import { createHash } from "node:crypto";

/** A script that the server knows by the sum of its text. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/**
 * What every script begins with: where the topic stands. KEYS: stream, meta. The meta hash has `e` epoch, `s` top offset,
 * `l` lineage, `c` bytes ever appended, `b` those that are gone for sure, `r` how long messages are kept.
 * Another lineage, or a meta hash that is gone, begins a greater epoch: what was promised under the old one may be missing.
 * Epochs are microseconds: hubs whose floor is ahead of a coarser clock would give a topic that was flushed its old epoch again.
 */
const OPEN = `
local stream, meta = KEYS[1], KEYS[2]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local lineage = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local m = redis.call('HMGET', meta, 'e', 's', 'l', 'c', 'b', 'r')
local e, s, c, b, r = tonumber(m[1]), tonumber(m[2] or 0), tonumber(m[4] or 0), tonumber(m[5] or 0), m[6] or ''
local function oldest() return redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1] end
local function offsetOf(entry) return tonumber(string.match(entry[1], '^%d+')) end
local function later(floor) return math.max(clock[1] * 1000000 + clock[2], (e or 0) + 1, floor + 1) end
local function reopen(floor, ttl)
  e = later(floor)
  if redis.call('EXISTS', stream) == 1 then
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then s = math.max(s, tonumber(string.match(info[i + 1], '^%d+'))) end
    end
    local last = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
    if last then c = math.max(c, tonumber(last[2][4])) end
  end
  redis.call('HSET', meta, 'e', text(e), 's', text(s), 'l', lineage, 'c', text(c))
  if r == '' then redis.call('PEXPIRE', meta, ttl) end
end
local function trim(maxBytes)
  local entry = oldest()
  while entry do
    b = entry[2][4] - #entry[2][6]
    if c - b <= maxBytes and (r == '' or entry[2][2] >= now - r) then break end
    redis.call('XTRIM', stream, 'MINID', text(offsetOf(entry) + 1) .. '-0')
    b = tonumber(entry[2][4])
    entry = oldest()
  end
end
`;

const script = (body: string): Script => {
  const text = OPEN + body;
  return { text, sha: createHash("sha1").update(text).digest("hex") };
};

/** KEYS: stream, meta, key of idempotency or none. ARGV: payload, messages, bytes, age or "", meta's ttl, key's ttl, channel, floor. */
export const APPEND: Script = script(`
if KEYS[3] then
  local known = redis.call('GET', KEYS[3])
  if known then return { tonumber(string.match(known, '^%d+')), tonumber(string.match(known, '%d+$')), 1 } end
end
if not e or m[3] ~= lineage then reopen(ARGV[8], ARGV[5]) end
s = s + 1
c = c + #ARGV[1]
redis.call('HSET', meta, 's', text(s), 'c', text(c))
redis.call('XADD', stream, 'MAXLEN', '=', ARGV[2], text(s) .. '-0', 'a', text(now), 'c', text(c), 'd', ARGV[1])
if r ~= ARGV[4] or not m[6] then
  r = ARGV[4]
  redis.call('HSET', meta, 'r', r)
  redis.call('PERSIST', stream)
  redis.call('PERSIST', meta)
end
if r ~= '' then
  redis.call('PEXPIRE', stream, math.max(1, r))
  redis.call('PEXPIRE', meta, ARGV[5])
end
if r ~= '' or c - b > tonumber(ARGV[3]) then
  trim(tonumber(ARGV[3]))
  redis.call('HSET', meta, 'b', text(b))
end
if KEYS[3] then redis.call('SET', KEYS[3], text(e) .. ':' .. text(s), 'PX', ARGV[6]) end
redis.call('PUBLISH', ARGV[7], text(e) .. ':' .. text(s) .. ':' .. text(now) .. ':' .. ARGV[1])
return { e, s, 0 }
`);

/** KEYS: stream, meta. ARGV: epoch and offset after which, how many, meta's ttl, floor. Gives epoch, min, top, and three values per entry. */
export const READ: Script = script(`
if not e or m[3] ~= lineage then reopen(ARGV[5], ARGV[4]) end
if r ~= '' then trim(math.huge) end
local entry = oldest()
local min = entry and offsetOf(entry) - 1 or s
local from = tonumber(ARGV[2])
if e ~= tonumber(ARGV[1]) or from < min or from > s then from = min end
local answer = { e, min, s }
if tonumber(ARGV[3]) > 0 then
  for _, found in ipairs(redis.call('XRANGE', stream, '(' .. text(from) .. '-0', '+', 'COUNT', ARGV[3])) do
    answer[#answer + 1] = offsetOf(found)
    answer[#answer + 1] = tonumber(found[2][2])
    answer[#answer + 1] = found[2][6]
  end
end
return answer
`);

/** KEYS: stream, meta. ARGV: meta's ttl, floor. */
export const FORGET: Script = script(`
if not e then return 0 end
redis.call('DEL', stream, meta)
redis.call('HSET', meta, 'e', text(later(ARGV[2])), 's', '0', 'l', lineage)
redis.call('PEXPIRE', meta, ARGV[1])
return 1
`);
