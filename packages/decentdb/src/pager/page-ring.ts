/**
 * Memory for pages that a scan passes by: read into the same buffers over and over, instead of buffers that are made, zeroed and
 * collected for each.
 *
 * A ring has lanes, each with room for some pages that follow one another in the file and for what is decoded of them. Runs of pages are
 * read behind one another in a lane, then in the next, and after the last in the first again.
 *
 *     lane 0  | p p p p p p p p |     lane 1  | p p p . . . . . |  <- the run read last ends here
 *
 * I1  A node lies here as long as its lane is not begun again: `lane` counts the lanes begun, and a node read at count c is good while
 *     `lane` < c + `lanes`. The run read last always is.
 * I2  Nodes that lie here are in no cache, and nobody keeps them, their bytes or arrays decoded from them beyond I1. Values that
 *     are cut out of the bytes (byte strings and the like) are made from a copy (tree-node.ts).
 * I3  With checks on, a run is one page, and memory that is begun again or given back is filled with nonsense first.
 */
import { assert, verifyEnabled } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import { CHECKED_FROM } from './page-layout.ts';
import type { PageNode } from './page-node.ts';
import { PassingMemory } from './passing-memory.ts';

/** Bytes of a lane: pages read together. They stay in a cache of the processor until they are looked at. */
const LANE_BYTES: number = 64 * 1024;
/** Rings that nobody uses and that are kept, and how many bytes of each. */
const SPARE_MAX = 2;
const SPARE_BYTES_MAX: number = 4 << 20;

/** Room for one page, with the views that checking it takes. */
export interface PassingPage {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** What the checksum is of. */
  readonly checked: Uint8Array;
}

class Lane {
  readonly bytes: Uint8Array;
  readonly pages: readonly PassingPage[];
  readonly memory: PassingMemory;

  constructor(pageBytes: number, pageCount: number) {
    const bytes = new Uint8Array(pageBytes * pageCount);
    this.bytes = bytes;
    this.pages = Array.from({ length: pageCount }, (_, i) => {
      const page = bytes.subarray(i * pageBytes, (i + 1) * pageBytes);
      const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
      return { bytes: page, view, checked: page.subarray(CHECKED_FROM) };
    });
    this.memory = new PassingMemory(bytes.length);
  }

  get heldBytes(): number {
    return this.bytes.length + this.memory.buffer.byteLength;
  }

  poison(): void {
    this.bytes.fill(0xee);
    this.memory.poison();
  }
}

export class PageRing {
  readonly pageBytes: number;
  /** Most pages of a run. */
  readonly runMax: number;
  /** I1. */
  lane = 0;
  lanes = 1;
  private readonly isChecked: boolean;
  private readonly made: (Lane | undefined)[] = [];
  /** Pages of the lane at hand that are taken. */
  private taken: number;
  private nodes: PageNode[] = [];
  /** Runs asked for, for {@link isTurn}. */
  private turns = 0;

  constructor(pageBytes: number) {
    this.pageBytes = pageBytes;
    this.isChecked = verifyEnabled();
    this.runMax = this.isChecked ? 1 : Math.max(1, Math.floor(LANE_BYTES / pageBytes));
    this.taken = this.runMax;
  }

  /** True once in `every` calls. */
  isTurn(every: number): boolean {
    return ++this.turns % every === 0;
  }

  /** The node of a page, where it is one of the run read last. */
  find(page: number): PageNode | null {
    const { nodes } = this;
    const first = nodes[0];
    return first === undefined ? null : (nodes[page - first.pageNo] ?? null);
  }

  /** Room for a run: a buffer of so many pages, and what {@link page} gives for each of them. The run before is forgotten. */
  begin(count: number): Uint8Array {
    assert(count >= 1 && count <= this.runMax, 'a run of passing pages is as long as a lane at most');
    this.nodes.length = 0;
    if (this.taken + count > this.runMax) {
      this.lane++;
      const at = this.lane % this.lanes;
      const lane = this.made[at] ?? new Lane(this.pageBytes, this.runMax);
      this.made[at] = lane;
      if (this.isChecked) lane.poison();
      lane.memory.reset();
      this.taken = 0;
    }
    const from = this.taken;
    this.taken += count;
    return this.current.bytes.subarray(from * this.pageBytes, (from + count) * this.pageBytes);
  }

  /** Room for page `index` of the run begun last, `count` pages long. */
  page(index: number, count: number): PassingPage {
    return this.current.pages[this.taken - count + index]!;
  }

  /** The run's next node: pages follow one another. */
  add(node: PageNode): void {
    const { nodes } = this;
    assert(
      nodes.length === 0 || node.pageNo === nodes[0]!.pageNo + nodes.length,
      'passing pages follow one another',
    );
    node.passing = this.current.memory;
    nodes.push(node);
  }

  /** For checks: a node that is good by itself, as one that passes by. */
  copy(pageNo: PageNo, payload: Uint8Array, decode: (payload: Uint8Array) => PageNode): PageNode {
    const room = this.begin(1).subarray(0, payload.length);
    room.set(payload);
    const node = decode(room);
    assert(node.pageNo === pageNo, 'a copy of a page is of the same page');
    this.add(node);
    return node;
  }

  get heldBytes(): number {
    return this.made.reduce((bytes, lane) => bytes + (lane?.heldBytes ?? 0), 0);
  }

  /** Gives lanes back until it holds no more bytes than that. */
  shrink(bytesMax: number): void {
    while (this.heldBytes > bytesMax) this.made.pop();
  }

  private get current(): Lane {
    return this.made[this.lane % this.lanes]!;
  }

  /** All nodes handed out are void. */
  voidAll(): void {
    this.nodes.length = 0;
    this.taken = this.runMax;
    if (this.isChecked) for (const lane of this.made) lane?.poison();
  }
}

const spare: PageRing[] = [];

/** A ring of so many lanes, to be given back. */
export function takeRing(pageBytes: number, lanes: number): PageRing {
  const at = spare.findIndex((ring) => ring.pageBytes === pageBytes);
  const ring = at < 0 || verifyEnabled() ? new PageRing(pageBytes) : spare.splice(at, 1)[0]!;
  ring.lanes = lanes;
  return ring;
}

export function giveRing(ring: PageRing): void {
  ring.voidAll();
  if (spare.length === SPARE_MAX || verifyEnabled()) return;
  ring.shrink(SPARE_BYTES_MAX);
  spare.push(ring);
}
