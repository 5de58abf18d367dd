import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseEvent, LiveState, Socket } from "./connection";
import { LiveConnection } from "./connection";

class FakeSocket implements Socket {
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  sent: Record<string, unknown>[] = [];
  closed = false;

  send(data: string): void {
    this.sent.push(JSON.parse(data) as Record<string, unknown>);
  }

  close(): void {
    this.closed = true;
  }

  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drops(): void {
    this.onclose?.();
  }
}

let sockets: FakeSocket[];
let connection: LiveConnection;
let events: number[];
let states: LiveState[];
let refreshes: number;

const event = (id: number, number = `C${id}`): CaseEvent & { type: string; cursor: string } => ({
  type: "event", id, number, kind: "signed", state: "signed", version: 2, cursor: `event-${id}`,
});
const latest = (): FakeSocket => {
  const socket = sockets.at(-1);
  if (!socket) throw new Error("no socket was opened");
  return socket;
};
const look = (state: "visible" | "hidden"): void => {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  events = [];
  states = [];
  refreshes = 0;
  connection = new LiveConnection(
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    () => 1,
  );
  connection.listen({
    event: ({ id }) => events.push(id),
    state: (state) => states.push(state),
    refresh: () => (refreshes += 1),
  });
  connection.start();
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

describe("first connection", () => {
  it("is live, and refetches, once the server's subscriptions stand", () => {
    expect(connection.state).toBe("offline");
    latest().says({ type: "ready", cursor: "a" });
    expect(states).toEqual(["live"]);
    expect(refreshes).toBe(1);
    expect(latest().sent).toEqual([]);
  });

  it("passes each event on once", () => {
    latest().says({ type: "ready", cursor: "a" });
    for (const id of [1, 2, 1, 2, 3]) latest().says(event(id));
    expect(events).toEqual([1, 2, 3]);
  });

  it("gives up a socket on which nobody answers", () => {
    vi.advanceTimersByTime(10_000);
    expect(latest().closed).toBe(true);
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(2);
  });
});

describe("after a drop", () => {
  beforeEach(() => {
    latest().says({ type: "ready", cursor: "a" });
    latest().says(event(1));
    latest().drops();
  });

  it("says so and connects again after a wait", () => {
    expect(connection.state).toBe("offline");
    vi.advanceTimersByTime(999);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(2);
  });

  it("replays from the server's mark, not from the last push, and drops what it had", () => {
    vi.advanceTimersByTime(1_000);
    latest().says({ type: "ready", cursor: "z" });
    expect(latest().sent).toEqual([{ type: "replay", since: "a" }]);
    expect(connection.state).toBe("catching-up");
    for (const id of [1, 2, 3]) latest().says(event(id));
    latest().says({ type: "live", cursor: "c" });
    expect(events).toEqual([1, 2, 3]);
    expect(states).toEqual(["live", "offline", "catching-up", "live"]);
    expect(refreshes).toBe(2);
  });

  it("keeps its cursor when the replay is cut off half way", () => {
    vi.advanceTimersByTime(1_000);
    latest().says({ type: "ready", cursor: "z" });
    latest().says(event(3));
    latest().drops();
    vi.advanceTimersByTime(1_000);
    latest().says({ type: "ready", cursor: "zz" });
    expect(latest().sent).toEqual([{ type: "replay", since: "a" }]);
  });

  it("hangs up when the replay is not answered", () => {
    vi.advanceTimersByTime(1_000);
    latest().says({ type: "ready", cursor: "z" });
    vi.advanceTimersByTime(10_000);
    expect(latest().closed).toBe(true);
    expect(connection.state).toBe("offline");
  });

  it("waits twice as long each time, at most half a minute, and starts small again after success", () => {
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = sockets.length;
      vi.advanceTimersByTime(wait - 1);
      expect(sockets).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(sockets).toHaveLength(before + 1);
      latest().drops();
    }
    vi.advanceTimersByTime(30_000);
    latest().says({ type: "ready" });
    latest().says({ type: "live", cursor: "c" });
    latest().drops();
    const before = sockets.length;
    vi.advanceTimersByTime(1_000);
    expect(sockets).toHaveLength(before + 1);
  });

  it("ignores what an abandoned socket still says", () => {
    const old = latest();
    vi.advanceTimersByTime(1_000);
    old.says(event(9));
    old.drops();
    expect(events).toEqual([1]);
    expect(sockets).toHaveLength(2);
  });
});

