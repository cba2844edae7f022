/**
 * The scripts that keep a state in one Redis hash, each of them atomic. Fields: `state` (JSON), `revision`, `writer` (the
 * run that has written it), and the lease: `holder` (the run that may write), `holderInfo` (who that is, for others),
 * `heldUntil` (milliseconds of the server's own clock). One key alone, so that a cluster has all of it in one place.
 */

/** Which other run has the lease, or nothing; and how this run takes it or lengthens it. */
const LEASE = `
local function nowMs()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function heldByOther(key, token, deadToken)
  local lease = redis.call('HMGET', key, 'holder', 'heldUntil', 'holderInfo')
  local left = (tonumber(lease[2] or '0') or 0) - nowMs()
  if lease[1] and lease[1] ~= token and lease[1] ~= deadToken and left > 0 then
    return { 'held', lease[3] or '', left }
  end
end
local function hold(key, token, info, leaseMs)
  local untilMs = string.format('%.0f', nowMs() + leaseMs)
  redis.call('HSET', key, 'holder', token, 'holderInfo', info, 'heldUntil', untilMs)
end
`;

/**
 * Whether somebody else has stored a state since this run last looked. A place that has lost what it had, or came back
 * from an older backup, is not in conflict: it is written over.
 */
const FIND_CONFLICT = `
local function isConflict(stored, token, seenWriter, seenRevision)
  local revision = stored[1] and tonumber(stored[1])
  if not revision or stored[2] == token then return false end
  return revision > seenRevision or (revision == seenRevision and stored[2] ~= seenWriter)
end
`;

/**
 * Takes the lease. KEYS: hash. ARGV: token, who that is, length of the lease in ms, token of a run that has ended.
 * Returns `{'held', holderInfo, ms left}` or `{'taken'}`.
 */
export const LEASE_SCRIPT = `${LEASE}
local held = heldByOther(KEYS[1], ARGV[1], ARGV[4])
if held then return held end
hold(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return { 'taken' }
`;

/**
 * Lengthens the lease, which is a write: a server that takes none is found out. KEYS: hash. ARGV: token, who that is,
 * length of the lease in ms, writer and revision last seen. Returns `{'held', holderInfo, ms left}`, `{'conflict'}` or
 * `{'stored', revision}`.
 */
export const PROBE_SCRIPT = `${LEASE}${FIND_CONFLICT}
local held = heldByOther(KEYS[1], ARGV[1], '')
if held then return held end
local stored = redis.call('HMGET', KEYS[1], 'revision', 'writer')
if isConflict(stored, ARGV[1], ARGV[4], tonumber(ARGV[5])) then return { 'conflict' } end
hold(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
return { 'stored', stored[1] or '-1' }
`;

/**
 * Stores a state, unless somebody else has the lease or has stored one (conflict), or this run itself a later one
 * (stale: a write that was given up but arrived after all). KEYS: hash. ARGV: as of the probe, then revision and state.
 * Returns `{'held', holderInfo, ms left}`, `{'conflict'}`, `{'stale'}` or `{'stored'}`.
 */
export const SAVE_SCRIPT = `${LEASE}${FIND_CONFLICT}
local held = heldByOther(KEYS[1], ARGV[1], '')
if held then return held end
local stored = redis.call('HMGET', KEYS[1], 'revision', 'writer')
if isConflict(stored, ARGV[1], ARGV[4], tonumber(ARGV[5])) then return { 'conflict' } end
hold(KEYS[1], ARGV[1], ARGV[2], ARGV[3])
if stored[2] == ARGV[1] and stored[1] and tonumber(stored[1]) > tonumber(ARGV[6]) then return { 'stale' } end
redis.call('HSET', KEYS[1], 'writer', ARGV[1], 'revision', ARGV[6], 'state', ARGV[7])
return { 'stored' }
`;

/** Gives the lease back. KEYS: hash. ARGV: token. */
export const RELEASE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'holder', 'holderInfo', 'heldUntil')
end
`;
