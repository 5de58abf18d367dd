/**
 * One socket a tab that cannot lose an event.
 *
 * A push is a hint (which case, which version); what a case is now comes from REST. The cursor is the server's own
 * low-water mark: only `ready` and `live` move it, never a single push, because pushes may be lost or overtake each
 * other. After a reconnect, once a minute and whenever the tab is looked at again, the client asks for everything
 * since its cursor; what it already had is dropped by event id. That question is the heartbeat too: no answer in
 * time means that the line is dead, whatever the socket says.
 */

export type LiveState = "offline" | "catching-up" | "live";

/** A hint that a case changed. `version` is the case's version after the change. */
export interface CaseEvent {
  id: number;
  number: string;
  kind: string;
  state: string;
  version: number;
}

/** A call on this call-taker's line changed; who calls is asked for by HTTP. */
export interface CallHint {
  id: number;
  state: string;
}

/** Somebody else at a case. `verb`: the form that they have open, "" while they only look. */
export interface Colleague {
  name: string;
  role: string;
  verb: string;
}

/** The part of WebSocket that is used, so that tests can hand in their own. */
export interface Socket {
  onmessage: ((event: { data: string }) => void) | null;
  onclose: (() => void) | null;
  send(data: string): void;
  close(): void;
}

export interface Listener {
  /** One change, each exactly once. */
  event?: (event: CaseEvent) => void;
  /** Fetch again what is on screen: the server may know more than the pushes said. */
  refresh?: () => void;
  state?: (state: LiveState) => void;
  call?: (call: CallHint) => void;
  /** Who else is at a case that this tab said it looks at. */
  presence?: (number: string, people: Colleague[]) => void;
  /** The answer to the `draft` of that id. */
  hint?: (id: number, hint: unknown) => void;
}

const ANSWER_MS = 10_000;
const CHECK_MS = 60_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const REMEMBERED_IDS = 5_000;

type Message =
  | { type: "ready" | "live" | "reload"; cursor?: string }
  | { type: "watching" | "refused"; number: string }
  | ({ type: "event" } & CaseEvent)
  | ({ type: "call" } & CallHint)
  | { type: "presence"; number: string; people: Colleague[] }
  | { type: "hint"; id: number; hint: unknown };

export class LiveConnection {
  state: LiveState = "offline";
  private socket: Socket | null = null;
  private ready = false;
  private cursor: string | null = null;
  private failures = 0;
  private started = false;
  private answer: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private check: ReturnType<typeof setInterval> | undefined;
  private readonly seen = new Set<number>();
  private readonly watched = new Map<string, string>();
  private readonly listeners = new Set<Listener>();

  constructor(
    private readonly open: () => Socket,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    if (this.started) return;
    this.started = true;
    window.addEventListener("online", this.lookAgain);
    window.addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.lookAgain);
    this.check = setInterval(this.verify, CHECK_MS);
    this.connect();
  }

  /** Ends the connection and forgets what was followed: the next start() belongs to somebody else. */
  stop(): void {
    if (!this.started) return;
    this.started = false;
    window.removeEventListener("online", this.lookAgain);
    window.removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.lookAgain);
    clearInterval(this.check);
    clearTimeout(this.retry);
    this.hangUp();
    this.cursor = null;
    this.failures = 0;
    this.seen.clear();
    this.watched.clear();
    this.become("offline");
  }

  /** Returns the function that ends the listening. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Follows one case by its query code, as a citizen does; kept over reconnects. */
  watch(number: string, code: string): void {
    this.watched.set(number, code);
    if (this.ready) this.send({ type: "watch", number, code });
  }

  unwatch(number: string): void {
    this.watched.delete(number);
  }

  /** Sends a message now; false when there is no line, and then nothing was sent. */
  say(message: object): boolean {
    if (this.ready) this.send(message);
    return this.ready;
  }

  private connect(): void {
    clearTimeout(this.retry);
    const socket = this.open();
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (socket === this.socket) this.receive(JSON.parse(data) as Message);
    };
    socket.onclose = () => {
      if (socket === this.socket) this.lost();
    };
    this.expectAnswer();
  }

  private receive(message: Message): void {
    switch (message.type) {
      case "ready":
        return this.stand(message.cursor);
      case "live":
        return this.caughtUp(message.cursor);
      case "reload":
        return this.caughtUp(message.cursor, true);
      case "event":
        return this.take(message);
      case "call":
        return this.tell((listener) => listener.call?.(message));
      case "presence":
        return this.tell((listener) => listener.presence?.(message.number, message.people));
      case "hint":
        return this.tell((listener) => listener.hint?.(message.id, message.hint));
      case "watching":
        return this.tell((listener) => listener.refresh?.());
      case "refused":
        this.watched.delete(message.number);
    }
  }

  private stand(cursor: string | undefined): void {
    clearTimeout(this.answer);
    this.ready = true;
    for (const [number, code] of this.watched) this.send({ type: "watch", number, code });
    if (this.cursor !== null) {
      this.become("catching-up");
      this.askForMissed();
    } else {
      this.caughtUp(cursor);
    }
  }

  /** `missedTooMuch`: the server gave no list of what was missed, only where to go on from. */
  private caughtUp(cursor: string | undefined, missedTooMuch = false): void {
    clearTimeout(this.answer);
    this.failures = 0;
    if (cursor !== undefined) this.cursor = cursor;
    if (this.state === "live" && !missedTooMuch) return;
    this.become("live");
    this.tell((listener) => listener.refresh?.());
  }

  private take(event: CaseEvent): void {
    if (this.seen.has(event.id)) return;
    this.seen.add(event.id);
    if (this.seen.size > REMEMBERED_IDS) {
      const oldest = this.seen.values().next().value;
      if (oldest !== undefined) this.seen.delete(oldest);
    }
    this.tell((listener) => listener.event?.(event));
  }

  private askForMissed(): void {
    if (this.cursor === null) return;
    this.send({ type: "replay", since: this.cursor });
    this.expectAnswer();
  }

  private expectAnswer(): void {
    clearTimeout(this.answer);
    this.answer = setTimeout(this.lost, ANSWER_MS);
  }

  private readonly verify = (): void => {
    if (!this.ready || document.visibilityState === "hidden") return;
    if (this.state === "live") this.askForMissed();
    this.tell((listener) => listener.refresh?.());
  };

  /** Somebody looks, or the network is back: no reason to wait any longer. */
  private readonly lookAgain = (): void => {
    if (this.socket === null && document.visibilityState !== "hidden") this.connect();
    else this.verify();
  };

  private readonly lost = (): void => {
    this.hangUp();
    this.become("offline");
    clearTimeout(this.retry);
    // Half fixed, half random: after a restart of the server not everybody returns in the same moment.
    const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures);
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), ceiling * (0.5 + this.random() / 2));
  };

  private hangUp(): void {
    clearTimeout(this.answer);
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    socket?.close();
  }

  private send(message: object): void {
    this.socket?.send(JSON.stringify(message));
  }

  private become(state: LiveState): void {
    if (state === this.state) return;
    this.state = state;
    this.tell((listener) => listener.state?.(state));
  }

  private tell(what: (listener: Listener) => void): void {
    for (const listener of [...this.listeners]) what(listener);
  }
}