describe("while live", () => {
  beforeEach(() => latest().says({ type: "ready", cursor: "a" }));

  it("asks once a minute for what pushes may have lost, and moves its cursor", () => {
    vi.advanceTimersByTime(60_000);
    expect(latest().sent).toEqual([{ type: "replay", since: "a" }]);
    expect(refreshes).toBe(2);
    latest().says(event(5));
    latest().says({ type: "live", cursor: "b" });
    vi.advanceTimersByTime(60_000);
    expect(latest().sent.at(-1)).toEqual({ type: "replay", since: "b" });
    expect(events).toEqual([5]);
    expect(states).toEqual(["live"]);
  });

  it("refetches instead of replaying when it missed too much", () => {
    vi.advanceTimersByTime(60_000);
    latest().says({ type: "reload", cursor: "far" });
    expect(refreshes).toBe(3);
    vi.advanceTimersByTime(60_000);
    expect(latest().sent.at(-1)).toEqual({ type: "replay", since: "far" });
  });

  it("does not let the server's regular mark stand for pushes that never came", () => {
    latest().says({ type: "cursor", cursor: "b" });
    vi.advanceTimersByTime(60_000);
    expect(latest().sent).toEqual([{ type: "replay", since: "a" }]);
  });

  it("takes an unanswered check for a dead line", () => {
    vi.advanceTimersByTime(70_000);
    expect(latest().closed).toBe(true);
    expect(connection.state).toBe("offline");
  });

  it("refetches when the tab is looked at again, and rests while it is hidden", () => {
    look("hidden");
    vi.advanceTimersByTime(300_000);
    expect(latest().sent).toEqual([]);
    look("visible");
    expect(latest().sent).toEqual([{ type: "replay", since: "a" }]);
    expect(refreshes).toBe(2);
  });

  it("is offline the moment the browser says so, and returns with the network", () => {
    window.dispatchEvent(new Event("offline"));
    expect(connection.state).toBe("offline");
    window.dispatchEvent(new Event("online"));
    expect(sockets).toHaveLength(2);
  });
});

describe("watching one case", () => {
  it("is asked for when ready and again after a reconnect", () => {
    connection.watch("Z1", "code");
    expect(latest().sent).toEqual([]);
    latest().says({ type: "ready", cursor: "a" });
    expect(latest().sent).toEqual([{ type: "watch", number: "Z1", code: "code" }]);
    latest().drops();
    vi.advanceTimersByTime(1_000);
    latest().says({ type: "ready", cursor: "b" });
    expect(latest().sent).toEqual([
      { type: "watch", number: "Z1", code: "code" },
      { type: "replay", since: "a" },
    ]);
  });

  it("refetches once the server follows it: what happened in between has no push", () => {
    latest().says({ type: "ready", cursor: "a" });
    connection.watch("Z1", "code");
    latest().says({ type: "watching", number: "Z1" });
    expect(refreshes).toBe(2);
  });

  it("is not repeated after a refusal or once nobody looks", () => {
    connection.watch("Z1", "wrong");
    connection.watch("Z2", "code");
    latest().says({ type: "ready", cursor: "a" });
    latest().says({ type: "refused", number: "Z1" });
    connection.unwatch("Z2");
    latest().drops();
    vi.advanceTimersByTime(1_000);
    latest().says({ type: "ready", cursor: "a" });
    expect(latest().sent).toEqual([{ type: "replay", since: "a" }]);
  });
});

it("stop() closes for good and forgets whose events they were", () => {
  latest().says({ type: "ready", cursor: "a" });
  connection.watch("Z1", "code");
  const old = latest();
  connection.stop();
  expect(old.closed).toBe(true);
  expect(connection.state).toBe("offline");
  vi.advanceTimersByTime(300_000);
  expect(sockets).toHaveLength(1);
  connection.start();
  latest().says({ type: "ready", cursor: "n" });
  expect(latest().sent).toEqual([]);
});

it("loses no event when sockets drop at random during many changes", () => {
  // A model of the server: an ordered log; pushes, of which one in five is lost; replays, some cut off half way.
  let seed = 42;
  const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const log: number[] = [];
  const greeted = new Set<FakeSocket>();
  const serve = (cutOff: number): void => {
    const socket = latest();
    if (socket.closed) return;
    if (!greeted.has(socket)) {
      greeted.add(socket);
      socket.says({ type: "ready", cursor: String(log.length) });
    }
    for (const { since } of socket.sent.splice(0)) {
      for (const id of log.slice(Number(since))) {
        if (chance() < cutOff) return socket.drops();
        socket.says(event(id));
      }
      socket.says({ type: "live", cursor: String(log.length) });
    }
  };
  serve(0);
  for (let id = 1; id <= 10_000; id++) {
    log.push(id);
    if (connection.state === "live" && chance() < 0.8) latest().says(event(id));
    if (chance() < 0.02) latest().drops();
    vi.advanceTimersByTime(500);
    serve(0.01);
  }
  for (let second = 0; second < 120; second++) {
    vi.advanceTimersByTime(1_000);
    serve(0);
  }
  expect(greeted.size).toBeGreaterThan(100);
  expect([...events].sort((a, b) => a - b)).toEqual(log);
});
