/**
 * Tags, comments and entities of XML and HTML in a text.
 *
 * I1  The names of tags are looked at as soon as they are read: <script and <style hide what follows even if the tag has no end.
 */
import { CharClass, classAt, isAlnum, unitsAt } from './character-classes.ts';

const ENTITY = /&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z_:](?:[A-Za-z0-9_.:-]|[^\0-\x7f])*);/uy;
/** Beside letters, digits and quoted values. */
const IN_TAG = '=-_#/:.&?%~';

/** The end of the entity at `at`, or -1. */
export function entityEnd(text: string, at: number): number {
  ENTITY.lastIndex = at;
  const found = ENTITY.exec(text)?.[0];
  if (found === undefined) return -1;
  for (let i = 0; i < found.length; i += unitsAt(found, i))
    if (found.charCodeAt(i) >= 0x80 && !isAlnum(classAt(found, i))) return -1;
  return at + found.length;
}

export class TagScanner {
  isIgnoring: boolean = false;
  private readonly text: string;
  /** Where the last comment ends; -2 before it was looked for. */
  private lastCommentEnd: number = -2;

  constructor(text: string) {
    this.text = text;
  }

  /** The end of the tag or comment at `at`, or -1. */
  tagEnd(at: number): number {
    const { text } = this;
    const next = text[at + 1];
    if (next === '/') return classAt(text, at + 2) === CharClass.letter ? this.namedEnd(at, at + 3) : -1;
    if (next === '!') {
      if (text[at + 2] === '-') return text[at + 3] === '-' ? this.commentEnd(at + 4) : -1;
      return text[at + 2] === 'D' || text[at + 2] === 'd' ? this.attributesEnd(at + 3) : -1;
    }
    if (next === '?') return text[at + 2] === 'x' ? this.attributesEnd(at + 3) : -1;
    if (next === ':' || next === '_' || classAt(text, at + 1) === CharClass.letter)
      return this.namedEnd(at, at + 2);
    return -1;
  }

  private commentEnd(from: number): number {
    if (this.lastCommentEnd === -2) this.lastCommentEnd = this.text.lastIndexOf('-->');
    return from > this.lastCommentEnd ? -1 : this.text.indexOf('-->', from) + 3;
  }

  private namedEnd(start: number, from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at += unitsAt(text, at)) {
      const unit = text[at]!;
      if (unit === '/') return text[at + 1] === '>' ? at + 2 : -1;
      const kind = classAt(text, at);
      if (unit === '>' || kind === CharClass.blank) {
        this.noteName(text.slice(start, at).toLowerCase());
        return unit === '>' ? at + 1 : this.attributesEnd(at + 1);
      }
      if (!isAlnum(kind) && unit !== ':' && unit !== '_' && unit !== '.' && unit !== '-') return -1;
    }
    return -1;
  }

  private noteName(name: string): void {
    if (name === '<script' || name === '<style') this.isIgnoring = true;
    else if (name === '</script' || name === '</style') this.isIgnoring = false;
  }

  private attributesEnd(from: number): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      const unit = text[at]!;
      if (unit === '>') return at + 1;
      if (unit === '"' || unit === "'") {
        at = this.quoteEnd(at + 1, unit);
        if (at < 0) return -1;
        continue;
      }
      const kind = classAt(text, at);
      const isAllowed =
        kind === CharClass.letter ||
        kind === CharClass.digit ||
        kind === CharClass.blank ||
        IN_TAG.includes(unit);
      if (!isAllowed) return -1;
    }
    return -1;
  }

  private quoteEnd(from: number, quote: string): number {
    const { text } = this;
    for (let at = from; at < text.length; at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === quote) return at;
    }
    return -1;
  }
}
