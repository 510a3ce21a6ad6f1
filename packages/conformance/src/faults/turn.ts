const toCheckPhase = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Lets the event loop poll its sockets once, so that a piece is read on its own before the next one is written.
 * The first immediate may still run in the turn that wrote the piece; the second cannot come before the next poll.
 */
export async function socketTurn(): Promise<void> {
  await toCheckPhase();
  await toCheckPhase();
}
