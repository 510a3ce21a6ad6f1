import { type Realtime, realtime, type StatusWord, sse, text, websocket } from "@tidewire/core";

/** A message as both readers tell it. */
export interface Told {
  readonly data: string;
  readonly type: string;
  readonly id: string;
}

/** One stream that the test watches from outside. */
export interface Watched {
  readonly words: StatusWord[];
  readonly data: unknown[];
  /** Whether the page was put into the back-forward cache, as the browser says. */
  readonly persisted: boolean[];
}

/** What the test calls in the page. */
export interface PageCalls {
  /** What the browser's own EventSource makes of an event stream, until the server ends it. */
  native(url: string, types: readonly string[]): Promise<Told[]>;
  /** What this library makes of it. */
  tidewire(url: string): Promise<Told[]>;
  /** Reads a stream until the page is gone. */
  watch(url: string): void;
  readonly watched: Watched;
  /** So many readers come, see their first message, and go. */
  mountAndUnmount(http: string, ws: string, cycles: number): Promise<void>;
}

declare global {
  interface Window {
    page: PageCalls;
  }
}

const watched: Watched = { words: [], data: [], persisted: [] };
addEventListener("pageshow", ({ persisted }) => watched.persisted.push(persisted));

/** The standard's own reader. It would dial again by itself, so its first error is its last. */
function native(url: string, types: readonly string[]): Promise<Told[]> {
  return new Promise((resolve) => {
    const told: Told[] = [];
    const source = new EventSource(url);
    const tell = ({ data, type, lastEventId }: MessageEvent<string>): void => {
      told.push({ data, type, id: lastEventId });
    };
    for (const type of new Set(["message", ...types])) source.addEventListener(type, tell);
    source.onerror = () => {
      source.close();
      resolve(told);
    };
  });
}

function tidewire(url: string): Promise<Told[]> {
  return new Promise((resolve) => {
    const told: Told[] = [];
    const stream = realtime<string>(sse(url), { codec: text, lingerMs: 0 });
    const reader = stream.messages$.subscribe(({ data, type, id }) => told.push({ data, type, id }));
    const statuses = stream.status$.subscribe(({ status }) => {
      if (status !== "waiting") return;
      reader.unsubscribe();
      queueMicrotask(() => statuses.unsubscribe()); // it may still be on its way out of `subscribe`
      resolve(told);
    });
  });
}

function watch(url: string): void {
  const stream = realtime(url, { random: () => 0 });
  stream.status$.subscribe(({ status }) => watched.words.push(status));
  stream.subscribe((data) => watched.data.push(data));
}

function firstOf(stream: Realtime<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const statuses = stream.status$.subscribe();
    const reader = stream.subscribe(() => {
      queueMicrotask(() => reader.unsubscribe());
      statuses.unsubscribe();
      resolve();
    });
  });
}

async function mountAndUnmount(http: string, ws: string, cycles: number): Promise<void> {
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const options = { lingerMs: 0 };
    await Promise.all([
      firstOf(realtime(sse(`${http}?cycle=${cycle}`), options)),
      firstOf(realtime(websocket(`${ws}?cycle=${cycle}`), options)),
    ]);
    realtime(`${http}?unseen=${cycle}`, options).subscribe().unsubscribe();
  }
}

window.page = { native, tidewire, watch, watched, mountAndUnmount };
