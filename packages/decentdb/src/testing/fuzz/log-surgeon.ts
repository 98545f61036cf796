/**
 * Changes inside frames of a log that no checksum tells of: payload checksums and the chain are made right again, to the end.
 *
 * I1  Works on the bytes of a log file in memory; nothing of the engine is running meanwhile.
 */
import { crc32 } from '../../base/checksum.ts';
import { viewOf } from '../../pager/page-layout.ts';
import {
  decodeLogHeader,
  FRAME_AT,
  FRAME_HEADER_BYTES,
  FrameType,
  LOG_FIRST_FRAME,
  LOG_HEADER_BYTES,
  type LogHeader,
  roundUp,
} from '../../wal/log-layout.ts';

/** Where a frame is in the file. */
export interface FramePlace {
  readonly at: number;
  readonly payloadBytes: number;
  readonly isCommit: boolean;
}

export class LogSurgeon {
  readonly bytes: Uint8Array;
  readonly header: LogHeader | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.header = decodeLogHeader(bytes.subarray(0, LOG_HEADER_BYTES));
  }

  /** The frames of this generation, in order, as far as their salt goes. */
  frames(): FramePlace[] {
    const { bytes, header } = this;
    const frames: FramePlace[] = [];
    const view = viewOf(bytes);
    for (let at = LOG_FIRST_FRAME; at + FRAME_HEADER_BYTES <= bytes.length; ) {
      if (header === undefined || view.getUint32(at + FRAME_AT.salt, true) !== header.salt) break;
      const payloadBytes = view.getUint32(at + FRAME_AT.payloadBytes, true);
      frames.push({ at, payloadBytes, isCommit: view.getUint8(at + FRAME_AT.type) === FrameType.commit });
      at += FRAME_HEADER_BYTES + roundUp(payloadBytes, 8);
    }
    return frames;
  }

  payload(frame: FramePlace): Uint8Array {
    const from = frame.at + FRAME_HEADER_BYTES;
    return this.bytes.subarray(from, from + frame.payloadBytes);
  }

  /** Makes every checksum of the frames right for what they hold now. Frames stay where they are. */
  seal(frames: readonly FramePlace[]): void {
    const { bytes, header } = this;
    const view = viewOf(bytes);
    let chain = header?.chainSeed ?? 0;
    for (const { at, payloadBytes } of frames) {
      const from = at + FRAME_HEADER_BYTES;
      const payload = bytes.subarray(from, from + roundUp(payloadBytes, 8));
      view.setUint32(at + FRAME_AT.payloadChecksum, crc32(payload, 0), true);
      chain = crc32(bytes.subarray(at + FRAME_AT.page, from), chain);
      view.setUint32(at + FRAME_AT.chain, chain, true);
    }
  }
}
