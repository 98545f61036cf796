/**
 * Ways to make a log lie with all its checksums right: frames of other pages, kinds and commits, metas out of range, hostile payloads.
 */
import type { Prng } from '../../base/prng.ts';
import { viewOf } from '../../pager/page-layout.ts';
import { COMMIT_AT, FRAME_AT } from '../../wal/log-layout.ts';
import type { LogSurgeon } from './log-surgeon.ts';

const EDGES_32 = [0, 1, 2, 3, 255, 65535, 2 ** 24, 2 ** 30, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
/** Fields of the meta in a commit frame, behind it the durable LSN and the number of frames. */
const META_FIELDS = [0, 8, 12, 16, 20, 24, 32, 40];

/** Changes one frame; returns what was done, or null for a log without frames. */
export function mutateLog(surgeon: LogSurgeon, random: Prng): string | null {
  const frames = surgeon.frames();
  const wantsCommit = random.below(2) === 0;
  const chosen = frames.filter(({ isCommit }) => isCommit === wantsCommit);
  const frame = chosen[random.below(chosen.length)];
  if (frame === undefined) return null;
  const view = viewOf(surgeon.bytes);
  const payload = surgeon.payload(frame);
  const value = random.below(2) === 0 ? random.pick(EDGES_32) : random.below(200);
  let what: string;
  if (random.below(4) === 0) {
    const field = random.pick(['page', 'lsn', 'type', 'kind', 'attempt', 'reserved'] as const);
    if (field === 'type' || field === 'kind') view.setUint8(frame.at + FRAME_AT[field], value & 7);
    else if (field === 'reserved') view.setUint16(frame.at + FRAME_AT[field], value & 0xffff, true);
    else view.setUint32(frame.at + FRAME_AT[field], value, true);
    what = `${field} = ${value}`;
  } else if (frame.isCommit) {
    const at = random.pick([...META_FIELDS, COMMIT_AT.durableLsn, COMMIT_AT.pageFrames]);
    viewOf(payload).setUint32(at, value, true);
    what = `u32 at ${at} of the commit = ${value}`;
  } else {
    const at =
      random.below(2) === 0 ? random.below(Math.min(20, payload.length)) : random.below(payload.length);
    payload[at] = random.below(2) === 0 ? 255 : value & 255;
    what = `payload byte ${at} = ${payload[at]}`;
  }
  surgeon.seal(frames);
  return `log frame at ${frame.at}: ${what}`;
}
