/**
 * How reader threads help each other with large scans (exec/parallel.ts).
 *
 *     leader   --- job (text, parameters, node, snapshot) -->   helper      each pair of threads has a channel for either role
 *              <-- rows of piece 3, of piece 5, ... ---------
 *     shared memory of a job:   word 0  the next piece nobody has taken
 *                                    1  0, or STOPPED: nobody takes more, or OVER: helpers stop where they are
 *                                    2  counts answers: the leader waits on it
 *                                    3  the last piece that a helper may take
 *     shared by all threads:    loads   queries each has to answer
 *
 * I1  A leader is inside a statement and reads its channels itself; a helper is between its own queries, takes a piece only while none
 *     of them waits, and waits for nobody. So no two threads wait for each other.
 * I2  A thread may be killed at any instant. What it had taken is run by the leader; what it led is over when its pieces are.
 * I3  Answers to a job that is over are thrown away: a job is known by its number.
 * I4  A helper works under the leader's settings, whatever it was last told itself; its own queries run under what it was told.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { GatherJob, Helpers, ParallelService, PieceRows } from '../exec/parallel.ts';
import type { HelpHost, HelpRequest } from '../session/run/help.ts';
import type { Settings } from '../session/settings/settings.ts';
import type { QueryMessage } from './messages.ts';

const Word = { next: 0, state: 1, answers: 2, last: 3 } as const;
const WORDS = 4;
const STOPPED = 1;
const OVER = 2;

/** A job as it is sent. */
export interface JobMessage extends HelpRequest {
  readonly id: number;
  readonly words: SharedArrayBuffer;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** What SET left for the leader's session. */
  readonly ofSession: ReadonlyMap<string, string>;
}

/** A session's settings: all of them in a text, and what SET left for it. */
type SessionSettings = Pick<Settings, 'digest' | 'ofSession'>;

interface Answer {
  readonly id: number;
  readonly piece: number;
  readonly rows: PieceRows | null;
}

/** What the pool tells a thread of another one: channels to lead it, and to be led by it. */
export interface PeerMessage {
  readonly peer: number;
  readonly lead: MessagePort;
  readonly help: MessagePort;
}

/** The leading half: asks threads that have nothing to do. */
export class PeerService implements ParallelService {
  readonly helpers: number;
  /** What this thread is answering; null: nothing it could be helped with. */
  query: QueryMessage | null = null;
  private readonly loads: Int32Array;
  private readonly settings: SessionSettings;
  private readonly ports: Map<number, MessagePort> = new Map();
  private ids = 0;

  constructor(helpers: number, loads: Int32Array, settings: SessionSettings) {
    this.helpers = helpers;
    this.loads = loads;
    this.settings = settings;
  }

  /** A thread, or the one that replaces it. */
  meet(peer: number, port: MessagePort): void {
    this.ports.get(peer)?.close();
    this.ports.set(peer, port);
  }

  begin(job: GatherJob): Helpers | null {
    const { query } = this;
    if (query === null) return null;
    const ports: MessagePort[] = [];
    for (const [peer, port] of this.ports)
      if (ports.length < job.workers && Atomics.load(this.loads, peer) === 0) ports.push(port);
    if (ports.length === 0) return null;
    const words = new SharedArrayBuffer(4 * WORDS);
    const { sql, params } = query;
    const { digest, ofSession } = this.settings;
    const message: JobMessage = { id: ++this.ids, words, job, settings: digest, ofSession, sql, params };
    const asked = new PeerHelpers(message.id, new Int32Array(words), ports);
    asked.allow(job.ahead);
    for (const port of ports) port.postMessage(message);
    return asked;
  }
}

class PeerHelpers implements Helpers {
  private readonly id: number;
  private readonly words: Int32Array;
  private readonly ports: readonly MessagePort[];
  private readonly results: Map<number, PieceRows | 'failed'> = new Map();
  private answersSeen = 0;
  heldBytes = 0;

  constructor(id: number, words: Int32Array, ports: readonly MessagePort[]) {
    this.id = id;
    this.words = words;
    this.ports = ports;
  }

  get count(): number {
    return this.ports.length;
  }

  take(): number {
    return Atomics.add(this.words, Word.next, 1);
  }

  isTaken(piece: number): boolean {
    return Atomics.load(this.words, Word.next) > piece;
  }

  result(piece: number): PieceRows | 'failed' | null {
    this.receive();
    const result = this.results.get(piece);
    if (result === undefined) return null;
    this.results.delete(piece);
    if (result !== 'failed') this.heldBytes -= bytesOf(result);
    return result;
  }

  allow(piece: number): void {
    Atomics.store(this.words, Word.last, piece);
  }

  stop(): void {
    Atomics.compareExchange(this.words, Word.state, 0, STOPPED);
  }

  wait(milliseconds: number): void {
    Atomics.wait(this.words, Word.answers, this.answersSeen, milliseconds);
  }

  close(): void {
    Atomics.store(this.words, Word.state, OVER);
    this.receive();
    this.results.clear();
    this.heldBytes = 0;
  }

  private receive(): void {
    // Counted first: an answer that comes meanwhile ends the next wait at once.
    this.answersSeen = Atomics.load(this.words, Word.answers);
    for (const port of this.ports) {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        const { id, piece, rows } = got.message as Answer;
        if (id !== this.id) continue;
        this.results.set(piece, rows ?? 'failed');
        if (rows !== null) this.heldBytes += bytesOf(rows);
      }
    }
  }
}

function bytesOf({ blocks }: PieceRows): number {
  return blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** The helping half: one job of another thread. `isBusy`: queries of its own wait. */
export function helpHost(
  message: JobMessage,
  port: MessagePort,
  isBusy: () => boolean,
  understand: HelpHost['understand'],
): HelpHost {
  const { id, job } = message;
  const words = new Int32Array(message.words);
  return {
    understand,
    isOver: () => Atomics.load(words, Word.state) === OVER,
    take: () => {
      if (Atomics.load(words, Word.state) !== 0 || isBusy()) return -1;
      for (;;) {
        const piece = Atomics.load(words, Word.next);
        if (piece >= job.pieces || piece > Atomics.load(words, Word.last)) return -1;
        if (Atomics.compareExchange(words, Word.next, piece, piece + 1) === piece) return piece;
      }
    },
    give: (piece, rows) => {
      const buffers = new Set((rows?.blocks ?? []).map(({ bytes }) => bytes.buffer as ArrayBuffer));
      port.postMessage({ id, piece, rows } satisfies Answer, [...buffers]);
      Atomics.add(words, Word.answers, 1);
      Atomics.notify(words, Word.answers);
    },
  };
}
