/**
 * What the tidy test lets pass, each with its reason. Short on purpose: an entry here is a debt or a fact, never a habit.
 * Key: path from the root. Value: rule name to reason.
 */
export const EXCEPTIONS = {
  'packages/decentdb/src/types/sql-type.ts': {
    purity: 'the default of an injected clock, for uses without a session',
  },
  'packages/decentdb/src/session/eval-context.ts': {
    purity: "SQL's random() is meant to be unpredictable until setseed()",
  },
  'packages/decentdb/src/exec/context.ts': {
    purity: 'the default of an injected clock, for plans run without a session',
  },
};

/** Pure tables of data (generated or transcribed), free of the size limit because there is nothing in them to understand. */
export const DATA_TABLES = new Set(['packages/cli/src/music/words.ts']);
