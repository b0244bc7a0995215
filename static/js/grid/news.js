/** What others did, in words. Pure. */

const WORDS = {
  set: ({ by, label, name }) => `${by} changed ${label} of ${name}`,
  add: ({ by }) => `${by} added a case`,
  close: ({ by, name }) => `${by} closed ${name}`,
  reopen: ({ by }) => `${by} reopened a case`,
  remove: ({ by, name }) => `${by} removed ${name}`,
  restore: ({ by }) => `${by} restored a case`,
  column: ({ by }) => `${by} changed the columns`,
  answer: ({ by, name }) => `${by} answered the difficulty of ${name}`,
};

/**
 * @param {string} kind
 * @returns {boolean} whether this page knows what it means: one older than the server may not
 */
export function known(kind) {
  return kind in WORDS;
}

/**
 * @param {string} kind
 * @param {{by: string, label: string, name: string}} facts the initials, the column, what the case is called
 * @returns {string}
 */
export function told(kind, facts) {
  return WORDS[kind]({ ...facts, by: facts.by || "Somebody" });
}
