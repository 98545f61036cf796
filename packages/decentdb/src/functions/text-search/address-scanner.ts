/**
 * Hosts, e-mail addresses, URLs and paths in a text.
 *
 * A host is read character by character. Where it could end, that place is kept; where it cannot go on, it ends at the place kept last:
 *
 *     example.com-_    after `com` the host could end; `-` must be followed by a letter or digit: the host is example.com
 *
 * I1  A name ends a host only if it has two letters or more, no digits, and a point before it.
 * I2  Where a host was looked for in vain up to some place, none that was passed begins before that place: it would fail at the
 *     same place, as what begins later has at most the name that ends a host in common with what began before. Thus a_b1_c_d1...
 *     is read once.
 */
import { CharClass, classAt, isLetterOrDigit } from './character-classes.ts';
import { TokenType } from './token-types.ts';

const HostState = { inName: 0, afterMark: 1, afterPoint: 2, afterFirst: 3, inDomain: 4 } as const;
/** RFC 3986 without what PostgreSQL leaves out. */
const PATH_CHARACTERS: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  unit > 0x20 && unit < 0x7f && !'"<>\\^`{|}'.includes(String.fromCharCode(unit)) ? 1 : 0,
);

/** first: behind a slash; home: behind ~; dot: behind the point a path begins with; next: behind a point within a name. */
type PathStart = 'first' | 'home' | 'dot' | 'next';

export class AddressScanner {
  /** What was found last. */
  type: number = 0;
  end: number = 0;
  /** Of a URL: where its path begins. */
  hostEnd: number = 0;

  private readonly text: string;
  private vainEnd: number = 0;
  /** The same for paths: none begins before it with a slash or ~ that was passed. */
  private vainPathEnd: number = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether what begins with letters or digits up to `at` is an address; what stands at `at` decides which. */
  findAfter(at: number): boolean {
    return this.text[at] === '@' ? this.findEmail(at + 1) : this.findHost(at, false);
  }

  private found(type: number, end: number): true {
    this.type = type;
    this.end = end;
    return true;
  }

  private findEmail(from: number): boolean {
    const { text } = this;
    const first = classAt(text, from);
    let at = from;
    if (first === CharClass.letter) {
      while (classAt(text, at) === CharClass.letter) at++;
      if (text[at] !== '.' && classAt(text, at) !== CharClass.digit && !isMark(text[at])) return false;
    } else if (first === CharClass.digit) {
      while (classAt(text, at) === CharClass.digit) at++;
      if (/^[eE][-+]?[0-9]/.test(text.slice(at, at + 3))) return false;
      if (text[at] !== '.' && classAt(text, at) !== CharClass.letter && !isMark(text[at])) return false;
    } else return false;
    return this.findHost(at, true) && this.found(TokenType.email, this.end);
  }

  /** The host whose first letters or digits end before `from`; `isWithin` an e-mail address it has neither @ nor a path. */
  private findHost(from: number, isWithin: boolean): boolean {
    const { text } = this;
    let state: number = HostState.inName;
    let at = from;
    if (at < this.vainEnd) return false;
    let kept = -1;
    for (;;) {
      const kind = classAt(text, at);
      const mark = text[at];
      if (kind === CharClass.letter) {
        if (state === HostState.afterMark) state = HostState.inName;
        else if (state === HostState.afterPoint) state = HostState.afterFirst;
        else if (state === HostState.afterFirst) state = HostState.inDomain;
      } else if (kind === CharClass.digit) state = HostState.inName;
      else {
        if (state === HostState.afterMark || state === HostState.afterPoint) break;
        const isDomain = state === HostState.inDomain;
        if (mark === '@' && !isWithin && this.findEmail(at + 1)) return true;
        if (mark !== '.' && !isMark(mark)) {
          if (!isDomain) break;
          return this.hostOrUrl(mark === ':' ? this.portEnd(at) : at, isWithin);
        }
        if (isDomain) kept = at;
        state = mark === '.' ? HostState.afterPoint : HostState.afterMark;
      }
      at++;
    }
    if (!isWithin) this.vainEnd = Math.max(this.vainEnd, at);
    return kept >= 0 && this.found(TokenType.host, kept);
  }

  /** The end of the port whose colon is at `at`; `at` if there is none. */
  private portEnd(at: number): number {
    let end = at + 1;
    while (classAt(this.text, end) === CharClass.digit) end++;
    return end === at + 1 ? at : end;
  }

  private hostOrUrl(end: number, isWithin: boolean): true {
    const { text } = this;
    if (isWithin || text[end] !== '/') return this.found(TokenType.host, end);
    let at = end + 1;
    while (PATH_CHARACTERS[text.charCodeAt(at)] === 1) at++;
    if (at === end + 1) return this.found(TokenType.host, end);
    this.hostEnd = end;
    return this.found(TokenType.url, at);
  }

  /** The end of the path that goes on at `from`, or -1. */
  pathEnd(from: number, start: PathStart): number {
    if (from < this.vainPathEnd && (start === 'first' || start === 'home')) return -1;
    const { text } = this;
    let at = from;
    let state: PathStart | 'point' | 'points' | 'name' = start;
    let kept = -1;
    for (;;) {
      const mark = text[at];
      const isName = mark === '_' || isLetterOrDigit(classAt(text, at));
      switch (state) {
        case 'name':
          if (isName || mark === '-') break;
          if (mark !== '.' && mark !== '/') return at;
          kept = at;
          state = mark === '.' ? 'next' : 'first';
          break;
        case 'points':
          if (mark !== '/') return mark === undefined || classAt(text, at) === CharClass.blank ? at : kept;
          kept = at;
          state = 'first';
          break;
        case 'dot':
          if (mark === '.') state = 'points';
          else if (mark === '/') state = 'first';
          else return this.pathBefore(at, kept);
          break;
        default:
          if (isName) state = 'name';
          else if (state === 'first' && mark === '.') state = 'point';
          else if (state === 'first' && mark === '~') state = 'home';
          else if (state === 'point' && mark === '.') state = 'points';
          else if ((state === 'point' || state === 'home') && mark === '/') state = 'first';
          else return this.pathBefore(at, kept);
      }
      at++;
    }
  }

  private pathBefore(at: number, kept: number): number {
    if (kept < 0) this.vainPathEnd = at;
    return kept;
  }
}

function isMark(mark: string | undefined): boolean {
  return mark === '-' || mark === '_';
}
