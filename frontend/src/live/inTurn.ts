const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Wraps a fetch so that any number of calls makes at most one run now and one after it, never two at once: a burst
 * of pushes becomes two requests, and the last one sees everything. Every call resolves when a run that began after
 * it has ended.
 *
 * @param gap rest between two runs, in milliseconds: what a steady stream of pushes may cost the server.
 */
export function inTurn(run: () => Promise<void>, gap = 0): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function begin(): Promise<void> {
    const answer = run();
    const rest = (gap > 0 ? answer.finally(() => wait(gap)) : answer.finally()).finally(() => {
      if (running === rest) running = null;
    });
    rest.catch(() => undefined); // told to the callers, below
    running = rest;
    return answer;
  }

  return () => {
    if (running === null) return begin();
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null;
        return begin();
      });
    return next;
  };
}
