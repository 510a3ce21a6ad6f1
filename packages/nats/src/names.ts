/** What an engine's streams and subjects are called. */
export interface Names {
  readonly log: string;
  readonly epochs: string;
  readonly epochsSubject: string;
  /** One message in the log that no topic has: it is gone where the log was purged. */
  readonly witness: string;
  /** Where a topic's messages are published, and kept. */
  logOf(token: string): string;
  /** Where the server tells of them, with their place. */
  liveOf(token: string): string;
  pulseOf(node: string): string;
}

export function namesOf(name: string): Names {
  return {
    log: `${name}-log`,
    epochs: `${name}-epochs`,
    epochsSubject: `${name}.epochs`,
    witness: `${name}.log.$witness`,
    logOf: (token) => `${name}.log.${token}`,
    liveOf: (token) => `${name}.live.${token}`,
    pulseOf: (node) => `${name}.pulse.${node}`,
  };
}

/** Any text as one token of a subject, and as the value of a header: what is not a letter, a digit, `_` or `-` as `=` and four digits. */
export function tokenOf(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, (unit) => `=${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
